"""What a client may set: the fields of the form and nothing else, of oneself and nobody else."""

import re
import sqlite3

import pytest

from tests.permissions.policy import KNOWN, POLICY, RECORDED, owner_for
from tests.site import Site, changed

# Everything that a column holds and a person would like to set.
THEN, LATER = "2020-01-01T00:00:00", "2099-01-01"
WANTED = {
    **dict.fromkeys(("id", "person_id", "actor_id", "enrolment_id", "attempt_id", "version_id", "plan_id"), "2"),
    **dict.fromkeys(("objective_id", "withdrawn_by", "assigned_by", "signed_by", "unit_id", "course_id"), "2"),
    **dict.fromkeys(("started_at", "submitted_at", "finished_at", "received_at", "effective_at", "recorded_at"), THEN),
    **dict.fromkeys(("completed_on", "removed_at", "created_at", "changed_at", "assigned_at"), THEN),
    **dict.fromkeys(("deadline_at", "expires_on", "application_due_on"), LATER),
    **dict.fromkeys(("score", "possible", "percent", "pass_percent", "level_aimed_at", "competency_level"), "100"),
    **dict.fromkeys(("critical_missed", "seed", "number", "is_latest", "own_choice", "is_open", "attempts"), "0"),
    **dict.fromkeys(("work_email", "email_key"), "new@lantern.example"),
    "ref": "own-name", "status": "completed", "passed": "true", "value": "a", "role": "administrator",
    "grants": "administrator", "employee_number": "9999", "manager": "0001", "unit_path": "/", "unit_code": "HUB",
}  # fmt: skip
DRAWN_ANEW = re.compile(r"(^|_)(ref|salt|hash|seed|event_id|certificate_number)$")
# As payloads of jobs hold it, and the hashes that keys of mails are.
A_REF = re.compile(r"(?<![\w-])([\w-]{22}|[0-9a-f]{32}|[0-9a-f]{64})(?![\w-])")
POSTS = [endpoint for (endpoint, method), cell in POLICY.items() if method == "POST" and cell.changes]


def contents(site: Site) -> dict[str, list[str]]:
    """Every table's rows, but for what is drawn anew each time."""
    connection = sqlite3.connect(str(site.database.url.database))
    connection.row_factory = sqlite3.Row
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    connection.close()
    return {
        name: [A_REF.sub("ref", repr([(key, row[key]) for key in row.keys() if not DRAWN_ANEW.search(key)]))  # noqa: SIM118
               for row in found]
        for name, found in rows.items()
    }  # fmt: skip


@pytest.mark.parametrize("endpoint", POSTS)
def test_fields_that_a_form_does_not_have_change_nothing(site: Site, endpoint: str) -> None:
    cell = POLICY[endpoint, "POST"]
    objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {})
    people = [name for name in ("ingrid", "amina", "olga", "sam", "rosa") if name in cell.who]
    person = next((name for name in people if owner_for(cell, name, objects) in objects), people[0])
    owner = owner_for(cell, person, objects)
    path = cell.path.format(
        objects.get(owner) or objects.get("basics") or objects.get("there") or objects.get("unit KE", "")
    )
    fields = {**cell.send, **({"record": site.refs["record"][owner]} if cell.kind in RECORDED else {})}
    assert site.post(person, path, fields).status_code == 302
    plain = contents(site)
    site.refresh()
    extra = {name: value for name, value in WANTED.items() if name not in fields}
    assert site.post(person, path, {**fields, **extra}).status_code == 302
    assert contents(site) == plain


@pytest.mark.parametrize("name", sorted(WANTED))
def test_an_answer_with_another_field_is_refused(site: Site, name: str) -> None:
    path = f"/attempts/{site.refs['open attempt']['amina']}/answers"
    answer = {"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}
    if name == "id":
        return
    before = site.checksums()
    assert site.send("amina", path, {"answers": [{**answer, name: WANTED[name]}]}).status_code == 422
    assert changed(before, site.checksums()) == set()


def test_fields_beside_the_answers_change_nothing(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    answer = {"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}
    site.send("amina", f"/attempts/{ref}/answers", {"answers": [answer]})
    plain = contents(site)
    site.refresh()
    site.send("amina", f"/attempts/{ref}/answers", {"answers": [answer], **WANTED})
    assert contents(site) == plain


def test_an_answer_for_another_persons_attempt_is_not_found(site: Site) -> None:
    answer = {"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}
    before = site.checksums()
    for person in ("kofi", "ingrid", "olga", "sam", "rosa"):
        path = f"/attempts/{site.refs['open attempt']['amina']}/answers"
        assert site.send(person, path, {"answers": [answer]}).status_code == 404
    assert changed(before, site.checksums()) == set()


def test_an_answers_id_cannot_be_used_for_another_attempt(site: Site) -> None:
    answer = {"id": "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f01", "question": 1, "values": ["1"]}
    paths = {person: f"/attempts/{ref}/answers" for person, ref in site.refs["open attempt"].items()}
    assert site.send("amina", paths["amina"], {"answers": [answer]}).status_code == 200
    before = site.checksums()
    stolen = site.send("wei", paths["wei"], {"answers": [answer]})
    assert stolen.status_code == 422
    assert changed(before, site.checksums()) == set()


def test_nobody_withdraws_their_own_completion(site: Site) -> None:
    for person in ("ingrid", "nadia"):
        record = site.refs["record"][person]
        assert "a colleague in HR can withdraw it" in site.get(person, f"/hr/records/{record}").text
        path = f"/hr/completions/{site.refs['completion'][person]}/withdraw"
        assert site.post(person, path, {"reason": "I would like to try again.", "record": record}).status_code == 403


def test_a_manager_assigns_nothing_to_themselves(site: Site) -> None:
    before = site.checksums()
    fields = {"course": "third", "due_on": "2026-12-31", "people": site.refs["person"]["kofi"]}
    assert site.post("kofi", "/assignments/new", fields).status_code == 422
    assert changed(before, site.checksums()) == set()


def test_a_profile_changes_its_own_person_alone(site: Site) -> None:
    site.post("amina", "/profile", {"display_name": "Amina B.", "language": "en", **WANTED})
    with sqlite3.connect(str(site.database.url.database)) as connection:
        rows = connection.execute("SELECT work_email, employee_number FROM lms_people WHERE display_name = 'Amina B.'")
        assert rows.fetchall() == [("amina@lantern.example", "0003")]
    connection.close()
