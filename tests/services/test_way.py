"""The main way: assigned, read, answered, passed, withdrawn."""

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import AttemptResult, Completion, CompletionWithdrawal, Evidence, FactText
from lms.rules.standing import Status, status
from lms.services.attempts import get_quiz
from lms.services.completions import withdraw_completion
from lms.services.courses import get_course, get_section
from lms.services.home import get_home
from lms.services.levels import get_level
from lms.services.plans import get_plan
from lms.services.profile import save_profile
from lms.services.records import RecordFilter, get_record, list_records
from lms.services.results import get_result
from lms.services.submitting import submit_attempt
from tests import world
from tests.services import steps


def plan_state(database, actor):
    with database.read() as session:
        return get_plan(session, actor, cycle_start=steps.CYCLE).objectives[0].items[0].state


def level(database, actor):
    with database.read() as session:
        return get_level(session, actor, code="PC1")[1].explanation.level


def test_an_assignment_is_due_on_the_home_page(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=world.DUE, mandatory=True)
    with database.read() as session:
        home = get_home(session, who("amina"))
        assert [(c.slug, c.standing.due_on, c.status) for c in home.due] == [("basics", world.DUE, "assigned")]


def test_passing_completes(database, who) -> None:
    steps.assign(database, who("kofi"), "amina", due_on=world.DUE, mandatory=True)
    steps.take(database, who("amina"))
    with database.read() as session:
        found = steps.standing(session, "amina")
        assert status(found, world.TODAY) is Status.COMPLETED
        assert (found.completed_on, found.score_percent, found.attempts) == (world.TODAY, 100, 1)
        assert (found.mandatory, found.due_on, found.language) == (True, world.DUE, "en")
        assert [c.effective_at for c in steps.completions(session, "amina")] == [world.NOW]


def test_passing_is_evidence_of_level_1(database, who) -> None:
    assert level(database, who("amina")) == 0
    steps.take(database, who("amina"))
    assert level(database, who("amina")) == 1
    with database.read() as session:
        completion = steps.completions(session, "amina")[0]
        evidence = session.scalars(select(Evidence)).one()
        assert (evidence.completion_id, evidence.competency, evidence.kind) == (completion.id, "PC1", "course")


def test_passing_closes_the_plan_item_and_shows_the_record(database, who) -> None:
    steps.plan_course(database, who("amina"))
    assert not plan_state(database, who("amina")).is_closed
    steps.take(database, who("amina"))
    with database.read() as session:
        assert plan_state(database, who("amina")).records == (steps.completions(session, "amina")[0].ref,)


def test_failing_completes_nothing(database, who) -> None:
    steps.plan_course(database, who("amina"))
    ref = steps.take(database, who("amina"), right=False)
    with database.read() as session:
        found = steps.standing(session, "amina")
        assert (status(found, world.TODAY), found.score_percent) == (Status.IN_PROGRESS, 0)
        assert not session.scalar(select(func.count()).select_from(Completion))
        assert not get_result(session, who("amina"), ref=ref).result.passed
    assert not plan_state(database, who("amina")).is_closed


def test_withdrawing_takes_back_what_followed(database, who) -> None:
    steps.plan_course(database, who("amina"))
    steps.take(database, who("amina"))
    hr = steps.later(who("ingrid"), hours=1)
    steps.withdraw(database, hr, "amina")
    state = plan_state(database, who("amina"))
    assert (state.is_closed, state.reopened_at) == (False, hr.at)
    assert level(database, who("amina")) == 0
    with database.read() as session:
        assert status(steps.standing(session, "amina"), world.TODAY) is Status.WITHDRAWN
        assert len(steps.completions(session, "amina")) == 1, "the completion itself stays"
        assert session.scalar(select(FactText.text)) == "Wrong person"


def test_after_a_withdrawal_the_way_is_open_again(database, who) -> None:
    amina = who("amina")
    for day in (0, 1):
        steps.take(database, steps.later(amina, days=2 * day))
        if day == 0:
            steps.withdraw(database, steps.later(who("ingrid"), days=1), "amina")
    with database.read() as session:
        assert len(steps.completions(session, "amina")) == 2
        assert status(steps.standing(session, "amina"), steps.later(amina, days=2).today) is Status.COMPLETED


