"""The disk is full, or the database is locked: said so, with everything entered kept, and nothing half done."""

import sqlite3
from uuid import uuid4

import pytest
from sqlalchemy import event

from tests.site import PREFIX, Site, changed, fields_of

LONG = "To agree with two partners how we meet, and to keep to it. " * 16
MOST_TRIES = 40


def fill_up(site: Site) -> None:
    """No page more may be added to the file from now on."""

    def no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size where that is more

    event.listen(site.database.engine, "connect", no_more_pages)
    site.database.dispose()


def until_full(site: Site, person: str, path: str, fields: dict[str, str]) -> tuple[object, set[str]]:
    """Send the form until there is no room for it; the answer, and what changed at the last attempt."""
    for _attempt in range(MOST_TRIES):
        before = site.checksums()
        response = site.post(person, path, fields)
        if response.status_code == 503:
            return response, changed(before, site.checksums())
        assert response.status_code == 302
    raise AssertionError("the disk was never full")


@pytest.mark.parametrize(
    ("person", "path", "fields"),
    [
        ("amina", "/plan/objectives", {"text": LONG, "measure": LONG}),
        ("ingrid", "/assignments/new", {"course": "third", "unit": "HUB", "due_on": "2026-12-31"}),
        ("amina", "/plan/objectives/{objective}/items", {"kind": "people", "text": LONG}),
    ],
    ids=["objective", "assignment", "step"],
)
def test_a_full_disk_keeps_what_was_entered(site: Site, person: str, path: str, fields: dict[str, str]) -> None:
    fill_up(site)
    path = path.format(objective=site.refs["objective"]["amina"])
    response, tables = until_full(site, person, path, fields)
    assert tables == set(), "half of it was written"
    assert response.headers["Retry-After"] == "5"
    assert "no room left to save to" in response.text
    assert "disk is full" in response.text
    kept = fields_of(response.text, PREFIX + path)
    assert {name: kept[name] for name in fields} == fields
    assert "sqlite" not in response.text.lower()
    assert site.get(person, "/plan").status_code == 200, "reading goes on"


def test_when_there_is_room_again_the_kept_form_is_taken(site: Site) -> None:
    fill_up(site)
    response, _tables = until_full(site, "amina", "/plan/objectives", {"text": LONG})
    kept = fields_of(response.text, f"{PREFIX}/plan/objectives")
    event.listen(site.database.engine, "connect", lambda c, _record: c.execute("PRAGMA max_page_count = 100000"))
    site.database.dispose()
    assert site.browser("amina").post(f"{PREFIX}/plan/objectives", data=kept).status_code == 302


def test_a_full_disk_refuses_answers_as_json_and_never_says_saved(site: Site) -> None:
    fill_up(site)
    path = f"/attempts/{site.refs['open attempt']['amina']}/answers"
    acknowledged: list[str] = []
    for n in range(400):
        answer = {"id": str(uuid4()), "question": 1, "values": [str(n % 2 + 1)]}
        response = site.send("amina", path, {"answers": [answer]})
        if response.status_code != 200:
            break
        acknowledged += response.get_json()["stored"]
    assert (response.status_code, set(response.get_json())) == (503, {"error"})
    assert response.headers["Retry-After"] == "5"
    connection = sqlite3.connect(str(site.database.url.database))
    stored = {row[0] for row in connection.execute("SELECT event_id FROM lms_answer_events")}
    connection.close()
    assert set(acknowledged) <= stored
    assert answer["id"] not in stored


def test_a_locked_database_says_busy(site: Site) -> None:
    event.listen(site.database.engine, "connect", lambda c, _record: c.execute("PRAGMA busy_timeout = 50"))
    site.database.dispose()
    other = sqlite3.connect(str(site.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = site.post("amina", "/plan/objectives", {"text": LONG})
    other.execute("ROLLBACK")
    other.close()
    assert response.status_code == 503
    assert "did not answer in time" in response.text
    assert fields_of(response.text, f"{PREFIX}/plan/objectives")["text"] == LONG
    assert site.post("amina", "/plan/objectives", {"text": LONG}).status_code == 302


def test_whoever_waits_too_long_for_other_writers_is_told_to_come_back(site: Site) -> None:
    if not site.database.is_sqlite:
        pytest.skip("PostgreSQL has no queue of writers")
    site.app.extensions["lms"].patience = 0.01
    path = f"/attempts/{site.refs['open attempt']['amina']}/answers"
    answer = {"id": str(uuid4()), "question": 1, "values": ["1"]}
    before = site.checksums()
    with site.database.transaction():
        page = site.post("amina", "/plan/objectives", {"text": LONG})
        saved = site.send("amina", path, {"answers": [answer]})
        assert site.get("amina", "/plan").status_code == 200, "reading goes on"
    assert changed(before, site.checksums()) == set()
    for refused in (page, saved):
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "did not answer in time" in refused.text
    assert fields_of(page.text, f"{PREFIX}/plan/objectives")["text"] == LONG
    assert site.post("amina", "/plan/objectives", {"text": LONG}).status_code == 302
    assert site.send("amina", path, {"answers": [answer]}).status_code == 200


def test_a_fault_of_ours_gives_a_number_and_no_trace(site: Site) -> None:
    site.app.testing = False
    connection = sqlite3.connect(str(site.database.url.database))
    connection.execute("ALTER TABLE lms_objectives RENAME TO gone")
    connection.close()
    for response in (site.get("amina", "/plan"), site.post("amina", "/plan/objectives", {"text": LONG})):
        assert response.status_code == 500
        assert "give your administrator this number" in response.text
        assert "lms_objectives" not in response.text
        assert "Traceback" not in response.text
