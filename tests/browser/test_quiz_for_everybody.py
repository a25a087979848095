"""The quiz by keyboard, for those who listen, against time, and without script."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.quiz import answer, attempt_ref, question, right_places
from tests.browser.taking import (
    AMINA,
    SAVED,
    WAITING,
    Taking,
    begin,
    cut,
    line,
    load_changed,
    open_quiz,
    singles,
    state,
)
from tests.browser.test_screens import inspect

pytestmark = pytest.mark.browser


@pytest.fixture
def taking(filled: Site) -> Taking:
    return begin(filled)


@pytest.fixture
def limited(filled: Site, tmp_path: Path) -> Taking:
    """Half an hour for everything, from the server's now."""

    def limit(course: Path) -> None:
        with (course / "course.yaml").open("a", encoding="utf-8") as sheet:
            sheet.write("\ntime_limit_minutes: 30\n")

    load_changed(filled, tmp_path / "courses", limit)
    return begin(filled)


def tab_to(page: Page, test: str) -> None:
    """Press Tab until the focus is where `test`, on the element `at`, is true."""
    for _press in range(60):
        if page.evaluate(f"() => {{ const at = document.activeElement; return Boolean({test}); }}"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never comes to {test}")


def test_the_whole_quiz_by_keyboard(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    alone = singles(page)
    for position, places in right_places(taking.site, taking.ref).items():
        tab_to(page, f"at.name === 'q{position}'")
        if position in alone:
            page.keyboard.press("Space")
            for _step in range(places[0] - 1):
                page.keyboard.press("ArrowDown")
        else:
            for place in sorted(places):
                tab_to(page, f"at.name === 'q{position}' && at.value === '{place}'")
                page.keyboard.press("Space")
        expect(line(page, position)).to_have_text(SAVED)
        must_be_in_sight(page)
    tab_to(page, "at.tagName === 'BUTTON' && at.textContent === 'Hand in'")
    page.keyboard.press("Enter")
    expect(page.get_by_text("100 % of the marks")).to_be_visible()


def must_be_in_sight(page: Page) -> None:
    """What has the focus does not stay hidden behind the line at the foot; a browser may scroll softly."""
    page.wait_for_function(
        """() => {
      const box = document.activeElement.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= document.querySelector(".lms-standing").getBoundingClientRect().top;
    }""",
        timeout=5000,
    )


def test_a_conflict_by_keyboard(taking: Taking, visit: Callable[..., Page]) -> None:
    page, other = visit(taking.site, AMINA), visit(taking.site, AMINA)
    open_quiz(page, taking)
    open_quiz(other, taking)
    position = singles(page)[0]
    answer(other, position, [2])
    expect(line(other, position)).to_have_text(SAVED)
    answer(page, position, [1])
    page.get_by_role("button", name="Use my answer instead").wait_for()
    tab_to(page, "at.textContent === 'Use my answer instead'")
    page.keyboard.press("Enter")
    expect(line(page, position)).to_have_text(SAVED)
    assert page.evaluate("document.activeElement.name") == f"q{position}"
    assert taking.standing() == {position: ("1",)}


def test_axe_finds_nothing_in_any_state(limited: Taking, visit: Callable[..., Page]) -> None:
    page, other = visit(limited.site, AMINA, width=360), visit(limited.site, AMINA, width=360)
    open_quiz(page, limited)
    open_quiz(other, limited)
    position = singles(page)[0]
    faults: list[str] = []

    def look(name: str) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            faults.extend(inspect(page, f"{name}, {scheme}"))

    answer(other, position, [2])
    expect(line(other, position)).to_have_text(SAVED)
    look("fresh")
    answer(page, position, [1])
    page.get_by_role("button", name="Use my answer instead").wait_for()
    look("set aside")
    cut(page)
    answer(page, position, [3])
    expect(line(page, position)).to_have_text(WAITING)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("button", name="Save my answers as a file")).to_be_visible()
    look("waiting, and handing in was stopped")
    page.context.clear_cookies()
    page.unroute("**/answers")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(state(page)).to_contain_text("You were signed out")
    look("signed out")
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_when_the_time_is_over(limited: Taking, visit: Callable[..., Page]) -> None:
    page = visit(limited.site, AMINA, width=360)
    limited.site.app.extensions["lms"].clock = lambda: datetime.now(UTC) + timedelta(hours=1)
    open_quiz(page, limited)
    expect(page.locator("[data-lms-time]")).to_have_text(
        "The time is over. Hand in now; what you still answer is kept, and HR decides whether it counts."
    )
    answer(page, 1, [1])
    expect(line(page, 1)).to_have_text("Kept. The time was over, so HR decides whether it counts.")
    faults = inspect(page, "time over")
    page.goto(f"{limited.address}/questions/1")
    faults += inspect(page, "one question alone")
    assert not faults, "\n".join(faults)
    page.goto(limited.address)
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in all the same").click()
    expect(page.get_by_text("1 answer came after the time was over.")).to_be_visible()


def test_late_answers_are_counted_once_when_they_are_handed_in(limited: Taking, visit: Callable[..., Page]) -> None:
    page = visit(limited.site, AMINA)
    open_quiz(page, limited)
    for position in right_places(limited.site, limited.ref):
        answer(page, position, [1])
        expect(line(page, position)).to_have_text(SAVED)
    limited.site.app.extensions["lms"].clock = lambda: datetime.now(UTC) + timedelta(hours=1)
    answer(page, singles(page)[0], [2])
    expect(line(page, singles(page)[0])).to_contain_text("HR decides")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("1 answer came after the time was over.")).to_be_visible()