def test_handing_in_twice_returns_the_stored_result(database, who) -> None:
    ref = steps.take(database, who("amina"))
    with steps.unchanged(database), database.transaction() as session:
        again = submit_attempt(session, steps.later(who("amina"), days=3), ref=ref)
        assert (again.percent, again.submitted_at) == (100, world.NOW)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(AttemptResult)) == 1


def test_a_second_withdrawal_is_refused(database, who) -> None:
    steps.take(database, who("amina"))
    steps.withdraw(database, who("ingrid"), "amina")
    with steps.unchanged(database), pytest.raises(Conflict, match="already"):
        steps.withdraw(database, who("ingrid"), "amina")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 1001])
def test_a_withdrawal_needs_a_reason(sqlite, who, reason) -> None:
    steps.take(sqlite, who("amina"))
    with sqlite.read() as session:
        ref = steps.completions(session, "amina")[0].ref
    with pytest.raises(Invalid) as refused, sqlite.transaction() as session:
        withdraw_completion(session, who("ingrid"), ref=ref, reason=reason)
    assert set(refused.value.fields) == {"reason"}


def test_hr_does_not_withdraw_its_own_record(database, who) -> None:
    steps.take(database, who("nadia"))
    with pytest.raises(Forbidden, match="your own record"):
        steps.withdraw(database, who("nadia"), "nadia")


def test_a_record_out_of_scope_reads_like_an_absent_one(database, who) -> None:
    steps.take(database, who("jose"))
    with database.read() as session:
        refs = ["no-such-ref", steps.completions(session, "jose")[0].ref]
    told = []
    for ref in refs:
        with pytest.raises(NotFound) as refused, database.transaction() as session:
            withdraw_completion(session, who("nadia"), ref=ref, reason="Wrong")
        told.append((type(refused.value), str(refused.value)))
    assert told[0] == told[1]


@pytest.mark.parametrize("person", ["amina", "kofi", "olga", "sam"])
def test_only_hr_withdraws(sqlite, who, person) -> None:
    steps.take(sqlite, who("amina"))
    with pytest.raises(Forbidden):
        steps.withdraw(sqlite, who(person), "amina")
    with sqlite.read() as session:
        assert not session.scalar(select(func.count()).select_from(CompletionWithdrawal))


def test_hr_of_a_region_sees_its_units_and_no_others(database, who) -> None:
    for name in ("amina", "jose"):
        steps.take(database, who(name))
    with database.read() as session:
        seen = {person: list_records(session, who(person), wanted=RecordFilter()) for person in ("ingrid", "nadia")}
        assert {row.name for row in seen["ingrid"].rows} == {"Amina Diallo", "José García"}
        assert ({row.name for row in seen["nadia"].rows}, seen["nadia"].total) == ({"Amina Diallo"}, 1)
        jose = next(row.ref for row in seen["ingrid"].rows if row.unit == "Country office west")
        assert get_record(session, who("ingrid"), ref=jose).email == "jose@lantern.example"
        with pytest.raises(NotFound):
            get_record(session, who("nadia"), ref=jose)


def test_a_french_learner_reads_french(database, who) -> None:
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="Amina", language="fr", known={"en", "fr"})
    amina = who("amina")
    ref = steps.take(database, amina)
    with database.read() as session:
        assert get_course(session, amina, slug="basics").title == "Pourquoi"
        assert "Les partenaires" in get_section(session, amina, slug="basics", key="why-we-partner").html
        quiz, result = get_quiz(session, amina, ref=ref), get_result(session, amina, ref=ref)
        shown = quiz.drawn[0].body["prompt"]
        assert "partenaire" in shown or "bons signes" in shown
        assert set(result.reviewed[0].feedback["options"].values()) & {
            "<p>Oui.</p>\n",
            "<p>Honnête.</p>\n",
            "Oui.",
            "Honnête.",
        }
        assert steps.standing(session, "amina").language == "fr"


def test_a_course_without_the_language_is_read_in_its_own(database, who) -> None:
    steps.take(database, who("amina"))
    with database.transaction() as session:
        save_profile(session, who("amina"), display_name="Amina", language="fr", known={"en", "fr"})
    steps.take(database, who("amina"), slug="other")
    with database.read() as session:
        assert get_course(session, who("amina"), slug="other").title == "Listening"
        assert steps.standing(session, "amina", "other").language == "en"
