"""Who took part in a session has completed the course, as HR records; everything that follows a completion follows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from lms.content import load_library
from lms.errors import Conflict, Forbidden, Invalid
from lms.models import Attendance, Completion, Enrolment, Evidence, FactText, Person
from lms.permissions import operator
from lms.rules.standing import Status, status
from lms.services.attendances import Recorded, list_sessions, record_attendance
from lms.services.certificates import find_certificate, get_certificate
from lms.services.completions import withdraw_completion
from lms.services.courses import get_course
from lms.services.plan_words import add_item, save_objective
from lms.services.plans import get_plan, start_plan
from lms.services.publishing import publish_library
from lms.services.records import get_record
from lms.services.results import get_result
from lms.services.standings import as_rule, rebuild
from tests import world
from tests.content.sample import GOOD, OTHER_COURSE, OTHER_QUIZ, write_library
from tests.exports.rows import rows
from tests.services import steps

HELD = date(2026, 11, 20)
COURSE = OTHER_COURSE.replace("M02", "M11").replace("[M01]", "[]").replace("[staff]", "[staff, partner_staff]")
MEETING = {
    "meeting/course.yaml": COURSE.replace("36", "12") + "completes_by: attendance\n",
    "meeting/quiz.yaml": OTHER_QUIZ,
    "meeting/01-ears.md": "---\ntitle: Ears\nminutes: 5\n---\nTwo.\n",
}


@pytest.fixture
def meeting(database, tmp_path):
    """The small organisation, with a course that is a live session."""
    publish(database, tmp_path, MEETING)
    return database


def publish(database, tmp_path, files) -> None:
    library = load_library(write_library(tmp_path / "meeting", GOOD | files))
    with database.transaction() as session:
        publish_library(session, operator(world.NOW), library=library)


def record(database, actor, *people: str, held_on: date | None = HELD, place: str = "Town hall") -> Recorded:
    with database.transaction() as session:
        return record_attendance(session, actor, course_slug="meeting", held_on=held_on, place=place, people=people)


def test_whoever_took_part_has_completed_the_course(meeting, who) -> None:
    assert record(meeting, who("ingrid"), "AMINA@lantern.example ", "0004", "", "P-1") == Recorded(3, 0)
    with meeting.read() as session:
        standing = steps.standing(session, "amina", "meeting")
        assert (standing.completed_on, standing.expires_on) == (HELD, date(2027, 11, 20))
        assert (standing.score_percent, standing.attempts, standing.language) == (None, 0, "en")
        (completion,) = steps.completions(session, "amina", "meeting")
        assert (completion.attempt_id, completion.recorded_at) == (None, world.NOW)
        attendance = session.scalars(select(Attendance).where(Attendance.completion_id == completion.id)).one()
        assert (attendance.held_on, attendance.recorded_by) == (HELD, who("ingrid").person_id)
        words = session.scalars(select(FactText.text).where(FactText.fact_ref == attendance.ref)).one()
        assert words == "Town hall"
        evidence = session.scalars(select(Evidence).where(Evidence.completion_id == completion.id)).one()
        assert (evidence.kind, evidence.effective_at.date()) == ("course", HELD)


def test_recording_again_changes_nothing_for_those_who_have_it(meeting, who) -> None:
    record(meeting, who("ingrid"), "0003")
    assert record(meeting, who("ingrid"), "0003", "0004", held_on=world.TODAY) == Recorded(1, 1)
    with meeting.read() as session:
        assert len(steps.completions(session, "amina", "meeting")) == 1
        assert steps.standing(session, "amina", "meeting").completed_on == HELD


def test_what_the_learner_and_hr_read(meeting, who) -> None:
    record(meeting, who("ingrid"), "0003")
    with meeting.read() as session:
        page = get_course(session, who("amina"), slug="meeting")
        assert (page.status, page.obstacle) == ("completed", "completed")
        paper = get_certificate(session, who("amina"), ref=page.completion_ref)
        assert paper.verified.truth.completed_on == HELD
        found = find_certificate(session, typed=paper.verified.number, today=world.TODAY)
        assert found is not None
        assert found.title == paper.verified.title
    ref = steps.record_ref(meeting, "amina", "meeting")
    with meeting.read() as session:
        (facts,) = get_record(session, who("ingrid"), ref=ref).completions
        assert (facts.percent, facts.place) == (None, "Town hall")


def test_the_entry_check_completes_nothing(meeting, who) -> None:
    ref = steps.take(meeting, who("amina"), "meeting")
    with meeting.read() as session:
        assert get_result(session, who("amina"), ref=ref).result.passed
        assert steps.completions(session, "amina", "meeting") == []
        standing = as_rule(steps.standing(session, "amina", "meeting"))
        assert status(standing, world.TODAY) is Status.IN_PROGRESS
    record(meeting, who("ingrid"), "0003")
    with meeting.read() as session:
        standing = as_rule(steps.standing(session, "amina", "meeting"))
        assert (status(standing, world.TODAY), standing.attempts) == (Status.COMPLETED, 1)


def test_an_entry_check_that_went_wrong_is_no_result_in_the_export(meeting, who) -> None:
    steps.take(meeting, who("amina"), "meeting", right=False)
    (row,) = rows(meeting, operator(world.NOW))
    assert (row["delivery_mode"], row["attempts"], row["result"]) == ("blended", "1", "not_assessed")


def test_a_wrong_name_is_withdrawn_and_can_be_recorded_again(meeting, who) -> None:
    record(meeting, who("ingrid"), "0003")
    steps.withdraw(meeting, who("ingrid"), "amina", "meeting")
    with meeting.read() as session:
        standing = as_rule(steps.standing(session, "amina", "meeting"))
        assert status(standing, world.TODAY) is Status.WITHDRAWN
    assert record(meeting, who("ingrid"), "0003", held_on=world.TODAY) == Recorded(1, 0)
    with meeting.read() as session:
        assert steps.standing(session, "amina", "meeting").completed_on == world.TODAY
        assert len(steps.completions(session, "amina", "meeting")) == 2


def test_what_has_expired_is_renewed_by_taking_part_again(meeting, who) -> None:
    record(meeting, who("ingrid"), "0003")
    later = steps.later(who("ingrid"), days=400)
    assert record(meeting, later, "0003", held_on=later.today) == Recorded(1, 0)
    with meeting.read() as session:
        periods = select(Enrolment.period).join(Completion, Completion.enrolment_id == Enrolment.id)
        assert set(session.scalars(periods)) == {1, 2}


@pytest.mark.parametrize(("days", "held", "now"), [(340, 330, 1), (200, 190, 0), (340, -3, 0)])
def test_what_runs_out_soon_is_renewed_by_taking_part_again(meeting, who, days, held, now) -> None:
    """In the last sixty days, by a session that was after the first; the evidence goes on from there."""
    record(meeting, who("ingrid"), "0003")
    later = steps.later(who("ingrid"), days=days)
    assert record(meeting, later, "0003", held_on=HELD + timedelta(days=held)) == Recorded(now, 1 - now)
    with meeting.read() as session:
        assert steps.standing(session, "amina", "meeting").completed_on == HELD + timedelta(days=held if now else 0)


def test_a_line_that_means_several_people_is_named(meeting, who) -> None:
    with meeting.transaction() as session:
        steps.person(session, "rosa@rioclaro.example").external_ref = "0003"
    with steps.unchanged(meeting), pytest.raises(Invalid) as refused:
        record(meeting, who("ingrid"), "0004", "0003")
    assert refused.value.params == {"lines": "0003"}


def test_a_rebuild_finds_the_same(meeting, who) -> None:
    record(meeting, who("ingrid"), "0003", "0004")
    steps.withdraw(meeting, who("ingrid"), "wei", "meeting")
    with meeting.transaction() as session:
        before = {name: as_rule(steps.standing(session, name, "meeting")) for name in ("amina", "wei")}
        rebuild(session, operator(world.NOW + timedelta(days=1)))
        assert {name: as_rule(steps.standing(session, name, "meeting")) for name in before} == before


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"held_on": None}, {"held_on"}), ({"held_on": world.TODAY + timedelta(days=1)}, {"held_on"}),
        ({"held_on": world.TODAY - timedelta(days=3660)}, {"held_on"}),
        ({"place": " "}, {"place"}), ({"place": "x" * 201}, {"place"}),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_at_its_field(meeting, who, change, fields) -> None:
    with steps.unchanged(meeting), pytest.raises(Invalid) as refused:
        record(meeting, who("ingrid"), "0003", **change)
    assert set(refused.value.fields) == fields


@pytest.mark.parametrize("people", [[], [" "], [str(number) for number in range(201)]])
def test_a_list_has_one_to_two_hundred_people(meeting, who, people) -> None:
    with steps.unchanged(meeting), pytest.raises(Invalid) as refused:
        record(meeting, who("ingrid"), *people)
    assert set(refused.value.fields) == {"people"}


def test_a_course_with_a_quiz_is_not_completed_by_attendance(meeting, who) -> None:
    with steps.unchanged(meeting), pytest.raises(Invalid) as refused, meeting.transaction() as session:
        record_attendance(session, who("ingrid"), course_slug="basics", held_on=HELD, place="Here", people=["0003"])
    assert set(refused.value.fields) == {"course"}
    with meeting.read() as session:
        assert [slug for slug, _ in list_sessions(session, who("ingrid"))] == ["meeting"]


def test_who_is_out_of_scope_reads_like_who_is_not_there(meeting, who) -> None:
    """Nadia oversees the eastern region; José works in the west. Nobody of the list is recorded."""
    for stranger in ("jose@lantern.example", "0005", "nobody@lantern.example"):
        with steps.unchanged(meeting), pytest.raises(Invalid) as refused:
            record(meeting, who("nadia"), "0003", stranger)
        assert refused.value.params == {"lines": stranger}


def test_nobody_records_their_own(meeting, who) -> None:
    with steps.unchanged(meeting), pytest.raises(Invalid) as refused:
        record(meeting, who("nadia"), "0003", "0006")
    assert set(refused.value.fields) == {"people"}
    assert record(meeting, who("ingrid"), "0006") == Recorded(1, 0)


@pytest.mark.parametrize("person", ["amina", "kofi", "olga", "sam"])
def test_learners_managers_authors_and_administrators_record_nothing(meeting, who, person) -> None:
    with steps.unchanged(meeting), pytest.raises(Forbidden):
        record(meeting, who(person), "0004")


def test_how_a_course_is_completed_stays_the_same(meeting, who, tmp_path) -> None:
    changed = {**MEETING, "meeting/course.yaml": COURSE.replace("version: 1", "version: 2")}
    with steps.unchanged(meeting), pytest.raises(Conflict, match="another `completes_by`"):
        publish(meeting, tmp_path / "again", changed)


def test_the_paper_is_in_the_persons_language_where_the_course_has_it(meeting, who) -> None:
    with meeting.transaction() as session:
        person = session.scalars(select(Person).where(Person.employee_number == "0003")).one()
        person.language = "xx"
    record(meeting, who("ingrid"), "0003")
    with meeting.read() as session:
        completion = steps.completions(session, "amina", "meeting")[0]
        assert (
            get_certificate(session, replace(who("amina"), language="xx"), ref=completion.ref).verified.language == "en"
        )


@pytest.mark.parametrize("planned_at", [0, 1, 2, 3])
def test_a_step_of_a_plan_closes_on_the_attendance_and_opens_again(meeting, who, planned_at) -> None:
    """Whenever the step is written, it says the same of what was recorded before and after."""
    amina, ingrid = who("amina"), who("ingrid")

    def write_step() -> None:
        with meeting.transaction() as session:
            start_plan(session, amina, cycle_start="01-01")
            aim = save_objective(session, amina, ref=None, text="Listen", measure="", due_on=None, competency="").ref
            step = {"kind": "course", "text": "", "course_slug": "meeting", "condition": "attended"}
            add_item(session, amina, objective_ref=aim, **step)

    def withdraw() -> None:
        with meeting.transaction() as session:
            ref = steps.completions(session, "amina", "meeting")[0].ref
            withdraw_completion(session, ingrid, ref=ref, reason="Another Amina")

    acts = [lambda: record(meeting, ingrid, "0003"), withdraw, lambda: record(meeting, ingrid, "0003")]
    seen = []
    for number in range(len(acts) + 1):
        if number == planned_at:
            write_step()
        if number >= planned_at:
            with meeting.read() as session:
                state = get_plan(session, amina, cycle_start="01-01").objectives[0].items[0].state
                refs = [one.ref for one in steps.completions(session, "amina", "meeting")]
            seen.append((state.is_closed, state.reopened_at is not None, [refs.index(ref) for ref in state.records]))
        if number < len(acts):
            acts[number]()
    whole = [(False, False, []), (True, False, [0]), (False, True, []), (True, False, [1])]
    assert seen == whole[planned_at:]
