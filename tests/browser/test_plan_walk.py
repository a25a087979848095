"""A plan on two phones: its person shares it, their manager answers, both agree, both close it; and the paper."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_screens import inspect

pytestmark = pytest.mark.browser

PLAN = re.compile("^Plan of")  # the manager's list of the week has other links to plans
AMINA, KOFI = "amina@lantern.example", "kofi@lantern.example"
PICTURES = os.environ.get("PLAN_PICTURES", "")


def look(page: Page, name: str) -> list[str]:
    """What axe and the ruler find; a picture of each size and colour where a folder is named."""
    faults = inspect(page, name)
    if PICTURES:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for colour in ("light", "dark"):
                page.emulate_media(color_scheme=colour)  # type: ignore[arg-type]
                page.screenshot(path=Path(PICTURES, f"{name}-{width}-{colour}.png"), full_page=True)
        page.set_viewport_size({"width": 360, "height": 800})
        page.emulate_media(color_scheme="light")
    return faults


def write_plan(amina: Page) -> list[str]:
    """Begin with a template, make an objective one's own, add a step that a level closes."""
    amina.goto("/learn/plan")
    faults = look(amina, "start")
    amina.get_by_role("button", name="Begin with “New in a partnership role”").click()
    expect(amina.get_by_text("By when? A date helps both of you")).to_have_count(2)
    faults += look(amina, "draft")
    amina.get_by_role("link", name="Change this objective").first.click()
    amina.get_by_label("By when?").first.fill("2027-03-31")
    amina.get_by_role("button", name="Save").click()
    expect(amina.get_by_text("Your objective is saved.")).to_be_visible()
    amina.get_by_role("link", name="Add a step").first.click()
    faults += look(amina, "step")
    amina.get_by_label("What will you do?").fill("Try it with one partner")
    amina.get_by_label("When is it done?").select_option(label="when a level of a competency is reached")
    amina.get_by_role("button", name="Add this step").click()
    faults += look(amina, "step refused")
    expect(amina.get_by_role("alert")).to_contain_text("Choose the level")
    amina.get_by_label("Which level?").select_option(value="2")
    amina.get_by_role("button", name="Add this step").click()
    expect(amina.get_by_text("closes by itself when level 2 of PC1 is reached")).to_be_visible()
    return faults


def test_from_the_draft_to_the_copy(filled: Site, visit: Callable[..., Page]) -> None:
    amina, kofi = visit(filled, AMINA, width=360), visit(filled, KOFI, width=360)
    faults = write_plan(amina)
    amina.get_by_role("link", name="A note for myself").click()
    amina.get_by_label("For you alone").fill("I would rather leave")
    amina.get_by_role("button", name="Save").click()
    faults += look(amina, "note")
    kofi.goto("/learn/team")
    expect(kofi.get_by_role("link", name=PLAN)).to_have_count(0)
    amina.goto("/learn/plan")
    amina.get_by_role("button", name="Share it with Kofi Mensah").click()
    amina.get_by_label("Your comment").fill("@Kofi is Monday good?")
    amina.get_by_role("button", name="Keep this comment").click()
    faults += look(amina, "shared")
    kofi.reload()
    expect(kofi.get_by_text("a comment names you")).to_be_visible()
    faults += look(kofi, "team")
    kofi.get_by_role("link", name=PLAN).click()
    expect(kofi.get_by_text("names you", exact=True)).to_be_visible()
    expect(kofi.get_by_text("I would rather leave")).to_have_count(0)
    kofi.get_by_role("button", name="I agree to the plan as it is").click()
    faults += look(kofi, "team plan")
    amina.reload()
    amina.get_by_role("button", name="I agree to the plan as it is").click()
    expect(amina.get_by_text("Agreed by both")).to_be_visible()
    _close(amina, kofi)
    expect(amina.get_by_text("This is the copy that was kept")).to_be_visible()
    faults += look(amina, "closed")
    amina.goto("/learn/plan/ideas")
    faults += look(amina, "ideas")
    ingrid = visit(filled, "ingrid@lantern.example", width=360)
    ingrid.goto("/learn/hr/plans")
    faults += look(ingrid, "stages")
    assert not faults, "\n".join(faults)


def _close(amina: Page, kofi: Page) -> None:
    for page, words in ((amina, "One talk is held."), (kofi, "I saw it.")):
        page.reload()
        page.get_by_text("Note the middle of the year", exact=True).click()
        page.get_by_label("What has moved, and what is to change?").fill(words)
        page.get_by_role("button", name="Keep this word").click()
    for page in (kofi, amina):
        page.reload()
        page.get_by_text("Sign the end of the plan", exact=True).click()
        page.get_by_role("button", name="Sign the end").click()


def test_without_script_a_plan_is_shared_and_answered(filled: Site, visit: Callable[..., Page]) -> None:
    amina, kofi = (visit(filled, email, width=360, script=False) for email in (AMINA, KOFI))
    amina.goto("/learn/plan")
    amina.get_by_role("button", name="Begin with “Finance colleague”").click()
    amina.get_by_role("button", name="Share it with Kofi Mensah").click()
    kofi.goto("/learn/team")
    kofi.get_by_role("link", name=PLAN).click()
    kofi.get_by_label("Your comment").fill("Thank you")
    kofi.get_by_role("button", name="Keep this comment").click()
    expect(kofi.get_by_text("Your comment is kept.")).to_be_visible()


def test_a_full_plan_is_two_sheets_of_paper_and_shows_nothing_else(filled: Site, visit: Callable[..., Page]) -> None:
    amina, kofi = visit(filled, AMINA), visit(filled, KOFI)
    write_plan(amina)
    amina.get_by_text("Add an objective", exact=True).click()
    amina.get_by_label("What do you want to be able to do?").fill("Lead the yearly review with two partners. " * 4)
    amina.get_by_label("How will you and others see it?").fill("Both say in writing what has changed by it. " * 6)
    amina.get_by_role("button", name="Add this objective").click()
    for number in range(4):
        amina.get_by_role("link", name="Add a step").last.click()
        amina.get_by_label("What will you do?").fill(
            f"Step {number}: prepare it together, and write down what we heard."
        )
        amina.get_by_role("button", name="Add this step").click()
    amina.get_by_role("button", name="Share it with Kofi Mensah").click()
    kofi.goto("/learn/team")
    kofi.get_by_role("link", name=PLAN).click()
    for page in (kofi, amina):
        page.get_by_role("button", name="I agree to the plan as it is").click()
    amina.get_by_role("link", name="Print").click()
    expect(amina.get_by_role("heading", level=1)).to_have_text("Plan of Amina Diallo")
    amina.set_viewport_size({"width": 360, "height": 800})
    assert not look(amina, "print")
    sheets = [len(re.findall(rb"/Type\s*/Page\b", amina.pdf(format=paper))) for paper in ("A4", "Letter")]
    assert max(sheets) <= 2
    amina.emulate_media(media="print")
    seen = amina.evaluate("document.body.innerText")
    assert "Plan of Amina Diallo" in seen
    for text in ("My page", "Sign out", "use the print command"):
        assert text not in seen
