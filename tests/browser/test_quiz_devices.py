"""Shared devices and sign-ins that end: drafts stay their learner's, and nothing of them outlives a sign-out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.quiz import answer, question
from tests.browser.taking import (
    AMINA,
    JOSE,
    SAVED,
    WAITING,
    Taking,
    begin,
    cut,
    left,
    line,
    mend,
    open_quiz,
    records,
    state,
)

pytestmark = pytest.mark.browser

NOTE = "Answers of yours are kept on this device and not sent yet."


@pytest.fixture
def taking(filled: Site) -> Taking:
    return begin(filled)


def come_back(page: Page) -> None:
    """To the window, from another one."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_a_session_that_ends_loses_nothing(taking: Taking, visit: Callable[..., Page]) -> None:
    """Signed out in the middle, signed in again in another window: the page goes on with its old form."""
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(SAVED)
    page.context.clear_cookies()
    answer(page, 2, [1])
    expect(state(page)).to_contain_text("You were signed out: sign in in another window")
    answer(page, 3, [3])
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in in another window").click()
    assert len(taking.log()) == 1
    sign_in(opened.value, AMINA)
    come_back(page)
    for position in (2, 3):
        expect(line(page, position)).to_have_text(SAVED)
    expect(state(page)).to_have_text("All answers are saved.")
    assert [position for position, _places, _counts in taking.log()] == [1, 2, 3]
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Some questions have no answer yet")).to_be_visible()


def test_the_next_person_sees_and_sends_nothing(taking: Taking, visit: Callable[..., Page]) -> None:
    """Amina's session ends without a sign-out, José signs in; her page is still open beside his."""
    his = begin(taking.site, JOSE)
    hers = visit(taking.site, AMINA)
    open_quiz(hers, taking)
    cut(hers)
    answer(hers, 1, [2])
    expect(line(hers, 1)).to_have_text(WAITING)
    hers.context.clear_cookies()
    page = hers.context.new_page()
    sign_in(page, JOSE)
    expect(page.get_by_role("link", name="Go on with the quiz").first).to_be_visible()
    expect(page.get_by_text(NOTE)).to_be_hidden()
    open_quiz(page, his)
    answer(page, 2, [1])
    expect(line(page, 2)).to_have_text(SAVED)
    expect(question(page, 1).locator("input:checked")).to_have_count(0)
    mend(hers)
    come_back(hers)
    expect(state(hers)).to_contain_text("Somebody else is signed in here now")
    assert page.goto(taking.address).status == 404  # type: ignore[union-attr]
    assert taking.log() == []
    assert his.log() == [(2, ("1",), True)]
    assert [record["attempt"] for record in records(page)] == [taking.ref]
    page.context.clear_cookies()
    sign_in(page, AMINA)
    come_back(hers)
    expect(line(hers, 1)).to_have_text(SAVED)
    assert taking.log() == [(1, ("2",), True)]


def test_signing_out_asks_first_and_leaves_nothing(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    page.evaluate(
        "async () => { localStorage.note = 'left'; sessionStorage.note = 'left'; await caches.open('left'); }"
    )
    cut(page)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(WAITING)
    said: list[str] = []

    def stay(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("button", name="Sign out").click()
    assert said == [
        "Answers of yours are not sent yet, and signing out removes them from this device. Sign out all the same?"
    ]
    expect(line(page, 1)).to_have_text(WAITING)
    assert len(records(page)) == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
    assert left(page) == {"databases": [], "local": 0, "session": 0, "caches": 0}
    sign_in(page, JOSE)
    assert left(page) == {"databases": [], "local": 0, "session": 0, "caches": 0}


def test_nobody_is_asked_where_nothing_waits(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(SAVED)
    page.get_by_role("button", name="Sign out").click()  # a dialog that nobody expects is dismissed, and one stays
    page.get_by_role("link", name="Sign in").first.wait_for()
    page.go_back()
    assert "Partnership basics" not in page.content()


def test_a_page_left_open_keeps_nothing_after_the_sign_out(taking: Taking, visit: Callable[..., Page]) -> None:
    """The quiz in one window, the sign-out in another: what is answered then lies in no store."""
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(SAVED)
    other = page.context.new_page()
    other.goto("/learn/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("link", name="Sign in").first.wait_for()
    answer(page, 2, [1])
    expect(line(page, 2)).to_contain_text("Keep this page open")
    assert left(other)["databases"] == []
