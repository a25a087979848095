"""Own data and erasure, by the manifest: canaries in every column of two people that holds words or names."""

import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text, select, text, update

from lms.documents.own_data import write_own_data
from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import AnswerValue, Base, Erasure, FactText, Person, Post, append_only
from lms.models.personal import PEOPLE, PERSONAL
from lms.permissions import operator
from lms.rules.privacy import Cause
from lms.services import erasing
from lms.services.actors import link_identity
from lms.services.own_data import get_own_data
from lms.services.personal_rows import of_person
from lms.services.plans import get_plan, save_note
from lms.services.results import get_result
from tests import world
from tests.models.test_append_only import one_of_everything
from tests.services import sealing, steps
from tests.working import left, make_worker

TABLES = Base.metadata.tables
# Text that stays beside a number: codes of the program and of HR's lists, keys of content, hashes, unguessable refs.
CODES = {
    "rule", "name", "outcome", "conditions", "path", "audience", "step", "terms", "changes",
    "kind", "language", "function", "role_profile", "role", "reason", "section_key", "confirmed_as", "act",
    "side", "event", "certificate_number", "marking_rule", "draft_key", "event_id", "tab", "cause", "factor",
    "competency", "template", "decision", "comment", "source_ref", "decided_as", "indicators", "confidence",
    "stage", "carried_from", "condition", "action", "object_kind", "object_ref", "what", "layout",
    "layout_version", "format", "filters", "scope", "purpose", "likeness", "sha256", "policy", "competencies",
    "points", "option_order", "words", "key", "provider", "subject", "before", "after", "data",
    "totals", "seal_head", "signed_by", "signature",
}  # fmt: skip


def canaries(database, person: str, person_id: int) -> dict[str, str]:
    """Write a word that occurs nowhere else into all that is no code in the person's rows; column -> word."""
    found = {}
    with database.engine.begin() as connection:
        append_only.remove(connection)
        for name, entry in PERSONAL.items():
            for column in TABLES[name].columns:
                free = isinstance(column.type, (String, Text, JSON, LargeBinary)) and not column.foreign_keys
                is_goner = column.name in entry.emptied or entry.erasure == "deleted"
                if not free or column.name in ("ref", "salt") or column.name.endswith("_hash"):
                    continue
                if column.name in CODES and not is_goner:
                    continue
                assert is_goner, f"{name}.{column.name} is kept when a person is erased: is it a code, or are it words?"
                word = f"canary{person}{len(found)}end"
                value = word.encode() if isinstance(column.type, LargeBinary) else word
                done = connection.execute(
                    update(TABLES[name]).where(of_person(name)).values({column.name: value}), {"who": person_id}
                )
                found[f"{name}.{column.name}"] = word
                assert done.rowcount or person != "amina", f"{name} has no row of {person}"
            if entry.texts:
                word = f"canary{person}{len(found)}end"
                refs = select(TABLES[name].c.ref).where(of_person(name))
                connection.execute(
                    update(FactText).where(FactText.fact_ref.in_(refs)).values(text=word), {"who": person_id}
                )
                found[f"{name} words"] = word
        append_only.install(connection)
    return found


def bytes_of(database) -> bytes:
    """Everything that the database holds: of SQLite the files as they are, of PostgreSQL every row."""
    if database.is_sqlite:
        path = str(database.url.database)
        with open(path, "rb") as file, open(path + "-wal", "rb") as log:
            return file.read() + log.read()
    with database.engine.connect() as connection:
        rows = [connection.execute(text(f"SELECT t::text FROM {name} t")).scalars().all() for name in TABLES]
    return "\n".join(line for some in rows for line in some).encode()


def own_zip(database, actor) -> bytes:
    with database.read() as session:
        data = get_own_data(session, actor)
    return write_own_data(data.parts, data.files, name="x", at=world.NOW, say=str, language="en", direction="ltr")


def test_the_export_holds_all_of_one_and_nothing_of_another_and_erasure_leaves_nothing(database, who) -> None:
    one_of_everything(database, who)
    amina, kofi = who("amina"), who("kofi")
    with database.transaction() as session:
        link_identity(session, amina.person_id, provider="host", subject="amina", at=world.NOW)
        save_note(session, amina, ref=get_plan(session, amina, cycle_start=steps.CYCLE).view.ref, text="For me")
    own, others = (canaries(database, name, actor.person_id) for name, actor in (("amina", amina), ("kofi", kofi)))
    archive = zipfile.ZipFile(io.BytesIO(own_zip(database, amina)))
    held = {name: archive.read(name) for name in archive.namelist()}
    everything = b"\n".join(held.values())
    hidden = {f"{name}.{column}" for name, entry in PERSONAL.items() for column in entry.hidden}
    shown = {place: word for place, word in own.items() if place not in hidden or place == "lms_upload_bodies.body"}
    present = {place for place, word in shown.items() if word.encode() in bytes_of(database)}
    assert {place for place in present if shown[place].encode() not in everything} == set()
    assert not [place for place, word in others.items() if word.encode() in everything]
    tables = json.loads(held["own-data.json"])["tables"]
    assert tables[PEOPLE][0]["display_name"] in held["own-data.html"].decode()
    sealing.make_key(database)
    sealing.seal(database)
    with database.transaction() as session:
        ref = session.scalar(select(Person.ref).where(Person.id == amina.person_id))
        erasing.erase_person(session, operator(world.NOW), person=ref, cause=Cause.REQUEST)
    database.scrub(erasing.TOUCHED)
    rest = bytes_of(database)
    assert not [place for place, word in own.items() if word.encode() in rest]
    assert [place for place, word in others.items() if word.encode() in rest]
    with database.read() as session:
        assert sealing.fault(session) is None, "what is sealed of records does not go with the person"
        assert session.scalar(select(Person.display_name).where(Person.id == amina.person_id)) == f"#{ref}"


