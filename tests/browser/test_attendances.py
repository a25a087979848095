"""HR records who took part in a live session, on a phone and on a desk; whoever was there reads it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_certificates import faults_of

pytestmark = pytest.mark.browser

AMINA, INGRID = "amina@lantern.example", "ingrid@lantern.example"
PAGES = ("/learn/hr/attendance", "/learn/courses/both-sides", "/learn/courses/both-sides/sections/cards-on-money")


def record(page: Page, people: str) -> None:
    page.goto("/learn/hr/records")
    page.get_by_role("link", name="Record attendance").click()
    page.get_by_label("Course").select_option("Both sides of the table")
    page.get_by_label("Held on").fill("2026-11-20")
    page.get_by_label("Where it was held").fill("Town hall, Kesora")
    page.get_by_label("Who took part").fill(people)
    page.get_by_role("button", name="Record attendance").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_screens(filled: Site, visit: Callable[..., Page], width: int) -> None:
    page, faults = visit(filled, INGRID, width=width), []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in PAGES:
            page.goto(path)
            faults += faults_of(page, width)
    record(page, "0003\n9999")
    faults += faults_of(page, width)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_corrected_and_recorded(filled: Site, visit: Callable[..., Page], script: bool) -> None:
    hr, amina = visit(filled, INGRID, script=script), visit(filled, AMINA, width=360, script=script)
    amina.goto("/learn/courses/both-sides")
    expect(amina.get_by_text("You complete this course by taking part in the session.")).to_be_visible()
    record(hr, "amina@lantern.example\n9999")
    hr.get_by_role("alert").get_by_role("link", name="There is nobody in your scope with: 9999").click()
    expect(hr.get_by_label("Who took part")).to_have_value("amina@lantern.example\n9999")
    expect(hr.get_by_label("Where it was held")).to_have_value("Town hall, Kesora")
    hr.get_by_label("Who took part").fill("amina@lantern.example\n0004")
    hr.get_by_role("button", name="Record attendance").click()
    expect(hr.get_by_text("Recorded now: 2.")).to_be_visible()
    amina.reload()
    expect(amina.get_by_text("You have completed this course.")).to_be_visible()
    amina.get_by_role("link", name="Open your certificate").click()
    expect(amina.get_by_text("Both sides of the table").first).to_be_visible()
