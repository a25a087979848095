"""Two pages of one attempt, handing in, and the file for where no link comes back."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import request, request_finished
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Site
from tests.browser.quiz import answer, question, right_places
from tests.browser.taking import (
    AMINA,
    SAVED,
    WAITING,
    Taking,
    begin,
    cut,
    line,
    mend,
    open_quiz,
    singles,
    state,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def taking(filled: Site) -> Taking:
    return begin(filled)


def in_conflict(taking: Taking, visit: Callable[..., Page]) -> tuple[Page, Page, int]:
    """Two devices; on the first the third option was chosen after the second device had chosen the second one."""
    here, there = visit(taking.site, AMINA), visit(taking.site, AMINA)
    open_quiz(here, taking)
    open_quiz(there, taking)
    position = singles(here)[0]
    answer(there, position, [2])
    expect(line(there, position)).to_have_text(SAVED)
    answer(here, position, [3])
    expect(line(here, position)).to_contain_text("Answered on another page in the meantime.")
    return here, there, position


def option(page: Page, position: int, place: int) -> str:
    """An option's phrase."""
    found = question(page, position).locator(f"label:has(input[value='{place}'])").inner_text()
    return " ".join(found.split())


def chosen(page: Page, position: int) -> list[str]:
    """The places that are chosen on the page."""
    return question(page, position).locator("input:checked").evaluate_all("all => all.map((one) => one.value)")  # type: ignore[no-any-return]


def test_what_another_page_answered_is_shown_and_can_be_replaced(taking: Taking, visit: Callable[..., Page]) -> None:
    here, there, position = in_conflict(taking, visit)
    expect(line(here, position)).to_contain_text(option(here, position, 2))
    expect(question(here, position).locator(".lms-aside")).to_contain_text(option(here, position, 3))
    expect(state(here)).to_contain_text(f"Answered on another page too: question {position}.")
    assert chosen(here, position) == ["2"]
    assert taking.standing() == {position: ("2",)}
    here.get_by_role("button", name="Hand in").click()
    expect(here.get_by_role("alert")).to_contain_text("Nothing is handed in yet")
    question(here, position).get_by_role("button", name="Use my answer instead").click()
    expect(line(here, position)).to_have_text(SAVED)
    expect(state(here)).to_have_text("All answers are saved.")
    expect(here.get_by_role("button", name="Use my answer instead")).to_have_count(0)
    assert chosen(here, position) == ["3"]
    assert taking.standing() == {position: ("3",)}
    answer(there, position, [1])
    expect(line(there, position)).to_contain_text("Answered on another page in the meantime.")
    assert [places for _position, places, _counts in taking.log()] == [("2",), ("3",), ("3",), ("1",)]


def test_the_other_answer_can_stay(taking: Taking, visit: Callable[..., Page]) -> None:
    here, _there, position = in_conflict(taking, visit)
    question(here, position).get_by_role("button", name="Keep the other answer").click()
    expect(line(here, position)).to_have_text(SAVED)
    expect(state(here)).to_have_text("All answers are saved.")
    assert here.evaluate("document.activeElement.value") == "2"
    assert taking.standing() == {position: ("2",)}
    answer(here, position, [4])
    expect(line(here, position)).to_have_text(SAVED)
    assert taking.standing() == {position: ("4",)}


def test_two_tabs_offline_at_once(taking: Taking, visit: Callable[..., Page]) -> None:
    """One store, two pages, one question: the answer that comes second is shown, not swallowed."""
    here = visit(taking.site, AMINA)
    there = here.context.new_page()
    for page in (here, there):
        open_quiz(page, taking)
        cut(page)
    position = singles(here)[0]
    answer(here, position, [1])
    expect(line(here, position)).to_have_text(WAITING)
    answer(there, position, [2])
    expect(line(there, position)).to_have_text(WAITING)
    mend(there)
    there.evaluate("dispatchEvent(new Event('online'))")
    expect(line(there, position)).to_have_text(SAVED)
    mend(here)
    here.evaluate("dispatchEvent(new Event('online'))")
    expect(line(here, position)).to_contain_text("Answered on another page in the meantime.")
    assert taking.log() == [(position, ("2",), True), (position, ("1",), False)]


