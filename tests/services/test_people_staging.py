"""HR's files by the page: what the preview says is what is written, in whose scope, with whose consent."""

import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lms.db import Database
from lms.errors import Forbidden, Invalid, LmsError, NotFound
from lms.models import OrgUnit, PartnerOrganisation, Person, Post
from lms.permissions import operator
from lms.rules.importing import State
from lms.services import people
from lms.services.import_lines import refused_csv
from lms.services.known_people import states
from lms.services.team import get_team
from tests import world
from tests.services import sending, steps

HEAD = (
    "employee_number,external_ref,given_name,family_name,work_email,unit_code,partner_code,job_title,manager,end_date"
)
AMINA = "0003,,Amina,Diallo,amina@lantern.example,KE,,Officer,0002,"
WEI = "0004,,Li,Wei,wei@lantern.example,KE,,Officer,0002,"


def rows(*some: str) -> str:
    return "\n".join([HEAD, *some])


def changes(database, actor, ref) -> list[tuple[str, str]]:
    return [(line.change.value, line.name) for line in sending.lines(database, actor, ref)]


def unit_of(database, name) -> str:
    with database.read() as session:
        found = select(OrgUnit.code).join(Post, Post.unit_id == OrgUnit.id)
        return session.scalars(found.where(Post.is_latest, Post.person_id == steps.person(session, name).id)).one()


def test_every_kind_of_change_is_told_before_it_happens(database, who) -> None:
    ingrid = who("ingrid")
    world_of_before = steps.contents(database)
    text = rows(
        "0100,,Ana,Ruiz,ana@lantern.example,KE,,Officer,0003,",
        "0003,,Amina,Traoré,amina@lantern.example,KE,,Officer,0002,",
        "0004,,Li,Wei,wei@lantern.example,PE,,Officer,0005,",
        "0005,,José,García,jose@lantern.example,PE,,Officer,0001,2026-11-23",
        "0002,,Kofi,Mensah,kofi@lantern.example,KE,,Team lead,0001,",
        "0101,,Twice,One,AMINA@lantern.example,KE,,Officer,,",
        ",P-1,Rosa,Quispe,rosa@rioclaro.example,PE,RC,,0002,",
        "0102,,Own,Staff,own@lantern.example,KE,,Officer,P-2,",
    )
    ref = sending.send(database, ingrid, text)
    assert changes(database, ingrid, ref) == [
        ("new", "Ana Ruiz"), ("changed", "Amina Diallo"), ("moved", "Li Wei"), ("leaving", "José García"),
        ("moved", "Rosa Quispe"), ("refused", "Twice One"), ("refused", "Own Staff"),
    ]  # fmt: skip
    *_, own = sending.lines(database, ingrid, ref)
    assert own.reason == "%(value)r belongs to another partner organisation"
    assert sending.told(database, ingrid, ref).counts["same"] == 1
    after = steps.contents(database)
    moved = {name for name in after if after[name] != world_of_before[name]}
    assert moved <= {"lms_people_imports", "lms_import_steps", "lms_import_lines", "lms_import_details", "lms_jobs",
                     "lms_audit_entries"}, "a preview changes nobody"  # fmt: skip
    sending.decide(database, ingrid, ref)
    sending.write(database, ref)
    done = sending.told(database, ingrid, ref).done
    assert (done["added"], done["changed"], done["unchanged"], done["late"]) == (1, 4, 1, [])
    with database.read() as session:
        assert {member.name for member in get_team(session, who("amina"))} == {"Ana Ruiz"}
        assert steps.person(session, "amina").display_name == "Amina Traoré"