def test_a_request_goes_from_the_person_to_hr_to_an_administrator_to_the_worker(database, who) -> None:
    steps.take(database, who("amina"))
    told: list[str] = []
    with database.transaction() as session:
        ref = erasing.ask_erasure(session, who("amina"), words="")
    with database.transaction() as session, pytest.raises(Conflict):
        erasing.ask_erasure(session, who("amina"), words="again")
    with database.transaction() as session, pytest.raises(Conflict, match="not accepted"):
        erasing.run_erasure(session, who("sam"), ref=ref)
    with database.transaction() as session, pytest.raises(Invalid):
        erasing.decide_erasure(session, who("nadia"), ref=ref, accepted=True, reason=" ")
    with database.transaction() as session:
        erasing.decide_erasure(session, who("nadia"), ref=ref, accepted=True, reason="You have left")
    with database.transaction() as session:
        erasing.run_erasure(session, who("sam"), ref=ref)
    worker = make_worker(database, 1, forget=told.extend)
    assert worker.run(once=True)
    assert told == ["amina@lantern.example"]
    assert not left(database)
    with database.read() as session:
        erased = session.scalars(select(Person).where(Person.display_name.startswith("#"))).one()
        assert (erased.work_email, erased.employee_number, erased.given_name) == (None, None, "")
        assert session.scalar(select(Post.ended_on).where(Post.person_id == erased.id)) == world.TODAY
        assert session.scalar(select(Erasure.cause)) == Cause.REQUEST
        assert erasing.list_requests(session, who("sam"))[0].erased_at == world.NOW


def test_nobody_decides_about_themselves_or_outside_their_units_or_twice(database, who) -> None:
    with database.transaction() as session:
        own = erasing.ask_erasure(session, who("nadia"), words="")
        jose = erasing.ask_erasure(session, who("jose"), words="")
    for ref, error in ((own, Forbidden), (jose, NotFound)):
        with database.transaction() as session, pytest.raises(error):
            erasing.decide_erasure(session, who("nadia"), ref=ref, accepted=True, reason="Yes")
    with database.transaction() as session:
        erasing.decide_erasure(session, who("ingrid"), ref=jose, accepted=False, reason="You still work here")
    with database.transaction() as session, pytest.raises(Conflict):
        erasing.decide_erasure(session, who("ingrid"), ref=jose, accepted=True, reason="Yes")
    with database.transaction() as session:  # who was refused may ask again
        erasing.ask_erasure(session, who("jose"), words="Now I have left")


@pytest.mark.parametrize(
    ("ended", "causes"),
    [
        (world.TODAY, []),
        (date(2025, 11, 24), []),
        (date(2025, 11, 23), [Cause.LEFT]),
        (date(2020, 11, 24), [Cause.LEFT]),
        (date(2020, 11, 23), [Cause.OVER]),
    ],
)
def test_leavers_are_let_go_on_the_day(database, who, ended, causes) -> None:
    steps.take(database, who("amina"))
    amina = who("amina").person_id
    with database.transaction() as session:
        session.execute(update(Post).where(Post.person_id == amina).values(ended_on=ended))
    worker = make_worker(database, 1)
    for _days in range(2):
        worker.run(once=True)
    with database.read() as session:
        assert session.scalars(select(Erasure.cause).order_by(Erasure.id)).all() == causes
        name = session.scalar(select(Person.display_name).where(Person.id == amina))
        assert name.startswith("#") == (Cause.OVER in causes)
        assert bool(session.scalars(select(AnswerValue.answer_id)).all()) == (not causes)


def test_old_answers_go_and_their_result_stays(database, who) -> None:
    ref = steps.take(database, who("amina"))
    for days, kept in ((730, True), (735, False)):  # 24 months, and three days at most
        make_worker(database, 1, at=world.NOW + timedelta(days=days)).run(once=True)
        with database.read() as session:
            assert bool(session.scalars(select(AnswerValue.answer_id)).all()) == kept
    with database.read() as session:
        assert get_result(session, who("amina"), ref=ref).result.passed


def test_who_was_erased_is_erased_again_when_an_older_database_comes_back(database, who) -> None:
    machine = operator(world.NOW)
    with database.transaction() as session:
        ref = steps.person(session, "amina").ref
        assert erasing.erase_again(session, machine, gone=[(ref, "request"), ("nobody", "over"), (ref, "request")]) == 1
        assert erasing.list_erased(session, machine) == [(ref, "request")]
        listed = "".join(f"{who_} {cause}\n" for who_, cause in erasing.list_erased(session, machine))
        assert erasing.erase_again(session, machine, gone=erasing.read_list(listed)) == 0
    with pytest.raises(Invalid, match="Line 2"):
        erasing.read_list(f"{ref} over\n{ref}\n")
