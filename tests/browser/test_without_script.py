"""The learner's way without JavaScript, on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.quiz import answer, attempt_ref, question, read_everything, right_places

pytestmark = pytest.mark.browser

AMINA = "amina@lantern.example"


def test_way_without_script(filled: Site, visit: Callable[..., Page]) -> None:
    page = visit(filled, AMINA, width=360, script=False)
    _find_and_read(page)
    page.get_by_role("button", name="Start the quiz").click()
    ref = attempt_ref(page)
    places = right_places(filled, ref)
    answer(page, 1, places[1])
    page.get_by_role("button", name="Save and go on later").click()
    expect(page.get_by_text("Your answers are saved.")).to_be_visible()
    expect(question(page, 1).locator("input:checked")).to_have_count(len(places[1]))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Some questions have no answer yet")).to_be_visible()
    page.get_by_role("button", name="Hand in all the same").click()
    expect(page.get_by_role("heading", name="Not passed yet", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Worth reading again")).to_be_visible()
    _pass(filled, page)


def _find_and_read(page: Page) -> None:
    page.get_by_role("link", name="Courses").click()
    page.get_by_role("link", name="Partnership basics").click()
    page.get_by_role("button", name="Start").click()
    read_everything(page)


def _pass(site: Site, page: Page) -> None:
    page.get_by_role("button", name="Try again").click()
    for position, places in right_places(site, attempt_ref(page)).items():
        answer(page, position, places)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Passed", level=1)).to_be_visible()


def test_profile_and_plan_without_script(filled: Site, visit: Callable[..., Page]) -> None:
    page = visit(filled, AMINA, width=360, script=False)
    page.goto("/learn/profile")
    page.get_by_label("Name by which colleagues know you").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the name")
    page.get_by_label("Name by which colleagues know you").fill("Amina D.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Amina D.")).to_be_visible()
