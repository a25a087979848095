"""The main job, end to end: a member of staff takes a course, the plan moves, HR exports the record."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Site
from tests.browser.every_type import answer_by_hand, held, right_strings
from tests.browser.quiz import attempt_ref, question, read_everything

pytestmark = pytest.mark.browser

AMINA, INGRID, JOSE = "amina@lantern.example", "ingrid@lantern.example", "jose@lantern.example"
TITLE = "Partnership basics"
PASSED = "Passed"


def test_main_job(site: Site, people_file: Path, visit: Callable[..., Page]) -> None:
    ingrid, amina, jose = _set_up(site, people_file, visit)
    _assign(ingrid)
    _plan(amina)
    _read(amina)
    ref = _answer_over_a_bad_link(site, amina)
    _see_plan_and_level(amina)
    row = _export(ingrid)
    assert (row["work_email"], row["status"], row["result"], row["idp_linked"]) == (AMINA, "completed", "pass", "Y")
    _withdraw(ingrid)
    amina.goto("/learn/plan")
    expect(amina.get_by_text("the completion was withdrawn")).to_be_visible()
    amina.goto("/learn/levels/PC1")
    expect(amina.get_by_text("Does not count: it was withdrawn.")).to_be_visible()
    _refuse_somebody_else(jose, ref)


def _set_up(site: Site, people_file: Path, visit: Callable[..., Page]) -> list[Page]:
    """HR's file comes in; three people follow their invitations and choose a password."""
    site.command("upgrade")
    site.command("load")
    invited = site.command("people", str(people_file))
    granted = site.command("grant", INGRID, "hr_officer")
    pages = []
    for email, output in ((INGRID, granted), (AMINA, invited), (JOSE, invited)):
        page = visit(site)
        page.goto(site.invitation(output, email))
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("again").fill(PASSWORD)
        page.locator("main form button").click()
        page.goto("/learn/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
        pages.append(page)
    return pages


def _assign(ingrid: Page) -> None:
    ingrid.goto("/learn/assignments")
    ingrid.get_by_role("link", name="Assign a course").click()
    ingrid.get_by_label("Course (needed)").select_option(label="Partnership basics: principles in your own job")
    ingrid.get_by_label("Due date").fill("2030-12-31")
    ingrid.get_by_label("A unit and all below it").select_option(label="Country office east (KE)")
    ingrid.get_by_role("button", name="Assign", exact=True).click()
    expect(ingrid.get_by_text("The course is assigned.")).to_be_visible()
    expect(ingrid.get_by_text("0 of 3")).to_be_visible()


def _plan(amina: Page) -> None:
    amina.goto("/learn/plan")
    amina.get_by_role("button", name="Start my plan for this year").click()
    amina.get_by_label("What do you want to be able to do?").fill("Explain our principles in my own job")
    amina.get_by_role("button", name="Add this objective").click()
    amina.get_by_text("Add a step", exact=True).click()
    amina.get_by_label("What kind of step?").select_option(label="With a course")
    amina.get_by_label("Course", exact=True).select_option(index=1)
    amina.get_by_role("button", name="Add this step").click()
    expect(amina.get_by_text("Open", exact=True)).to_be_visible()


def _read(amina: Page) -> None:
    amina.goto("/learn/")
    expect(amina.get_by_role("link", name=TITLE).first).to_be_visible()
    amina.get_by_role("link", name=TITLE).first.click()
    amina.get_by_role("button", name="Start").click()
    read_everything(amina)


def _answer_over_a_bad_link(site: Site, amina: Page) -> str:
    """Answer some, lose the link, answer more, get it back, leave and come back, hand in."""
    amina.get_by_role("button", name="Start the quiz").click()
    expect(amina.get_by_role("heading", name="Quiz", level=1)).to_be_visible()
    ref = attempt_ref(amina)
    right = {position: sent for position, (_name, sent) in right_strings(site, ref).items()}
    answer_by_hand(amina, 1, right[1])
    expect(question(amina, 1).get_by_role("status")).to_have_text("Saved")
    amina.context.set_offline(True)
    answer_by_hand(amina, 2, right[2])
    expect(question(amina, 2).get_by_role("status")).to_contain_text("Waiting to be sent")
    amina.context.set_offline(False)
    expect(question(amina, 2).get_by_role("status")).to_have_text("Saved", timeout=30_000)
    amina.goto("/learn/")
    amina.get_by_role("link", name="Go on with the quiz").click()
    assert sorted(held(amina, 2)) == sorted(right[2])
    for position in range(3, len(right) + 1):
        answer_by_hand(amina, position, right[position])
        expect(question(amina, position).get_by_role("status")).to_have_text("Saved")
    amina.get_by_role("button", name="Hand in").click()
    expect(amina.get_by_role("heading", name=PASSED, level=1)).to_be_visible()
    expect(amina.get_by_text("100 % of the marks")).to_be_visible()
    return ref


def _see_plan_and_level(amina: Page) -> None:
    amina.goto("/learn/plan")
    expect(amina.get_by_text("closed by your record")).to_be_visible()
    amina.goto("/learn/levels/PC1")
    expect(amina.get_by_role("heading", name="You are at level 1: Aware")).to_be_visible()
    expect(amina.get_by_text("Counts: without it the level would be lower.")).to_be_visible()


def _export(ingrid: Page) -> dict[str, str]:
    ingrid.goto("/learn/exports")
    ingrid.get_by_label("What is the file for?").fill("Quarterly report")
    with ingrid.expect_download() as download:
        ingrid.get_by_role("button", name="Export").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.startswith("lpc_full_v1_all_")
    return next(row for row in csv.DictReader(io.StringIO(text)) if row["work_email"] == AMINA)


def _withdraw(ingrid: Page) -> None:
    ingrid.goto("/learn/hr/records?status=completed")
    ingrid.get_by_role("link", name="Amina Diallo").click()
    ingrid.get_by_text("Withdraw this completion").click()
    ingrid.get_by_role("button", name="Withdraw", exact=True).click()
    ingrid.get_by_label("Reason").fill("Taken with a colleague's answers")
    ingrid.get_by_role("button", name="Withdraw", exact=True).click()
    expect(ingrid.get_by_text("The completion is withdrawn.")).to_be_visible()


def _refuse_somebody_else(jose: Page, ref: str) -> None:
    for path, status in (
        (f"/learn/attempts/{ref}", 404),
        (f"/learn/attempts/{ref}/result", 404),
        ("/learn/hr/records", 403),
    ):
        response = jose.goto(path)
        assert response is not None
        assert response.status == status
