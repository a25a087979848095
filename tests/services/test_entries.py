"""Entries of evidence: what waits is never out of sight, and who sees, decides on and withdraws which."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.errors import Forbidden, LmsError, NotFound
from lms.models import EvidenceEntry, FactText, Mail, Person
from lms.services.entries import Seen, decide_entry, enter_outside, observe, withdraw_entry
from lms.services.entry_pages import list_entries, list_own
from lms.services.mail_contents import find_contents
from tests import world
from tests.services import steps

HEAD = "employee_number,given_name,family_name,work_email,unit_code,function,manager"
# José of the west reports to Nadia, who is HR of the east alone.
TO_NADIA = f"{HEAD}\n0005,José,García,jose@lantern.example,PE,grants,0006\n"


def put_forward(database, learner, words: str = "A course") -> str:
    with database.transaction() as session:
        return enter_outside(session, learner, competency="PC1", words=words, happened_on=learner.today)


def saw(database, manager, person: str, indicators: tuple[str, ...] = ("2a",)) -> str:
    with database.transaction() as session:
        ref = steps.person(session, person).ref
        seen = Seen("PC1", indicators, "Asked first", "A meeting", manager.today)
        return observe(session, manager, person=ref, seen=seen)


def listed(database, actor) -> list[str]:
    with database.read() as session:
        return [one.ref for one in list_entries(session, actor)]


def test_what_waits_comes_first_the_oldest_first_and_then_the_newest(database, who) -> None:
    waiting = [put_forward(database, who("amina")), put_forward(database, who("wei"))]
    seen = [saw(database, who("kofi"), "amina"), saw(database, who("kofi"), "wei")]
    assert listed(database, who("kofi")) == [*waiting, *reversed(seen)]


def test_however_much_was_observed_since_what_waits_stays_in_sight(database, who) -> None:
    waiting = put_forward(database, who("amina"))
    with database.transaction() as session:
        amina = session.scalars(select(Person).where(Person.id == who("amina").person_id)).one()
        for number in range(201):
            session.add(
                EvidenceEntry(
                    ref=f"seen-{number}", person_id=amina.id, kind="observation", competency="PC1",
                    happened_on=who("kofi").today, entered_by=who("kofi").person_id, recorded_at=who("kofi").at,
                    words_hash="",
                )
            )  # fmt: skip
    assert listed(database, who("kofi"))[0] == waiting


def test_hr_of_another_unit_withdraws_only_what_they_confirmed_themselves(database, who, tmp_path) -> None:
    put_forward(database, who("jose"))
    world.take_people(database, tmp_path, TO_NADIA)
    with database.transaction() as session:
        (waiting,) = list_entries(session, who("nadia"))
        decide_entry(session, who("ingrid"), ref=waiting.ref, accepted=True, reason="")
    mine = saw(database, who("nadia"), "jose")
    with database.read() as session:
        of_nadia = {one.ref: one.may_withdraw for one in list_entries(session, who("nadia"))}
        of_ingrid = {one.ref: one.may_withdraw for one in list_entries(session, who("ingrid"))}
    assert of_nadia == {waiting.ref: False, mine: True}
    assert of_ingrid == {waiting.ref: True, mine: True}
    with pytest.raises(Forbidden, match="Somebody else"), database.transaction() as session:
        withdraw_entry(session, who("nadia"), ref=waiting.ref, reason="Mistaken")


def test_the_next_manager_sees_what_waits_and_what_is_recorded_from_then_on(database, who, tmp_path) -> None:
    """What a former manager saw or decided stays between them and the person, and HR."""
    waiting, old = put_forward(database, who("amina")), saw(database, who("kofi"), "amina")
    day = world.NOW + timedelta(days=1)
    to_wei = f"{HEAD}\n0003,Amina,Diallo,amina@lantern.example,KE,grants,0004\n"
    world.take_people(database, tmp_path, to_wei, day)
    assert listed(database, who("wei", day)) == [waiting]
    new = saw(database, who("wei", day), "amina")
    assert listed(database, who("wei", day)) == [waiting, new]
    assert listed(database, who("ingrid", day)) == [waiting, new, old]
    for by, error in (("wei", NotFound), ("kofi", LmsError)):
        with pytest.raises(error), database.transaction() as session:
            withdraw_entry(session, who(by, day), ref=old, reason="Mistaken")
    with database.transaction() as session:
        decide_entry(session, who("ingrid", day), ref=waiting, accepted=True, reason="")
    assert listed(database, who("wei", day)) == [new]


def test_what_was_ticked_twice_is_kept_once(database, who) -> None:
    ref = saw(database, who("kofi"), "amina", ("2a", "1a", "2a"))
    with database.read() as session:
        assert session.scalar(select(EvidenceEntry.indicators).where(EvidenceEntry.ref == ref)) == "1a 2a"


def test_what_was_put_forward_is_found_under_the_code_that_its_own_became(database, who) -> None:
    ref, _seen = put_forward(database, who("amina")), saw(database, who("kofi"), "amina")
    framework = {"mapping": [{"old": "PC1", "new": ["PX1"]}]}
    with database.read() as session:
        (own,) = list_own(session, who("amina"), framework=framework, code="PX1")
        assert own.ref == ref
        assert list_own(session, who("amina"), framework=framework, code="PC2") == []


def test_whoever_entered_it_is_told_what_became_of_it_while_it_is_so(database, who) -> None:
    accepted, refused = put_forward(database, who("amina")), put_forward(database, who("amina"), "Another")
    with database.transaction() as session:
        decide_entry(session, who("kofi"), ref=accepted, accepted=True, reason="")
        decide_entry(session, who("kofi"), ref=refused, accepted=False, reason="Too short")
        withdraw_entry(session, who("kofi"), ref=accepted, reason="Another person's")
    with database.read() as session:
        wanted = select(FactText.text).join(Mail, Mail.ref == FactText.fact_ref).where(Mail.kind == "entry_settled")
        told = [
            find_contents(session, who("amina"), "entry_settled", who("amina").person_id, "en", json.loads(data))
            for data in session.scalars(wanted.order_by(Mail.id))
        ]
    assert [one and (one["outcome"], one["reason"]) for one in told] == [
        None, ("refused", "Too short"), ("withdrawn", "Another person's"),
    ]  # fmt: skip
