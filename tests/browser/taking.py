"""An open attempt: what the server's log holds of it, and what the browser keeps of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlalchemy import select

from lms.models import AnswerEvent, AnswerValue, Attempt, AttemptQuestion
from lms.permissions import Actor
from lms.services.attempts import get_quiz
from tests import world
from tests.browser.conftest import SLUG, Site, courses_with_options
from tests.browser.quiz import question
from tests.services import steps
from tests.services.steps import sent_options

AMINA, JOSE = "amina@lantern.example", "jose@lantern.example"
SAVED, WAITING = "Saved", "Waiting to be sent. Kept on this device."

RECORDS = """() => new Promise((done) => {
  const request = indexedDB.open("lms-answers");
  request.onupgradeneeded = () => request.transaction.abort();
  request.onerror = () => done([]);
  request.onsuccess = () => {
    const all = request.result.transaction("drafts").objectStore("drafts").getAll();
    all.onsuccess = () => { request.result.close(); done(all.result.map((record) => ({ ...record,
      keys: Object.keys(record).sort(), text: new TextDecoder("latin1").decode(record.sealed) }))); };
  };
})"""
# Everything of this origin that outlives a page.
LEFT = """async () => ({
  databases: (await indexedDB.databases()).map((found) => found.name), local: localStorage.length,
  session: sessionStorage.length, caches: (await caches.keys()).length })"""


@dataclass
class Taking:
    """Somebody's open attempt at a site."""

    site: Site
    actor: Actor
    ref: str

    @property
    def address(self) -> str:
        return f"/learn/attempts/{self.ref}"

    def log(self) -> list[tuple[int, tuple[str, ...], bool]]:
        """What arrived, in order: the question's position, the places, and whether it took effect."""
        with self.site.app.extensions["lms"].database.read() as session:
            rows = session.execute(
                select(AttemptQuestion.position, AttemptQuestion.option_order, AnswerValue.value)
                .add_columns(AnswerEvent.takes_effect)
                .join(AnswerEvent, AnswerEvent.id == AnswerValue.answer_id)
                .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
                .join(
                    AttemptQuestion,
                    (AttemptQuestion.attempt_id == Attempt.id)
                    & (AttemptQuestion.question_id == AnswerEvent.question_id),
                )
                .where(Attempt.ref == self.ref)
                .order_by(AnswerEvent.id)
            )
            return [(row.position, sent_options(row), row.takes_effect) for row in rows]

    def standing(self) -> dict[int, tuple[str, ...]]:
        """Position -> the places that stand, for questions with an answer."""
        with self.site.app.extensions["lms"].database.read() as session:
            drawn = get_quiz(session, self.actor, ref=self.ref).drawn
            return {one.position: one.sent for one in drawn if one.sent}


def begin(site: Site, email: str = AMINA) -> Taking:
    """Everything is read and the quiz started, as the pages do it."""
    database = site.app.extensions["lms"].database
    actor = world.actor(database, email, datetime.now(UTC))
    return Taking(site, actor, steps.begin(database, actor, SLUG))


def load_changed(site: Site, folder: Path, change: Callable[[Path], None]) -> None:
    """Publish the courses with a change to the first one's folder, as its next version."""
    courses_with_options(folder)
    change(folder / SLUG)
    sheet = folder / SLUG / "course.yaml"
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(re.sub(r"^version: \d+$", "version: 99", text, flags=re.MULTILINE), encoding="utf-8")
    site.command("load", str(folder))


def singles(page: Page) -> list[int]:
    """The positions of questions that take one option."""
    names = page.locator("input[type=radio]").evaluate_all("all => [...new Set(all.map((one) => one.name))]")
    return [int(name[1:]) for name in names]


def line(page: Page, position: int) -> Locator:
    """What a question says of its answer."""
    return question(page, position).locator(".lms-save")


def state(page: Page) -> Locator:
    """The line of words for the whole page."""
    return page.locator("[data-lms-state]")


def open_quiz(page: Page, taking: Taking) -> None:
    """The quiz's page, with its script at work."""
    page.goto(taking.address)
    expect(page.locator("[data-lms-standing]")).to_be_visible()


def cut(place: Page | BrowserContext) -> None:
    """No save reaches the server from here."""
    place.route("**/answers", lambda route: route.abort())


def mend(place: Page | BrowserContext) -> None:
    """And now they do again."""
    place.unroute("**/answers")


def reply(page: Page, **answer: Any) -> None:
    """Somebody on the way answers every save in the server's place."""

    def fulfill(route: Route) -> None:
        route.fulfill(**answer)

    page.route("**/answers", fulfill)


def records(page: Page) -> list[dict[str, Any]]:
    """What lies in the browser's store."""
    found: list[dict[str, Any]] = page.evaluate(RECORDS)
    return found


def left(page: Page) -> dict[str, Any]:
    """Everything that the browser keeps for this site."""
    found: dict[str, Any] = page.evaluate(LEFT)
    return found
