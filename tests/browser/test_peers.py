"""A colleague is asked on a phone, reads that they are named, answers, and stands in the conversation."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from lms.services.assessments import save_sheet
from lms.services.ratings import Rated
from tests import world
from tests.browser.conftest import Site
from tests.browser.test_recalls import looked_at
from tests.services.assessing import CYCLE, ref_of

pytestmark = pytest.mark.browser

AMINA, KOFI, WEI = "amina@lantern.example", "kofi@lantern.example", "wei@lantern.example"
SITUATION = "In May she opened the budget talk with both partners."


@pytest.mark.parametrize("width", [360, 1280])
def test_a_colleague_is_asked_and_answers(filled: Site, visit: Callable[..., Page], width: int) -> None:
    conversation = both_rate(filled)
    amina, wei = (visit(filled, who, width=width) for who in (AMINA, WEI))
    amina.goto("/learn/levels")
    amina.get_by_role("link", name="Ask colleagues what they saw").click()
    amina.get_by_label("E-mail of the colleague").fill(KOFI)
    amina.get_by_label("PC1").check()
    amina.get_by_role("button", name="Ask").click()
    expect(amina.get_by_role("alert")).to_contain_text("line manager")
    expect(amina.get_by_label("PC1")).to_be_checked()
    amina.get_by_label("E-mail of the colleague").fill(WEI)
    amina.get_by_role("button", name="Ask").click()
    expect(amina.get_by_role("region", name="Who is asked")).to_contain_text("Li Wei waits for an answer")
    faults = looked_at(amina, width)
    wei.goto("/learn/")
    wei.get_by_role("link", name="Amina Diallo").click()
    expect(wei.get_by_text("Your name stands beside what you write.")).to_be_visible()
    wei.get_by_label("Level", exact=True).select_option("2")
    wei.get_by_role("button", name="Hand in").click()
    expect(wei.get_by_role("alert")).to_contain_text("Say how sure you are.")
    faults += looked_at(wei, width)
    wei.get_by_label("How sure are you?").select_option("sure")
    wei.get_by_label("The situation").fill(SITUATION)
    wei.get_by_role("button", name="Hand in").click()
    expect(wei.get_by_text("You have answered. Thank you.")).to_be_visible()
    amina.goto(f"/learn/assessments/{conversation}")
    expect(amina.get_by_role("region", name="PC1")).to_contain_text(SITUATION)
    faults += looked_at(amina, width)
    assert not faults, "\n".join(faults)


def both_rate(site: Site) -> str:
    """Amina and her manager have handed in; returns the assessment's name."""
    plugin = site.app.extensions["lms"]
    amina, kofi = (world.actor(plugin.database, who, plugin.clock()) for who in (AMINA, KOFI))
    for actor, of in ((amina, None), (kofi, ref_of(plugin.database, amina))):
        rated = Rated("PC1", 1, "In March", confidence="" if of else "sure")
        with plugin.database.transaction() as session:
            saved = save_sheet(
                session, actor, cycle_start=CYCLE, ratings=[rated], hand_in=True, offered={"PC1": []}, person_ref=of
            )
    return saved.ref