NAMES = st.sampled_from(["Amina", "Ana", "李", "Zoë"])
CELLS = st.fixed_dictionaries({
    "number": st.sampled_from(["0002", "0003", "0004", "0005", "0100", "0101"]),
    "given": NAMES,
    "email": st.sampled_from(["amina", "wei", "ANA", "ana", "zoe", "kofi"]),
    "unit": st.sampled_from(["KE", "PE", "NEW"]),
    "title": st.sampled_from(["Officer", "Lead"]),
    "manager": st.sampled_from(["", "0005", "0002", "0003", "0100", "wei@lantern.example"]),
    "end": st.sampled_from(["", "", "2026-11-01", "2027-01-31"]),
})  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=3))
def test_what_the_preview_says_is_what_is_written(sqlite_template, tmp_path_factory, files) -> None:
    """After any files, each line stands as its preview said, and the same file again changes nothing."""
    path = tmp_path_factory.mktemp("preview") / "preview.sqlite3"
    shutil.copy(sqlite_template / "template.sqlite3", path)
    database = Database(f"sqlite:///{path}")
    ingrid = world.actor(database, "ingrid@lantern.example")
    for cells in files:
        text = rows(*(
            f"{c['number']},,{c['given']},X,{c['email']}{c['number'][-1]}@lantern.example,{c['unit']},,{c['title']},"
            f"{c['manager']},{c['end']}" for c in cells
        ))  # fmt: skip
        ref = sending.send(database, ingrid, text)
        row = sending.told(database, ingrid, ref)
        if row.state is not State.READY or not row.may_take:
            continue
        preview = sending.lines(database, ingrid, ref)
        sending.decide(database, ingrid, ref)
        sending.write(database, ref)
        late = set(sending.told(database, ingrid, ref).done["late"])
        with database.read() as session:
            found = states(session, Person.ref, [line.ref for line in preview if line.ref])
            refs = {one.id: one.ref for one in session.execute(select(Person.id, Person.ref))}
        for line in preview:
            if line.ref and line.position not in late:
                now, after = found[line.ref], {name: after for name, (_, after) in line.fields.items()}
                assert line.manager_ref in (None, refs.get(now.manager_id, ""))
                after.pop("manager", None)
                assert {name: now.known.cells[name] for name in after} == after
        again = sending.lines(database, ingrid, sending.send(database, ingrid, text))
        assert not late or [line for line in again if line.change.value != "refused"]
        assert late or all(line.change.value == "refused" for line in again), again
    database.dispose()


def test_a_complete_file_lets_go_who_is_missing_of_its_kinds_of_people(database, who) -> None:
    ingrid = who("ingrid")
    ref = sending.take(database, ingrid, rows(AMINA, "0002,,Kofi,Mensah,kofi@lantern.example,KE,,Team lead,,"),
                       unit="EAST", full=True)  # fmt: skip
    told = changes(database, ingrid, ref)
    assert ("leaving", "Li Wei") in told, "of the unit, and not in the file"
    assert ("leaving", "Nadia") in told
    assert not {name for change, name in told if change == "leaving"} & {"José García", "Rosa Quispe", "Ingrid Larsen"}
    with database.read() as session:
        assert steps.person(session, "wei").id
    partial = sending.take(database, ingrid, rows("0005,,José,García,jose@lantern.example,PE,,Lead,0001,"))
    assert [change for change, _ in changes(database, ingrid, partial)] == ["moved"], "nobody leaves by being absent"


def test_a_complete_file_with_a_refused_row_is_taken_as_a_whole_or_not_at_all(database, who) -> None:
    ingrid = who("ingrid")
    ref = sending.send(database, ingrid, rows(AMINA, ",,,,x,,,,,"), full=True)
    assert not [name for change, name in changes(database, ingrid, ref) if change == "leaving"]
    with pytest.raises(LmsError, match="cannot be taken in"):
        sending.decide(database, ingrid, ref)


def test_many_moves_wait_for_somebody_else(database, who) -> None:
    ingrid, nadia = who("ingrid"), who("nadia")
    text = rows(AMINA.replace("KE", "EAST"), WEI.replace("KE", "EAST"))
    ref = sending.send(database, nadia, text, unit="EAST", percent=10)
    assert sending.told(database, nadia, ref).waits_for == ["share"]
    assert sending.decide(database, nadia, ref) is State.WAITING
    with pytest.raises(LmsError, match="Nobody has had"):
        sending.write(database, ref)
    with pytest.raises(Forbidden, match="yourself"):
        sending.decide(database, nadia, ref, approve=True)
    assert sending.decide(database, ingrid, ref, approve=True) is State.TAKING
    sending.write(database, ref)
    assert unit_of(database, "wei") == "EAST"
    assert sending.told(database, nadia, sending.send(database, nadia, text, unit="EAST", percent=10)).waits_for == []


def test_whoever_sends_a_file_changes_neither_their_own_record_nor_whom_they_lead_alone(database, who) -> None:
    nadia = who("nadia")
    own = "0006,,Nadia,,nadia@lantern.example,EAST,,Director,0001,"
    ref = sending.send(database, nadia, rows(own, AMINA.replace("0002,", "0006,")), unit="EAST")
    assert changes(database, nadia, ref) == [("moved", "Amina Diallo"), ("refused", "Nadia")]
    assert sending.told(database, nadia, ref).waits_for == ["sender_manages"]


