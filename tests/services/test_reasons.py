"""Why a course is asked of somebody, or is not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.errors import Invalid, NotFound
from lms.models import ImportRun
from lms.permissions import operator
from lms.rules.audiences import Condition
from lms.rules.three_answers import Start
from lms.services.courses import get_course
from lms.services.home import answer_all, list_my_courses
from lms.services.reasons import as_data, explain_assignment, explain_own, explain_record
from tests import world
from tests.conftest import make_host
from tests.services import steps
from tests.services.test_assignment_rules import apply, write


@pytest.fixture
def ruled(sqlite, who, tmp_path):
    """A rule for one unit, which an import let mean Amina; Kofi asked her too, and took it back."""
    write(sqlite, who("ingrid"), unit="PE", functions=["grants"], kinds=["staff"], name="Money")
    moved = "employee_number,given_name,family_name,work_email,unit_code\n"
    world.take_people(sqlite, tmp_path, moved + "0003,Amina,Diallo,amina@lantern.example,PE")
    with sqlite.read() as session:
        run = session.scalars(select(ImportRun.ref).order_by(ImportRun.id.desc())).first()
    apply(sqlite, **{"import": run})
    steps.assign(sqlite, who("kofi"), "amina")
    return sqlite


def test_the_rule_the_import_and_the_manual_act_are_told(ruled, who) -> None:
    with ruled.read() as session:
        why = explain_own(session, who("amina"), slug="basics")
        assert [(one.kind, one.name, one.version, one.by) for one in why.asked] == [
            ("person", "", None, ""), ("rule", "Money", 1, ""),
        ]  # fmt: skip
        assert why.asked[1].import_at == world.NOW
        (rule,) = why.rules
        assert rule.is_met
        assert (Condition.FUNCTION, True, "Grants") in rule.conditions


def test_which_condition_fails_is_told(ruled, who) -> None:
    with ruled.read() as session:
        why = explain_own(session, who("wei"), slug="basics")
        assert (why.asked, why.chosen_on) == ([], None)
        (rule,) = why.rules
        assert [str(condition) for condition, holds, _ in rule.conditions if not holds] == ["unit"]
        rosa = explain_assignment(session, operator(world.NOW), person="P-1", course="M01")
        fails = [str(condition) for condition, holds, _ in rosa.rules[0].conditions if not holds]
        assert fails == ["kind", "function"]
        assert as_data(rosa)["rules"][0]["means_the_person"] is False


def test_hr_reads_it_in_scope_alone(ruled, who) -> None:
    ref = steps.record_ref(ruled, "amina")
    with ruled.read() as session:
        person_id, why = explain_record(session, who("ingrid"), ref=ref)
        assert (person_id, why.person) == (who("amina").person_id, "Amina Diallo")
        assert [one.by for one in why.asked] == ["Kofi Mensah", "Ingrid Larsen"]
        with pytest.raises(NotFound):
            explain_record(session, who("nadia"), ref=ref)


def test_what_a_rule_took_back_is_told_with_the_reason(ruled, who, tmp_path) -> None:
    back = "employee_number,given_name,family_name,work_email,unit_code\n"
    later = world.NOW + timedelta(days=1)
    world.take_people(ruled, tmp_path, back + "0003,Amina,Diallo,amina@lantern.example,KE", later)
    apply(ruled, later)
    run = make_host(ruled).test_cli_runner()
    told = run.invoke(args=["lms", "why", "amina@lantern.example", "M01"]).output
    assert "by the rule “Money” version 1, by Ingrid Larsen, after HR's file of 2026-11-23 09:00 UTC" in told
    assert "taken back 2026-11-24: the rule no longer meant them" in told
    assert "  FAILS: unit (Country office east)" in told
    assert '"period": 1' in run.invoke(args=["lms", "why", "0003", "basics", "--json"]).output
    for words, fault in ((("9999", "M01"), "PERSON: Nobody has"), (("0003", "M99"), "COURSE: There is no such")):
        refused = run.invoke(args=["lms", "why", *words])
        assert (refused.exit_code, fault in refused.output) == (1, True)
    with ruled.read() as session, pytest.raises(Invalid):
        explain_assignment(session, operator(world.NOW), person="0003", course="")


def test_the_three_answers_are_the_same_wherever_they_stand(sqlite, who) -> None:
    """Of the sample: M02 builds on M01 and counts for three years; Amina lets it run out, and begins it anew."""
    amina, found = who("amina"), {}
    for day, do in ((0, steps.read), (1, steps.take), (1200, None), (1201, steps.read)):
        then = steps.later(amina, days=day)
        if do is steps.take:
            steps.take(sqlite, then, "basics")
        if do:
            do(sqlite, then, "other")
        with sqlite.read() as session:
            answers = get_course(session, then, slug="other").answers
            assert answers == explain_own(session, then, slug="other").answers
            assert answers == answer_all(then, list_my_courses(session, then, every_period=True))["M02"]
            why = explain_assignment(session, operator(then.at), person="0003", course="M02")
            assert why.answers == answers
            found[day] = (answers.achieved_on, answers.is_valid, answers.start)
            if day == 0:
                assert as_data(why)["answers"]["missing"] == ("M01",)
    done = world.TODAY + timedelta(days=1)
    assert found == {
        0: (None, False, Start.PREREQUISITES), 1: (done, True, Start.DONE), 1200: (done, False, Start.YES),
        1201: (done, False, Start.YES),
    }  # fmt: skip