def test_an_answer_in_sight_of_an_earlier_pages_draft_replaces_it(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    position = singles(page)[0]
    cut(page.context)
    answer(page, position, [1])
    expect(line(page, position)).to_have_text(WAITING)
    page.reload()
    expect(line(page, position)).to_have_text(WAITING)
    assert chosen(page, position) == ["1"]
    answer(page, position, [2])
    answer(page, position, [3])
    mend(page.context)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(line(page, position)).to_have_text(SAVED)
    assert taking.log() == [(position, (place,), True) for place in "123"]


def test_a_double_click_hands_in_once(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    for position, places in right_places(taking.site, taking.ref).items():
        answer(page, position, places)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if is_handing_in(one) else None)
    page.get_by_role("button", name="Hand in").dblclick()
    expect(page.get_by_role("heading", name="Passed", level=1)).to_be_visible()
    assert len(sent) == 1


def is_handing_in(one: Request) -> bool:
    return one.method == "POST" and one.url.endswith("/submit")


def test_nothing_is_handed_in_before_all_is_sent(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    cut(page)
    for position, places in right_places(taking.site, taking.ref).items():
        answer(page, position, places)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if is_handing_in(one) else None)
    page.get_by_role("button", name="Hand in").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing is handed in yet")
    expect(alert).to_contain_text("Press the button again when the connection is back, or save your answers as a file.")
    assert sent == []
    mend(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("100 % of the marks")).to_be_visible()
    assert len(sent) == 1
    assert len(taking.log()) == sum(len(places) for places in right_places(taking.site, taking.ref).values())


def test_leaving_hands_nothing_in_and_sends_what_waits(taking: Taking, visit: Callable[..., Page]) -> None:
    """The request that outlives the page carries the answer."""
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    page.evaluate("window.setTimeout = () => 0")  # no other try comes before the page goes
    cut(page)
    answer(page, 2, [1])
    expect(line(page, 2)).to_have_text(WAITING)
    mend(page)
    arrived = threading.Event()

    def note(_app: object, response: object) -> None:
        if request.path.endswith("/answers"):
            arrived.set()

    with request_finished.connected_to(note, taking.site.app):
        page.goto("/learn/")
        assert arrived.wait(20)
    assert taking.log() == [(2, ("1",), True)]
    page.goto(f"{taking.address}/result")
    assert page.url.endswith(taking.address)  # no result: it goes on
    expect(question(page, 2).locator("input:checked")).to_have_count(1)


def test_an_attempt_that_was_handed_in_elsewhere_says_so(taking: Taking, visit: Callable[..., Page]) -> None:
    page, other = visit(taking.site, AMINA), visit(taking.site, AMINA)
    open_quiz(page, taking)
    open_quiz(other, taking)
    other.get_by_role("button", name="Hand in").click()
    other.get_by_role("button", name="Hand in all the same").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Not passed yet")
    answer(page, 1, [1])
    expect(line(page, 1)).to_contain_text("it does not count: the attempt was handed in before")
    expect(state(page)).to_have_text("This attempt was handed in on another page.")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not passed yet")


def saved_file(page: Page, taking: Taking, folder: Path) -> tuple[Path, dict[int, list[int]]]:
    """All right answers, given where no link came back, as a file."""
    places = right_places(taking.site, taking.ref)
    page.context.set_offline(True)
    for position, right in places.items():
        answer(page, position, right)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save my answers as a file").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    expect(page.get_by_text("The file is saved. Bring it in on this page")).to_be_visible()
    return path, places


def bring(page: Page, taking: Taking, path: Path) -> None:
    page.goto(taking.address)
    page.get_by_text("I have saved answers in a file", exact=True).click()
    page.get_by_label("The file that this page saved").set_input_files(path)
    page.get_by_role("button", name="Bring the answers in").click()


def test_answers_come_as_a_file_from_another_device(taking: Taking, visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    path, places = saved_file(page, taking, tmp_path)
    assert path.suffix == ".answers"
    assert set(json.loads(path.read_text())) == {"format", "attempt", "answers"}
    assert taking.log() == []
    other = visit(taking.site, AMINA)
    bring(other, taking, path)
    count = sum(len(right) for right in places.values())
    expect(other.get_by_text(f"The answers of the file are kept: {count}.")).to_be_visible()
    other.get_by_role("button", name="Hand in").click()
    expect(other.get_by_text("100 % of the marks")).to_be_visible()
    page.context.set_offline(False)  # the first page comes back and sends the same: they are there once
    expect(state(page)).to_have_text("This attempt was handed in on another page.", timeout=30_000)
    assert len(taking.log()) == count


def test_a_file_that_was_changed_is_refused_with_words(
    taking: Taking, visit: Callable[..., Page], tmp_path: Path
) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    path, _places = saved_file(page, taking, tmp_path)
    body = json.loads(path.read_text())
    sealed = body["answers"][0]["sealed"]
    body["answers"][0]["sealed"] = ("B" if sealed[0] == "A" else "A") + sealed[1:]
    path.write_text(json.dumps(body))
    page.context.set_offline(False)
    other = visit(taking.site, AMINA)
    bring(other, taking, path)
    expect(other.get_by_text("This file was changed since it was saved, so it cannot be read.")).to_be_visible()
