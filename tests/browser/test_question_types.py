"""Every type of question in a browser: by keyboard, without script, on a phone, from right to left, and for axe."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lms.questions import TYPES
from tests.browser.conftest import Site
from tests.browser.every_type import (
    QUESTIONS,
    answer_all_by_keyboard,
    answer_by_keyboard,
    held,
    load_every_type,
    right_strings,
)
from tests.browser.quiz import question
from tests.browser.taking import AMINA, SAVED, Taking, begin, line, open_quiz
from tests.browser.test_screens import inspect

pytestmark = pytest.mark.browser
SCHEMES = ("light", "dark")


@pytest.fixture
def taking(filled: Site, tmp_path: Path) -> Taking:
    load_every_type(filled, tmp_path / "courses")
    return begin(filled)


def look(page: Page, name: str) -> list[str]:
    """What axe and the ruler find in each dress, in both directions of writing."""
    faults = []
    for direction in ("ltr", "rtl"):
        page.evaluate("direction => { document.documentElement.dir = direction; }", direction)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            faults += inspect(page, f"{name}, {direction}, {scheme}")
    page.evaluate("() => { document.documentElement.dir = 'ltr'; }")
    return faults


def test_every_type_has_a_question_here() -> None:
    assert set(QUESTIONS) == set(TYPES)


def test_every_type_by_keyboard(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA, width=360)
    open_quiz(page, taking)
    faults = look(page, "open")
    expect(page.locator(".lms-save", has_text=SAVED)).to_have_count(0)  # nothing is given, nothing is sent
    right = right_strings(taking.site, taking.ref)
    assert {name for name, _strings in right.values()} == set(TYPES)
    answer_all_by_keyboard(page, right)
    open_quiz(page, taking)
    assert {position: held(page, position) for position in right} == {n: strings for n, (_, strings) in right.items()}
    for position in right:
        expect(line(page, position)).to_have_text(SAVED)
    faults += look(page, "answered")
    page.get_by_role("button", name="Hand in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("100 % of the marks")).to_be_visible()
    faults += look(page, "result")
    assert not faults, "\n".join(faults)


def test_every_type_by_keyboard_without_script(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA, width=360, script=False)
    page.goto(taking.address)
    right = right_strings(taking.site, taking.ref)
    for position, (_name, strings) in right.items():
        answer_by_keyboard(page, position, strings)
    page.get_by_role("button", name="Save and go on later").last.click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    for position, (name, strings) in right.items():
        assert tuple(strings) == taking.standing()[position], name
        box = question(page, position)
        for text in strings:
            assert box.locator(f"[value='{text}']").count() or text in box.locator("textarea").all_inner_texts(), name
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("100 % of the marks")).to_be_visible()


def test_a_text_that_is_no_number_is_kept_and_told(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA, width=360)
    open_quiz(page, taking)
    position = next(n for n, (name, _) in right_strings(taking.site, taking.ref).items() if name == "numeric")
    field, told = (
        question(page, position).locator("input[type=text]"),
        question(page, position).locator("[data-unreadable]"),
    )
    expect(told).to_be_hidden()
    field.fill("1.250,5")
    field.blur()
    expect(told).to_have_text("We cannot read a number here. Write it like 1,250.5")
    expect(line(page, position)).to_have_text(SAVED)
    page.reload()
    expect(told).to_be_visible()
    expect(field).to_have_value("1.250,5")
    field.fill("1,250.5")
    expect(told).to_be_hidden()
    field.blur()
    expect(line(page, position)).to_have_text(SAVED)
    assert taking.standing()[position][0] == "1,250.5"