def test_an_office_sends_its_own_people_alone(database, who) -> None:
    nadia = who("nadia")
    text = rows("0005,,José,García,jose@lantern.example,KE,,Officer,,", AMINA.replace("KE", "PE"), WEI)
    ref = sending.send(database, nadia, text, unit="KE")
    assert [change for change, _ in changes(database, nadia, ref)] == ["refused", "refused"]
    for unit in ("", "PE", "absent"):
        with pytest.raises(Invalid) as refused:
            sending.send(database, nadia, text, unit=unit)
        assert set(refused.value.fields) == {"unit"}
    other = sending.send(database, who("ingrid"), text)
    with pytest.raises(NotFound):
        sending.told(database, nadia, other)


def test_partner_staff_become_staff_and_people_go_elsewhere_for_a_time(database, who, tmp_path) -> None:
    """Their records stay with the person; each post has its dates."""
    ingrid = who("ingrid")
    with database.read() as session:
        rosa = steps.person(session, "rosa").id
    head = f"{HEAD},person_type,start_date"
    sending.take(database, ingrid, f"{head}\n0200,P-1,Rosa,Quispe,rosa@lantern.example,PE,,Coordinator,0005,,staff,")
    for unit, day in (("KE", "2026-11-24"), ("PE", "2027-02-01")):
        line = f"0200,P-1,Rosa,Quispe,rosa@lantern.example,{unit},,Coordinator,0005,,staff,{day}"
        at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=UTC)
        world.take_people(database, tmp_path, f"{head}\n{line}", at)
    with database.read() as session:
        person = session.scalars(select(Person).where(Person.id == rosa)).one()
        assert (person.kind, person.employee_number, person.external_ref) == ("staff", "0200", "P-1")
        posts = select(OrgUnit.code, PartnerOrganisation.code, Post.started_on, Post.ended_on).join(OrgUnit)
        found = session.execute(posts.outerjoin(PartnerOrganisation).where(Post.person_id == rosa).order_by(Post.id))
        told = [(unit, partner, str(begun), str(ended)) for unit, partner, begun, ended in found]
    assert told == [
        ("PE", "RC", "2026-11-23", "2026-11-23"), ("PE", None, "2026-11-23", "2026-11-24"),
        ("KE", None, "2026-11-24", "2027-02-01"), ("PE", None, "2027-02-01", "None"),
    ]  # fmt: skip


def test_a_taking_that_was_cut_goes_on_where_it_was(database, who) -> None:
    ingrid, machine = who("ingrid"), operator(world.NOW)
    text = rows(
        *(f"9{n},,New,N{n},n{n}@lantern.example,KE,,Officer,{'9' + str(n - 1) if n else ''}," for n in range(3))
    )
    ref = sending.send(database, ingrid, text)
    sending.decide(database, ingrid, ref)
    for _cut in range(10):
        with database.transaction() as session:
            left = people.take_step(session, machine, payload={"import": ref}, after=0)
        if left is None:
            break
    done = sending.told(database, ingrid, ref).done
    assert (done["added"], done["late"]) == (3, [])
    with database.read() as session:
        assert [member.name for member in get_team(session, world.actor(database, "n1@lantern.example"))] == ["New N2"]


def test_who_was_changed_meanwhile_is_left_for_another_file(database, who, tmp_path) -> None:
    ingrid = who("ingrid")
    ref = sending.send(database, ingrid, rows(AMINA.replace("Officer", "Lead"), WEI.replace("Officer", "Lead"),
                                              "0100,,Ana,Ruiz,ana@lantern.example,KE,,Officer,,"))  # fmt: skip
    world.take_people(database, tmp_path, rows(AMINA.replace("Officer", "Director"),
                                               "0100,,Ana,Ruiz,ana@lantern.example,PE,,Officer,,"))  # fmt: skip
    sending.decide(database, ingrid, ref)
    sending.write(database, ref)
    assert len(sending.told(database, ingrid, ref).done["late"]) == 2
    assert unit_of(database, "ana") == "PE"


def test_refused_rows_come_back_as_they_were_sent(database, who) -> None:
    """A formula runs nowhere, and is the same text again when the corrected file comes."""
    ingrid = who("ingrid")
    ref = sending.send(database, ingrid, rows("0100,,=1+1,@x,f@lantern.example,NOWHERE,,-2,,"))
    text = "".join(refused_csv(sending.lines(database, ingrid, ref), lambda told, values: told % values))
    assert "'=1+1" in text
    assert "unit_code: unit 'NOWHERE' is new" in text
    again = sending.send(database, ingrid, text.replace("NOWHERE", "KE"))
    (line,) = sending.lines(database, ingrid, again)
    assert (line.name, line.fields["job_title"][1]) == ("=1+1 @x", "-2")