@pytest.mark.parametrize("device", [datetime(2016, 2, 29, tzinfo=UTC), datetime(2036, 7, 1, tzinfo=UTC)])
def test_the_time_left_is_the_servers(limited: Taking, visit: Callable[..., Page], device: datetime) -> None:
    """The device's clock is ten years off; warnings are said once, five and two minutes before the end."""
    page = visit(limited.site, AMINA)
    page.clock.install(time=device)
    open_quiz(page, limited)
    time, said = page.locator("[data-lms-time]"), page.locator("[data-lms-voice]")
    expect(time).to_have_text("Time left: 30 minutes.")
    expect(said).to_have_text("")
    page.clock.fast_forward("10:00")
    expect(time).to_have_text("Time left: 20 minutes.")
    expect(said).to_have_text("")
    page.clock.fast_forward("15:00")
    expect(said).to_have_text("Time left: 5 minutes.")
    page.clock.fast_forward("01:00")
    expect(time).to_have_text("Time left: 4 minutes.")
    expect(said).to_have_text("Time left: 5 minutes.")
    page.clock.fast_forward("02:00")
    expect(said).to_have_text("Time left: 2 minutes.")
    page.clock.fast_forward("01:30")
    expect(time).to_have_text("Less than a minute is left.")
    page.clock.fast_forward("01:00")
    expect(said).to_contain_text("The time is over.")
    answer(page, 1, [1])  # for the server it is not: its clock counts
    expect(line(page, 1)).to_have_text(SAVED)


def test_question_by_question_without_script(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA, width=360, script=False)
    page.goto(taking.address)
    expect(page.locator("[data-lms-standing]")).to_be_hidden()
    expect(page.get_by_text("Answers are saved when you press a button below.")).to_be_visible()
    page.get_by_role("link", name="One question at a time").click()
    places = right_places(taking.site, attempt_ref(page))
    for position, right in places.items():
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {position} of {len(places)}")
        answer(page, position, right)
        page.get_by_role("button", name="Save and ").click()
    expect(question(page, 1).locator("input:checked")).to_have_count(len(places[1]))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("100 % of the marks")).to_be_visible()
