"""Runs of an export: scope, filters, what changed since the last one, manifest, memory."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from lms.errors import Forbidden, Invalid, NotFound
from lms.models import Enrolment, ExportReceipt, ExportRun, Standing
from lms.permissions import operator
from lms.services.export_manifests import get_manifest
from lms.services.exports import begin_export, list_exports, stream_export
from lms.services.profile import save_profile
from lms.services.records import RecordFilter
from tests import world
from tests.exports.rows import VERIFY_AT, begin, export, names, read, rows
from tests.services import steps

ALL = operator(world.NOW)
RECORDS = 20_000
MIB = 1024 * 1024


def some_records(database, who) -> None:
    """Amina completed, Li is overdue, José failed, Rosa was only asked; Kofi's was taken back by HR."""
    steps.assign(database, who("ingrid"), "wei", due_on=world.TODAY)
    steps.assign(database, who("ingrid"), "rosa")
    for name in ("amina", "kofi"):
        steps.take(database, who(name))
    steps.take(database, who("jose"), right=False)
    steps.take(database, who("amina"), "other")
    steps.withdraw(database, who("ingrid"), "kofi")


FILTERS = [
    ({}, ["Amina", "Amina", "José", "Kofi", "Li", "Rosa"]),
    ({"unit": "EAST"}, ["Amina", "Amina", "Kofi", "Li"]),
    ({"unit": "PE"}, ["José", "Rosa"]),
    ({"partner": "RC"}, ["Rosa"]),
    ({"function": "grants", "course": "M01"}, ["Amina", "José", "Kofi", "Li"]),
    ({"course": "M02"}, ["Amina"]),
    ({"status": "completed"}, ["Amina", "Amina"]),
    ({"status": "in_progress"}, ["José"]),
    ({"status": "assigned"}, ["Li", "Rosa"]),
    ({"status": "withdrawn"}, ["Kofi"]),
    ({"status": "overdue"}, ["Li"]),
    ({"status": "expired"}, []),
    ({"text": "DIALLO"}, ["Amina", "Amina"]),
    ({"text": "rioclaro"}, ["Rosa"]),
    ({"text": "0004"}, ["Li"]),
    ({"text": "%"}, []),
    ({"completed_from": world.TODAY}, ["Amina", "Amina"]),
    ({"completed_from": world.TODAY + timedelta(days=1)}, []),
    ({"completed_to": world.TODAY - timedelta(days=1)}, []),
    ({"unit": "EAST", "course": "M01", "status": "completed"}, ["Amina"]),
]


def test_filters(database, who) -> None:
    some_records(database, who)
    tomorrow = operator(world.NOW + timedelta(days=1))
    found = [(wanted, names(database, tomorrow, **wanted)) for wanted, _ in FILTERS]
    assert found == FILTERS


def test_scope(database, who) -> None:
    some_records(database, who)
    assert names(database, who("nadia")) == ["Amina", "Amina", "Kofi", "Li"]
    assert len(names(database, who("ingrid"))) == 6
    for person in ("amina", "kofi", "olga", "sam"):
        with pytest.raises(Forbidden):
            export(database, who(person))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"layout": "full_v9"}, "layout"),
        ({"format": "exe"}, "format"),
        ({"purpose": " "}, "purpose"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"wanted": RecordFilter(status="lost")}, "status"),
        ({"wanted": RecordFilter(unit="PE")}, "unit"),
        ({"wanted": RecordFilter(unit="NOWHERE")}, "unit"),
    ],
)
def test_what_cannot_be_exported_is_refused(sqlite, who, given, field) -> None:
    sound = {"layout": "full_v1", "format": "csv", "wanted": RecordFilter(), "purpose": "Test"}
    with pytest.raises(Invalid) as refused, steps.unchanged(sqlite), sqlite.transaction() as session:
        begin_export(session, who("nadia"), **(sound | given))
    assert set(refused.value.fields) == {field}


def test_a_file_that_must_be_whole_first_is_not_made_of_many_records_at_once(sqlite, who) -> None:
    some_records(sqlite, who)  # six in the scope of HR
    asked = {"layout": "full_v1", "wanted": RecordFilter(), "purpose": "Test"}
    for format, most in (("xlsx", 6), ("xlsx", None), ("csv", 5)):
        with sqlite.transaction() as session:
            begin_export(session, who("ingrid"), format=format, most=most, **asked)
    with pytest.raises(Invalid) as refused, steps.unchanged(sqlite), sqlite.transaction() as session:
        begin_export(session, who("ingrid"), format="xlsx", most=5, **asked)
    assert set(refused.value.fields) == {"format"}


def actions(database, days: int, **filters) -> dict[str, str]:
    """Given name -> record_action of an export some days later."""
    at = operator(world.NOW + timedelta(days=days))
    return {row["given_name"]: row["record_action"] for row in rows(database, at, **filters)}


