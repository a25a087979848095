"""Levels from two sides, on a phone: both rate, see each other, agree on one and see another differently."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import world
from tests.browser.conftest import SLUG, Site
from tests.browser.test_recalls import looked_at
from tests.services import steps

pytestmark = pytest.mark.browser

AMINA, KOFI = "amina@lantern.example", "kofi@lantern.example"
SECRET = "In March I led the joint review with two partners."


def fill(page: Page, code: str, level: str, words: str, sure: str = "") -> None:
    """One competency of the form."""
    card = page.get_by_role("region", name=code)
    card.get_by_label("level", exact=False).first.select_option(label=level)
    if sure:
        card.get_by_label("How sure are you?").select_option(label=sure)
    card.get_by_role("textbox").fill(words)


@pytest.fixture
def trained(filled: Site) -> Site:
    """Amina has completed the first course: evidence supports level 1."""
    plugin = filled.app.extensions["lms"]
    steps.take(plugin.database, world.actor(plugin.database, AMINA, plugin.clock()), SLUG)
    return filled


@pytest.mark.parametrize("width", [360, 1280])
def test_a_conversation(trained: Site, visit: Callable[..., Page], width: int) -> None:
    amina, kofi = (visit(trained, who, width=width) for who in (AMINA, KOFI))
    faults = rate_oneself(amina, width)
    faults += rate_member(kofi, width)
    faults += talk(amina, kofi, width)
    assert not faults, "\n".join(faults)


def rate_oneself(amina: Page, width: int) -> list[str]:
    """The focus is chosen; a rating lacks something, is kept as a draft, and is handed in."""
    amina.goto("/learn/levels")
    faults = looked_at(amina, width)
    expect(amina.get_by_text("Suggested for you:")).to_be_visible()
    amina.get_by_role("button", name="Keep my focus").click()
    expect(amina.get_by_text("Your focus is kept. Your manager sees it")).to_be_visible()
    expect(amina.get_by_text("in this cycle: not begun")).to_be_visible()
    amina.get_by_role("link", name="Rate yourself").click()
    faults += looked_at(amina, width)
    fill(amina, "PC1", "3: Skilled", SECRET)
    amina.get_by_role("button", name="Hand in").click()
    expect(amina.get_by_role("alert")).to_contain_text("Say how sure you are.")
    faults += looked_at(amina, width)
    amina.get_by_role("button", name="Save and go on later").click()
    expect(amina.get_by_text("Kept as a draft.")).to_be_visible()
    fill(amina, "PC1", "3: Skilled", SECRET, "Fairly sure")
    amina.get_by_role("region", name="PC1").get_by_role("checkbox").first.check()
    fill(amina, "PC3", "1: Aware", "I answer within two days.", "Sure")
    amina.get_by_role("button", name="Hand in").click()
    expect(amina.get_by_text("You handed in on")).to_be_visible()
    amina.goto("/learn/levels")
    expect(amina.get_by_text("waiting for your manager")).to_be_visible()
    return faults + looked_at(amina, width)


def rate_member(kofi: Page, width: int) -> list[str]:
    """The manager rates, without a word of the self-rating in the page."""
    kofi.goto("/learn/team")
    faults = looked_at(kofi, width)
    expect(kofi.get_by_text("waiting for your rating")).to_be_visible()
    kofi.get_by_role("link", name="Rate Amina Diallo").first.click()
    assert SECRET not in kofi.content()
    faults += looked_at(kofi, width)
    fill(kofi, "PC1", "1: Aware", "In May you asked before you used the photo.")
    kofi.get_by_role("region", name="PC1").get_by_label("Asks before using a partner's name").check()
    fill(kofi, "PC3", "2: Practising", "The log of issues is yours.")
    kofi.get_by_role("button", name="Hand in").click()
    expect(kofi.get_by_role("heading", name="Conversation with Amina Diallo")).to_be_visible()
    expect(kofi.get_by_text(SECRET)).to_be_visible()
    return faults + looked_at(kofi, width)


def talk(amina: Page, kofi: Page, width: int) -> list[str]:
    """More than the evidence supports is refused; one level is agreed on, the other is seen differently."""
    one = kofi.get_by_role("region", name="PC1")
    one.get_by_text("Propose a level").click()
    one.get_by_label("Level").select_option(label="2: Practising")
    one.get_by_label("Reason").first.fill("The photo, and the course.")
    one.get_by_role("button", name="Propose").click()
    expect(kofi.get_by_role("alert")).to_contain_text("The evidence supports level 1 so far.")
    faults = looked_at(kofi, width)
    one.get_by_label("Level").select_option(label="1: Aware")
    one.get_by_role("button", name="Propose").click()
    expect(one.get_by_text("It waits for the other side.")).to_be_visible()
    amina.goto("/learn/levels")
    amina.get_by_role("link", name="Talk it over").click()
    faults += looked_at(amina, width)
    amina.get_by_role("region", name="PC1").get_by_role("button", name="Accept this level").click()
    expect(amina.get_by_role("region", name="PC1").get_by_text("Agreed", exact=True)).to_be_visible()
    for page, words in ((amina, "Two days is not enough for 2."), (kofi, "I have seen the log.")):
        page.reload()
        three = page.get_by_role("region", name="PC3")
        three.get_by_text("I see it differently", exact=True).click()
        three.get_by_label("Reason").last.fill(words)
        three.get_by_role("button", name="Record that I see it differently").click()
        expect(page.get_by_text("It is recorded that you see it differently.")).to_be_visible()
    expect(kofi.get_by_text("2 of 2 competencies are settled.")).to_be_visible()
    faults += looked_at(kofi, width)
    kofi.goto("/learn/team")
    expect(kofi.get_by_text("1 competency is agreed on.")).to_be_visible()
    amina.goto("/learn/levels")
    expect(amina.get_by_text("1 competency is agreed on.")).to_be_visible()
    return faults + looked_at(amina, width)
