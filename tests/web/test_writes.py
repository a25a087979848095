"""Reading writes nothing but who looked, and a request commits once."""

import pytest
from sqlalchemy import select

from lms.models import SignInIdentity
from tests.permissions.policy import KNOWN, POLICY, RECORDED, owner_for
from tests.site import Counted, Site, changed

COMMITS = {"hr_record": 1, "hr_why": 1, "hr_person": 1}  # GETs that may commit: the entry that says who looked
# The log before the file, the receipt after it; a decision, and its first slice of attempts.
STREAMED = {"run_export": 2, "decide_recall": 2}
RULE = {"name": "New staff", "unit": "KE", "courses": "M01", "order": "all", "due": "matched", "days": "30"}
FILLED = {
    "new_rule": RULE,
    "edit_rule": RULE,
    "run_export": {"layout": "full_v1", "format": "csv", "purpose": "To count commits"},
    "away": {"deputy": "olga@lantern.example", "first": "2026-11-24", "last": "2026-11-25"},
    "attendance": {"course": "inside", "held_on": "2026-11-20", "place": "Town hall", "people": "0003\n0004"},
    "new_assignment": {"course": "third", "due_on": "2026-12-31", "unit": "KE"},
}
COURSE = {
    "ask_for_help": "timed", "settle_report": "basics", "decide_recall": "there", "end_recall": "basics",
    "retry_job": "there", "enter_evidence": "there", "people_columns": "ingrid", "decide_people_file": "ingrid",
    "decide_union": "nadia", "part_people": "ingrid", "run_erasure": "wei",
    "edit_rule": "unit KE", "end_rule": "unit KE",
}  # fmt: skip
PAGES = [endpoint for endpoint, method in POLICY if method == "GET"]
# tests/web/test_sealed_answers.py counts the commits of the one; the other has nothing to refresh in the filled world.
ELSEWHERE = {"bring_answers", "refresh_course", "people_files", "unions"}
FORMS = [endpoint for endpoint, method in POLICY if method == "POST" and endpoint not in ELSEWHERE]


def reader(endpoint: str, method: str = "GET") -> str:
    who = POLICY[endpoint, method].who
    return next(person for person in ("amina", "ingrid", "olga", "sam", "rosa") if person in who)


@pytest.mark.parametrize("endpoint", PAGES)
def test_reading_commits_nothing(site: Site, endpoint: str) -> None:
    cell, before = POLICY[endpoint, "GET"], site.checksums()
    person = reader(endpoint)
    objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})
    with Counted(site.database) as counted:
        for ref in objects.values():
            counted.commits = 0
            site.get(person, cell.path.format(ref)).close()
            assert counted.commits <= COMMITS.get(endpoint, 0)
    assert changed(before, site.checksums()) <= ({"access_entries"} if endpoint in COMMITS else set())


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_commits_once(site: Site, endpoint: str) -> None:
    cell = POLICY[endpoint, "POST"]
    person = reader(endpoint, "POST")
    objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {})
    owner = owner_for(cell, person, objects)
    path = cell.path.format(objects.get(owner) or objects.get(COURSE.get(endpoint, "third"), ""))
    fields = {**cell.send, **({"record": site.refs["record"][owner]} if cell.kind in RECORDED else {})}
    fields |= FILLED.get(endpoint, {})
    with Counted(site.database) as counted:
        response = site.post(person, path, fields)
        assert response.get_data() is not None
    assert response.status_code in (200, 302)
    assert counted.commits <= STREAMED.get(endpoint, 1)


def test_answers_and_handing_in_are_one_transaction(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    with Counted(site.database) as counted:
        site.post("amina", f"/attempts/{ref}/submit", {"q1": "1", "q2": "1", "form_id": "f"})
    assert counted.commits == 1
    assert "Your answers, and what they teach" in site.get("amina", f"/attempts/{ref}/result").text


def test_an_unfinished_quiz_is_saved_and_asked_about(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    with Counted(site.database) as counted:
        asked = site.post("amina", f"/attempts/{ref}/submit", {"q1": "1", "form_id": "f"})
    assert (asked.status_code, counted.commits) == (422, 1)
    assert "checked" in site.get("amina", f"/attempts/{ref}").text
    assert site.post("amina", f"/attempts/{ref}/submit", {"unanswered_ok": "1"}).status_code == 302


def test_sending_a_form_twice_changes_nothing_more(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    for path, fields in (
        (f"/attempts/{ref}/answers", {"q1": "1", "form_id": "f"}),
        (f"/attempts/{ref}/submit", {"q1": "1", "form_id": "f", "unanswered_ok": "1"}),
        ("/plan/start", {}),
        ("/courses/third/start", {}),
        ("/courses/third/sections/table", {}),
    ):
        first = site.post("amina", path, fields)
        before = site.checksums()
        second = site.post("amina", path, fields)
        assert (second.status_code, second.location) == (first.status_code, first.location)
        assert changed(before, site.checksums()) == set()


def test_a_newcomer_begins_a_record_and_a_plan(site: Site) -> None:
    assert "not in the learning records" in site.get("stranger", "/welcome").text
    assert site.post("stranger", "/welcome").location == "/learn/"
    assert site.post("stranger", "/plan/start").status_code == 302
    assert site.post("stranger", "/plan/objectives", {"text": "To begin"}).status_code == 302
    assert "To begin" in site.get("stranger", "/plan").text
    assert site.post("stranger", "/courses/third/start").status_code == 302
    assert site.post("stranger", "/welcome").location == "/learn/"


def test_the_first_act_binds_the_sign_in(browse, sqlite) -> None:
    browser = browse("amina")
    page = browser.get("/learn/plan").text
    assert bound(sqlite) == []
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert browser.post("/learn/plan/start", data={"csrf_token": token}).status_code == 302
    assert bound(sqlite) == [("host", "amina@lantern.example")]
    assert browser.post("/learn/plan/start", data={"csrf_token": token}).status_code == 302
    assert len(bound(sqlite)) == 1


def bound(database) -> list[tuple[str, str]]:
    with database.read() as session:
        return [tuple(row) for row in session.execute(select(SignInIdentity.provider, SignInIdentity.subject))]
