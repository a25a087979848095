"""An author on a phone: the figures of the questions, and the preview without script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_certificates import faults_of
from tests.many_attempts import publish_wide, take_many

pytestmark = pytest.mark.browser

OLGA, SLUG = "olga@lantern.example", "partnership-basics"


def test_the_figures_at_360_pixels(
    filled: Site, filled_folder: Path, visit: Callable[..., Page], tmp_path: Path
) -> None:
    database = filled.app.extensions["lms"].database
    publish_wide(database, tmp_path / "wide", beside=filled_folder / "courses")
    take_many(database, 60)
    page, faults = visit(filled, OLGA, width=360), list[str]()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto("/learn/authoring/wide")
    page.get_by_role("link", name="What the answers say of version 1").click()
    page.get_by_role("button", name="Work the figures out").click()
    expect(page.get_by_text("Worked out from 60 first attempts")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.reload()
        faults += faults_of(page, 360)
    drawn = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
    assert page.evaluate(drawn)
    faults += [text for text in blocked if "Content Security" in text]
    assert not faults, "\n".join(faults)


def test_the_preview_without_script_at_360_pixels(filled: Site, visit: Callable[..., Page]) -> None:
    page, faults = visit(filled, OLGA, width=360, script=False), list[str]()
    page.goto(f"/learn/authoring/{SLUG}")
    page.get_by_role("link", name="Preview it").click()
    page.get_by_role("link", name="Every question of every pool").click()
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="See what handing in would say").click()
    expect(page.get_by_text("Preview.", exact=True)).to_be_visible()
    expect(page.get_by_text("You chose:").first).to_be_visible()
    for address in (f"/learn/authoring/{SLUG}/preview", f"/learn/authoring/{SLUG}/preview/quiz?seed=7"):
        with_script = visit(filled, OLGA, width=360)
        with_script.goto(address)
        faults += faults_of(with_script, 360)
    assert not faults, "\n".join(faults)
