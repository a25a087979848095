"""A task at work on a phone: handed in with a photo, confirmed by the link of a mail; the level moves and steps of the
plan close, and both go back when it is withdrawn, and both sides are told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from lms.db import Database
from lms.models import Completion, Enrolment, Mail, Person
from lms.permissions import Actor
from lms.services.plan_words import add_item, save_objective
from lms.services.plans import start_plan
from lms.services.review_links import sign
from tests import world
from tests.browser.conftest import SLUG, Site
from tests.browser.test_recalls import looked_at
from tests.mail_server import mail_server
from tests.services import steps
from tests.services.applying import asked as newest_request
from tests.working import make_worker

pytestmark = pytest.mark.browser

AMINA, KOFI, INGRID = (f"{name}@lantern.example" for name in ("amina", "kofi", "ingrid"))
WIDTH = 360


def photo(path: Path) -> Path:
    Image.new("RGB", (3000, 2000), "#ffe9a8").save(path, "JPEG")
    return path


def completion(database: Database) -> str:
    query = (
        select(Completion.ref)
        .join(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Person.work_email == AMINA)
    )
    with database.read() as session:
        return str(session.scalar(query))


def plan(database: Database, amina: Actor) -> None:
    """A plan with a step that the level closes, and one that the certified course closes."""
    with database.transaction() as session:
        start_plan(session, amina, cycle_start="07-01")
        aim = save_objective(session, amina, ref=None, text="Listen", measure="", due_on=None, competency="PC1").ref
        level = {"kind": "experience", "text": "Try it", "course_slug": "", "competency": "PC1", "level": 2}
        add_item(session, amina, objective_ref=aim, condition="level", **level)
        add_item(session, amina, objective_ref=aim, condition="certified", kind="course", text="", course_slug=SLUG)


def told(database: Database) -> dict[str, list[str]]:
    """E-mail -> the kinds of the mails that wait for it or were sent."""
    found: dict[str, list[str]] = {}
    query = select(Person.work_email, Mail.kind).join(Mail, Mail.person_id == Person.id).order_by(Mail.id)
    with database.read() as session:
        for email, kind in session.execute(query):
            found.setdefault(str(email), []).append(kind)
    return found


def link(site: Site) -> str:
    """The link in the mail that the worker sends to the reviewer."""
    plugin = site.app.extensions["lms"]
    with mail_server() as server:
        worker = make_worker(plugin.database, server.port, plugin.clock(), sign=signed(site))
        worker.run(once=True)
        (mail,) = [mail for mail in server.mails if mail["To"] == KOFI]
        found = re.search(r"/learn/r/[\w.-]+", next(mail.iter_parts()).get_content())
    assert found
    return found[0]


def signed(site: Site) -> Callable[[str], str]:
    plugin = site.app.extensions["lms"]
    return lambda request: sign(plugin.signing_keys(), request, plugin.clock())


def test_from_the_course_to_the_level_and_back(filled: Site, visit: Callable[..., Page], tmp_path: Path) -> None:
    plugin = filled.app.extensions["lms"]
    actor = world.actor(plugin.database, AMINA, plugin.clock())
    steps.take(plugin.database, actor, slug=SLUG)
    plan(plugin.database, actor)
    amina = visit(filled, AMINA, width=WIDTH)
    amina.goto(f"/learn/courses/{SLUG}")
    amina.get_by_role("link", name="Hand in the task").click()
    faults = hand_in(amina, photo(tmp_path / "chart.jpg"))
    kofi = visit(filled, KOFI, width=WIDTH)
    kofi.goto("/learn/team")
    expect(kofi.locator("section", has_text="Now").get_by_role("link", name="Look at it")).to_be_visible()
    faults += looked_at(kofi, WIDTH)
    reviewer = visit(filled, width=WIDTH)
    faults += confirm(reviewer, link(filled))
    amina.goto("/learn/levels/PC1")
    expect(amina.get_by_role("heading", name="You are at level 2")).to_be_visible()
    expect(amina.get_by_text("Budget talk")).to_be_visible()
    amina.goto("/learn/records")
    expect(amina.get_by_text("Certified").first).to_be_visible()
    amina.goto("/learn/plan")
    expect(amina.get_by_text("level 2 of PC1 is reached since")).to_be_visible()
    expect(amina.get_by_text("the task of the course is confirmed (record")).to_be_visible()
    faults += withdraw(visit(filled, INGRID, width=WIDTH))
    amina.goto("/learn/levels/PC1")
    expect(amina.get_by_role("heading", name="You are at level 1")).to_be_visible()
    expect(amina.get_by_text("Does not count: it was withdrawn.")).to_be_visible()
    amina.goto("/learn/plan")
    expect(amina.get_by_text("Open again")).to_have_count(1)  # the level was reached on no whole day
    expect(amina.get_by_text("Done", exact=True)).to_have_count(0)
    faults += looked_at(amina, WIDTH)
    amina.goto(f"/learn/applications/{completion(plugin.database)}")
    expect(amina.get_by_text("Another person's photo.")).to_be_visible()
    faults += looked_at(amina, WIDTH)
    mails = told(plugin.database)
    assert all(mails[email][-1] == "confirmation_withdrawn" for email in (AMINA, KOFI)), mails
    kofi.goto(f"/learn/reviews/{newest_request(plugin.database)}")
    expect(kofi.get_by_text("Withdrawn")).to_be_visible()
    assert not faults, "\n".join(faults)


def hand_in(amina: Page, file: Path) -> list[str]:
    """First with a page where a photo is expected, then with the photo; what was typed is still there."""
    page = {"name": "page.jpg", "mimeType": "image/jpeg", "buffer": b"<html><script>alert(1)</script>"}
    amina.get_by_label("Where was it, in a few words?").fill("Budget talk")
    amina.get_by_label("What you did and what came of it").fill("I asked Rosa first.\nWe changed two lines.")
    amina.get_by_label("Files").set_input_files(page)
    faults = looked_at(amina, WIDTH)
    amina.get_by_role("button", name="Hand in").click()
    expect(amina.get_by_role("alert")).to_contain_text("page.jpg: Web pages")
    faults += looked_at(amina, WIDTH)
    expect(amina.get_by_label("What you did and what came of it")).to_have_value(re.compile("asked Rosa"))
    amina.get_by_label("Files").set_input_files(file)
    amina.get_by_role("button", name="Hand in").click()
    expect(amina.get_by_text("It is handed in.")).to_be_visible()
    faults += looked_at(amina, WIDTH)
    return faults


def confirm(reviewer: Page, address: str) -> list[str]:
    """Without signing in. Enter in a field confirms nothing."""
    reviewer.goto(address)
    faults = looked_at(reviewer, WIDTH)
    expect(reviewer.get_by_text("I asked Rosa first.")).to_be_visible()
    picture = reviewer.get_by_role("img", name="Photo: chart.jpg")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1600)
    reviewer.get_by_label("Its effect went beyond").focus()
    reviewer.keyboard.press("Enter")
    expect(reviewer.get_by_role("alert")).to_contain_text("Choose one of the three answers.")
    reviewer.get_by_role("button", name="Not yet").click()
    expect(reviewer.get_by_role("alert")).to_contain_text("what is still missing")
    faults += looked_at(reviewer, WIDTH)
    reviewer.get_by_role("button", name="Seen in practice").click()
    expect(reviewer.get_by_text("Thank you. Your answer is kept")).to_be_visible()
    faults += looked_at(reviewer, WIDTH)
    reviewer.goto(address)
    expect(reviewer.get_by_role("heading", name="Your answer is kept")).to_be_visible()
    return faults


def withdraw(hr: Page) -> list[str]:
    """HR finds the record, and withdraws the confirmation."""
    hr.goto("/learn/hr/applications")
    faults = looked_at(hr, WIDTH)
    hr.goto("/learn/hr/records?q=amina&course=M01")
    hr.get_by_role("link", name="Amina Diallo").click()
    hr.get_by_text("Withdraw this confirmation").click()
    form = hr.locator("details[open]")
    form.get_by_label("Reason").fill("Another person's photo.")
    faults += looked_at(hr, WIDTH)
    form.get_by_role("button", name="Withdraw").click()
    expect(hr.get_by_text("Both sides are told")).to_be_visible()
    return faults + looked_at(hr, WIDTH)
