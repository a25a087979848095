"""A wrong key, on a phone: the author recalls the question, HR marks again, the learner is told, HR undoes it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import world
from tests.browser.conftest import Site
from tests.browser.test_certificates import faults_of
from tests.many_attempts import SLUG, publish_wide, take_many
from tests.services import recalling

pytestmark = pytest.mark.browser

AMINA, INGRID, OLGA = (f"{name}@lantern.example" for name in ("amina", "ingrid", "olga"))


def looked_at(page: Page, width: int) -> list[str]:
    """Faults of a page in both colour schemes."""
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour is half way
        faults += faults_of(page, width)
    return faults


@pytest.fixture
def wrong(filled: Site, filled_folder: Path, tmp_path: Path) -> str:
    """Amina and sixty others took a quiz whose sixth key is wrong, and the next version mends it; Amina's attempt."""
    plugin = filled.app.extensions["lms"]
    publish_wide(plugin.database, tmp_path / "wide", beside=filled_folder / "courses")
    take_many(plugin.database, 60)
    amina = world.actor(plugin.database, AMINA, plugin.clock())
    attempt = recalling.take(plugin.database, amina, wrong=1, sixth="b")
    publish_wide(plugin.database, tmp_path / "mended", beside=filled_folder / "courses", mended=True)
    return attempt


@pytest.mark.parametrize("width", [360, 1280])
def test_a_wrong_key_from_recall_to_undo(filled: Site, visit: Callable[..., Page], wrong: str, width: int) -> None:
    author, hr, learner = (visit(filled, who, width=width) for who in (OLGA, INGRID, AMINA))
    faults = recall(author, width) + mark_again(hr, width)
    learner.goto("/learn/")
    faults += looked_at(learner, width)
    learner.get_by_role("region", name="Marked again").get_by_role("link", name="Wide").click()
    expect(learner).to_have_url(f"{filled.address}/learn/attempts/{wrong}/result")
    expect(learner.get_by_role("heading", name="Passed", exact=True)).to_be_visible()
    expect(learner.get_by_text("before it had 66 %")).to_be_visible()
    expect(learner.get_by_text("Option B is right")).to_be_visible()
    faults += looked_at(learner, width)
    hr.get_by_text("Undo what was decided for your people").click()
    hr.get_by_label("Reason").last.fill("The author was wrong.")
    hr.get_by_role("button", name="Undo").click()
    expect(hr.get_by_text("61 attempts wait for a decision.")).to_be_visible()
    learner.reload()
    expect(learner.get_by_role("heading", name="Not passed yet")).to_be_visible()
    faults += looked_at(learner, width)
    assert not faults, "\n".join(faults)


def recall(author: Page, width: int) -> list[str]:
    """The author forgets the reason, and gives it."""
    author.goto(f"/learn/authoring/{SLUG}/versions/1/questions")
    author.get_by_role("link", name="Its key is wrong").last.click()
    author.get_by_label("How is it to be marked?").select_option("credit")
    author.get_by_label("Reason").fill("  ")
    author.get_by_role("button", name="Recall the question").click()
    expect(author.get_by_role("alert")).to_contain_text("Write the reason")
    faults = looked_at(author, width)
    author.get_by_label("How is it to be marked?").select_option("key")
    author.get_by_label("Reason").fill("Option B is right: the partner asked for it.")
    author.get_by_role("button", name="Recall the question").click()
    expect(author.get_by_text("Recalled: by the key of a later version")).to_be_visible()
    return faults + looked_at(author, width)


def mark_again(hr: Page, width: int) -> list[str]:
    """HR sees who would pass now, and lets the attempts be marked again."""
    hr.goto("/learn/hr/quizzes")
    faults = looked_at(hr, width)
    hr.get_by_role("link", name="Wide").click()
    row = hr.get_by_role("row", name="Amina Diallo")
    expect(row).to_contain_text("66")
    expect(row).to_contain_text("83")
    hr.get_by_text("Mark the attempts again").click()
    faults += looked_at(hr, width)
    hr.get_by_label("Reason").first.fill("Nobody should lose by our mistake.")
    hr.get_by_role("button", name="Mark again").click()
    expect(hr.get_by_text("61 are decided on.")).to_be_visible()
    return faults + looked_at(hr, width)
