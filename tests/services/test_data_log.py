"""Each person reads which exports held records of them, and nobody else's."""

import pytest

from lms.permissions import operator
from lms.services import data_log
from lms.services.exports import begin_export
from lms.services.records import RecordFilter
from tests import world
from tests.services import steps
from tests.working import make_worker

PEOPLE = ("amina", "kofi", "wei", "jose", "nadia", "olga", "sam")


@pytest.fixture
def records(database, who):
    """Records in both regions, and what was exported of them, by HR of everything and of one region."""
    steps.take(database, who("amina"))
    steps.take(database, who("jose"))
    steps.assign(database, who("ingrid"), "wei", "kofi", due_on=world.DUE)
    return database


def export(database, actor, purpose, **wanted):
    with database.transaction() as session:
        return begin_export(
            session, actor, layout="full_v1", format="csv", wanted=RecordFilter(**wanted), purpose=purpose
        )


def told(database, who):
    """Purpose -> who reads of it."""
    found: dict[str, set[str]] = {}
    for name in PEOPLE:
        with database.read() as session:
            for row in data_log.list_exports_of_me(session, who(name)):
                found.setdefault(row.purpose, set()).add(name)
    return found


def test_scope_and_filters_decide_who_reads_of_it(records, who, monkeypatch) -> None:
    monkeypatch.setattr(data_log, "SLICE", 2)
    export(records, who("ingrid"), "all")
    export(records, who("nadia"), "region")
    export(records, who("ingrid"), "done", status="completed", completed_from=world.TODAY)
    export(records, operator(world.NOW), "machine", unit="PE")
    assert told(records, who) == {}
    steps.assign(records, steps.later(who("ingrid"), minutes=1), "olga")  # known after the export
    make_worker(records, 1, who("ingrid").at).run(once=True)
    assert told(records, who) == {
        "all": {"amina", "jose", "wei", "kofi"}, "region": {"amina", "wei", "kofi"}, "done": {"amina", "jose"},
        "machine": {"jose"},
    }  # fmt: skip


def test_a_repeated_slice_changes_nothing_and_partner_staff_read_no_name(records, who) -> None:
    steps.take(records, who("rosa"))
    begun = export(records, who("ingrid"), "all")
    for _time in range(2):
        with records.transaction() as session:
            data_log.note_people(session, operator(world.NOW), payload={"export": begun.ref}, after=0)
    with records.read() as session:
        assert [row.name for row in data_log.list_exports_of_me(session, who("amina"))] == ["Ingrid Larsen"]
        assert [row.name for row in data_log.list_exports_of_me(session, who("rosa"))] == [None]


def test_a_filter_is_read_as_it_was_written() -> None:
    filters = RecordFilter(unit="PE", expires_to=world.DUE)
    assert data_log.read_filter(filters.as_json() | {"after": "7"}) == filters
