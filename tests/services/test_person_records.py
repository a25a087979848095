"""A person's record: every period and every fact, with when it was true, when it was written, who and why."""

import pytest

from lms.errors import NotFound
from lms.services.completions import withdraw_completion
from lms.services.person_records import get_person_record
from lms.services.waivers import waive_course, withdraw_waiver
from tests import world
from tests.services import steps


def test_all_facts_stand_there_the_newest_first(database, who) -> None:
    steps.assign(database, who("kofi"), "amina")
    steps.take(database, who("amina"), right=False)
    steps.take(database, who("amina"))
    with database.read() as session:
        completion = steps.completions(session, "amina")[0].ref
        ref = steps.person(session, "amina").ref
    record = steps.record_ref(database, "amina")
    with database.transaction() as session:
        withdraw_completion(session, who("ingrid"), ref=completion, reason="Another person sat there.")
    with database.transaction() as session:
        waive_course(session, who("nadia"), ref=record, reason="Taught it herself.")
    with database.transaction() as session:
        withdraw_waiver(session, who("ingrid"), ref=_waiver(database), reason="Not this year.")
    with database.read() as session:
        found = get_person_record(session, who("nadia"), ref=ref)
        with pytest.raises(NotFound):
            get_person_record(session, who("nadia"), ref=steps.person(session, "rosa").ref)
    assert (found.name, [period for period, _ in found.periods]) == ("Amina Diallo", [1])
    assert {(one.kind, one.name) for one in found.held} >= {("manager", "Kofi Mensah")}
    told = [(fact.kind, fact.by, fact.why) for fact in found.facts]
    assert sorted(kind for kind, _, _ in told) == sorted([
        "asked", "started", "attempt", "attempt", "result", "result", "completed", "completion_withdrawn", "waived",
        "waiver_withdrawn",
    ])  # fmt: skip
    assert ("asked", "Kofi Mensah", "") in told
    assert ("completion_withdrawn", "Ingrid Larsen", "Another person sat there.") in told
    assert ("waiver_withdrawn", "Ingrid Larsen", "Not this year.") in told
    assert {fact.number for fact in found.facts if fact.kind == "result"} >= {100}
    assert all(fact.recorded_at == world.NOW for fact in found.facts)


def _waiver(database):
    from lms.models import Waiver

    with database.read() as session:
        return session.query(Waiver).one().ref