def test_records_are_added_then_updated_then_the_same(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina", "wei")
    assert actions(database, 1) == {"Amina": "A", "Li": "A"}
    steps.take(database, who("amina", at=world.NOW + timedelta(days=2)))
    steps.assign(database, who("ingrid", at=world.NOW + timedelta(days=2)), "jose")
    assert actions(database, 3) == {"Amina": "U", "Li": "", "José": "A"}
    assert actions(database, 4) == {"Amina": "", "Li": "", "José": ""}
    with database.transaction() as session:
        actor = who("wei", at=world.NOW + timedelta(days=5))
        save_profile(session, actor, display_name="Wei Li", language="en", known={"en"})
    assert actions(database, 6) == {"Amina": "", "Li": "U", "José": ""}


def test_what_changes_by_the_calendar_alone_is_an_update(database, who) -> None:
    """A record runs out without anybody's act."""
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    told = [actions(database, days, course="M02")["Amina"] for days in (1, 2, 1040, 1041, 1100, 1101)]
    assert told == ["A", "", "U", "", "U", ""]


def test_only_a_finished_run_with_the_same_filters_counts_as_the_last(database, who) -> None:
    steps.assign(database, who("ingrid"), "amina")
    begin(database, operator(world.NOW + timedelta(days=1)))
    assert actions(database, 2, course="M01") == {"Amina": "A"}
    assert actions(database, 3) == {"Amina": "A"}
    assert actions(database, 4, course="M01") == {"Amina": ""}
    assert [row["record_action"] for row in rows(database, who("nadia", at=world.NOW + timedelta(days=5)))] == ["A"]


def test_the_manifest_matches_the_bytes(database, who) -> None:
    some_records(database, who)
    begun, body = export(database, who("nadia"), RecordFilter(course="M01"))
    with database.read() as session:
        manifest = get_manifest(session, who("nadia"), ref=begun.ref)
        path = session.scalar(select(ExportRun.scope))
    assert manifest["sha256"] == hashlib.sha256(body).hexdigest()
    assert manifest["rows"] == len(read(body)) == 3
    assert (manifest["layout"], manifest["filters"], manifest["scope"]) == ("full_v1", {"course": "M01"}, path)
    assert (manifest["purpose"], begun.file_name) == ("Test", "lpc_full_v1_all_20261123.csv")


def test_a_broken_export_has_no_receipt_and_no_manifest(database, who) -> None:
    some_records(database, who)
    begun = begin(database, who("ingrid"))
    with database.snapshot() as session:
        next(iter(stream_export(session, who("ingrid"), begun=begun, verify_at=VERIFY_AT)))
    with database.read() as session:
        assert not session.scalar(select(func.count()).select_from(ExportReceipt))
        assert [receipt for _run, receipt, _name in list_exports(session, who("ingrid"))] == [None]
        with pytest.raises(NotFound):
            get_manifest(session, who("ingrid"), ref=begun.ref)


def test_a_manifest_is_for_who_ran_it_and_for_hr_of_everything(database, who) -> None:
    begun, _ = export(database, who("ingrid"))
    own, _ = export(database, who("nadia"))
    with database.read() as session:
        assert len(list_exports(session, who("ingrid"))) == 2
        assert [run.ref for run, *_ in list_exports(session, who("nadia"))] == [own.ref]
        with pytest.raises(NotFound):
            get_manifest(session, who("nadia"), ref=begun.ref)


def many_records(database) -> None:
    """20,000 enrolments of ten people, in bulk."""
    enrolments = [
        {"id": n, "ref": f"ref-{n}", "person_id": 1 + n % 10, "course_id": 1, "period": n, "enrolled_at": world.NOW,
         "own_choice": True}
        for n in range(1, RECORDS + 1)
    ]  # fmt: skip
    standings = [
        {"enrolment_id": n, "assigned_on": world.TODAY, "reason": "own_choice", "mandatory": False, "language": "en",
         "attempts": 1, "completed_on": world.TODAY, "version_id": 1, "score_percent": 80, "changed_at": world.NOW}
        for n in range(1, RECORDS + 1)
    ]  # fmt: skip
    with database.transaction() as session:
        session.execute(insert(Enrolment), enrolments)
        session.execute(insert(Standing), standings)


def resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_memory_stays_constant_however_many_records(database) -> None:
    many_records(database)
    begun = begin(database, ALL)
    with database.snapshot() as session:
        stream = stream_export(session, ALL, begun=begun, verify_at=VERIFY_AT)
        start = resident()
        most = max(resident() for _piece in stream)
    assert stream.rows == RECORDS
    assert most - start < 64 * MIB, f"{(most - start) / MIB:.0f} MiB above the start"
