"""Steps close on the records, show by which, open again when those are withdrawn; in every order of arrival alike."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Invalid
from lms.models import CourseVersion, Evidence
from lms.rules.needs import Kind
from lms.rules.plans import midnight
from lms.services.evidence import record_evidence, withdraw_evidence
from lms.services.plan_words import add_item, save_objective, sign_item
from lms.services.plans import get_own_plan, get_plan, list_open_items, start_plan
from tests.content.sample import FRAMEWORK, ROLES
from tests.services import steps
from tests.services.test_framework_versions import Published, renamed

FIRST = date(2026, 1, 1)  # of the plan's year
STEPS = {
    "signed": {"kind": "people", "text": "Ask"},
    "task": {"kind": "experience", "text": "Try", "condition": "task", "competency": "PC1"},
    "level": {"kind": "experience", "text": "Reach", "condition": "level", "competency": "PC1", "level": 2},
    "certified": {"kind": "course", "text": "", "condition": "certified"},
    "completed": {"kind": "course", "text": ""},
}


def plan_all(session, actor) -> dict[str, str]:
    """A plan with a step for each condition; their refs."""
    start_plan(session, actor, cycle_start="01-01")
    aim = save_objective(session, actor, ref=None, text="Listen", measure="", due_on=None, competency="PC1").ref
    more = {name: {"course_slug": "basics" if step["kind"] == "course" else ""} for name, step in STEPS.items()}
    return {name: add_item(session, actor, objective_ref=aim, **step, **more[name]).ref for name, step in STEPS.items()}


def states(session, actor) -> dict[str, object]:
    page = get_plan(session, actor, cycle_start="01-01")
    return {view.item.condition: view.state for view in page.objectives[0].items}


def confirm(session, actor, source: str, day: int, competency: str = "PC1") -> None:
    """A task of the course that was confirmed on a day of the year."""
    version = session.scalar(select(CourseVersion.id).where(CourseVersion.is_current).order_by(CourseVersion.id))
    record_evidence(
        session, actor, person_id=actor.person_id, competency=competency, kind=Kind.TASK, level_aimed_at=2,
        source_ref=source, confirmed_by=None, confirmed_as="line_manager", version_id=version,
        effective_at=midnight(FIRST + timedelta(days=day)),
    )  # fmt: skip


def withdraw(session, actor, source: str, day: int) -> None:
    then = replace(actor, at=midnight(FIRST + timedelta(days=day)))
    withdraw_evidence(session, then, source_ref=source, reason="It was another person")


def test_each_condition_closes_on_its_record_and_opens_when_that_is_withdrawn(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        items = plan_all(session, amina)
        assert not any(state.is_closed for state in states(session, amina).values())
        assert len(list_open_items(session, amina) or []) == 5
        confirm(session, amina, "one", 100)
        sign_item(session, amina, ref=items["signed"], done=True)
        found = states(session, amina)
        evidence = session.scalars(select(Evidence.ref)).one()
        for name in ("task", "level", "certified"):
            assert found[name].records == (evidence,), name
            assert found[name].closed_at.date() == FIRST + timedelta(days=100)
        assert found["signed"].is_closed
        assert not found["completed"].is_closed
        assert [view.item.condition for view in list_open_items(session, amina) or []] == ["completed"]
        withdraw(session, amina, "one", 120)
        found = states(session, amina)
        for name in ("task", "level", "certified"):
            assert not found[name].is_closed
            assert found[name].reopened_at.date() == FIRST + timedelta(days=120), name
        sign_item(session, amina, ref=items["signed"], done=False)
        assert states(session, amina)["signed"].reopened_at


def test_a_task_of_the_year_before_closes_no_step_of_this_one(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        plan_all(session, amina)
        confirm(session, amina, "old", -30)
        found = states(session, amina)
    assert not found["task"].is_closed
    assert found["level"].is_closed, "a level holds, whenever it was reached"


def test_a_task_of_the_year_after_closes_no_step_of_this_one(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        plan_all(session, amina)
        ref = get_plan(session, amina, cycle_start="01-01").plan
        confirm(session, amina, "next", 365)
        later = replace(amina, at=midnight(FIRST + timedelta(days=370)))
        view = get_own_plan(session, later, ref=ref).view
    assert not {one.item.condition: one.state for one in view.objectives[0].items}["task"].is_closed


def test_another_competency_closes_nothing(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        plan_all(session, amina)
        confirm(session, amina, "other", 100, "PC2")
        found = states(session, amina)
    assert [name for name, state in found.items() if state.is_closed] == ["certified"]


def test_a_passed_course_closes_its_step_and_no_certified_one(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        plan_all(session, amina)
    steps.take(database, amina)
    with database.read() as session:
        assert [name for name, state in states(session, amina).items() if state.is_closed] == ["completed"]


def test_a_completion_that_has_run_out_closes_no_step_of_a_later_plan(database, who) -> None:
    """`other` is to be renewed after 36 months: what was completed in the plan's own year stays a closed step."""
    amina = who("amina")
    steps.take(database, amina)
    steps.take(database, amina, "other")
    found = []
    for days in (0, 800, 1500):
        then = replace(amina, at=amina.at + timedelta(days=days))
        with database.transaction() as session:
            start_plan(session, then, cycle_start="01-01")
            aim = save_objective(session, then, ref=None, text="Listen", measure="", due_on=None, competency="").ref
            add_item(session, then, objective_ref=aim, kind="course", text="", course_slug="other")
            found.append(
                (get_plan(session, then, cycle_start="01-01").plan, states(session, then)["completed"].is_closed)
            )
    assert [is_closed for _, is_closed in found] == [True, True, False]
    with database.read() as session:
        first = get_own_plan(session, then, ref=found[0][0]).view
    assert first.objectives[0].items[0].state.is_closed


def test_a_course_without_a_task_at_work_is_never_certified(database, who) -> None:
    with database.transaction() as session:
        start_plan(session, who("amina"), cycle_start="01-01")
        aim = save_objective(session, who("amina"), ref=None, text="Listen", measure="", due_on=None, competency="").ref
        with pytest.raises(Invalid) as error:
            add_item(
                session, who("amina"), objective_ref=aim, kind="course", text="", course_slug="other",
                condition="certified",
            )  # fmt: skip
    assert set(error.value.fields) == {"condition"}


def test_what_follows_a_record_is_not_signed_by_hand(database, who) -> None:
    with database.transaction() as session:
        items = plan_all(session, who("amina"))
        for name in ("task", "level", "certified", "completed"):
            with pytest.raises(Conflict, match="closes by itself"):
                sign_item(session, who("amina"), ref=items[name], done=True)


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ({"kind": "people", "text": "A", "condition": "completed"}, {"condition"}),
        ({"kind": "course", "text": "", "course_slug": "basics", "condition": "signed"}, {"condition"}),
        ({"kind": "people", "text": "A", "condition": "attended"}, {"condition"}),
        ({"kind": "course", "text": "", "course_slug": "basics", "condition": "attended"}, {"condition"}),
        ({"kind": "people", "text": "A", "condition": "task"}, {"competency"}),
        ({"kind": "people", "text": "A", "condition": "task", "competency": "PC9"}, {"competency"}),
        ({"kind": "people", "text": "A", "condition": "level"}, {"competency", "level"}),
        ({"kind": "people", "text": "A", "condition": "level", "competency": "PC1", "level": 5}, {"level"}),
    ],
)
def test_a_condition_fits_its_step(database, who, step, fields) -> None:
    with database.transaction() as session:
        start_plan(session, who("amina"), cycle_start="01-01")
        aim = save_objective(
            session, who("amina"), ref=None, text="Listen", measure="", due_on=None, competency=""
        ).ref  # fmt: skip
        with pytest.raises(Invalid) as error:
            add_item(session, who("amina"), objective_ref=aim, **{"course_slug": "", **step})
    assert set(error.value.fields) == fields


def history(random: Random) -> list[tuple[str, str, int]]:
    """Some confirmations, some of them withdrawn, and signatures; each with its day."""
    made = []
    for number in range(random.randint(0, 4)):
        day = random.randint(-60, 300)
        made.append(("confirm", f"s{number}", day))
        if random.random() < 0.5:
            made.append(("withdraw", f"s{number}", random.randint(max(day, 1), 310)))
    days = random.sample(range(1, 310), random.randint(0, 4))
    return made + [("sign" if random.random() < 0.6 else "unsign", "", day) for day in days]


def shuffled(random: Random, facts: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """In another order; nothing is withdrawn before it is there."""
    some = random.sample(facts, len(facts))
    for fact in [one for one in some if one[0] == "withdraw"]:
        confirmed = next(one for one in some if one[:2] == ("confirm", fact[1]))
        early, late = sorted((some.index(fact), some.index(confirmed)))
        some[early], some[late] = confirmed, fact
    return some


def outcome(session, actor, facts) -> dict[str, tuple]:
    """What the facts, recorded in this order, make of each step; records by the source that they rest on."""
    items = plan_all(session, actor)
    for act, source, day in facts:
        if act == "confirm":
            confirm(session, actor, f"{actor.person_id}-{source}", day)
        elif act == "withdraw":
            withdraw(session, actor, f"{actor.person_id}-{source}", day)
        else:
            then = replace(actor, at=midnight(FIRST + timedelta(days=day)))
            sign_item(session, then, ref=items["signed"], done=act == "sign")
    sources = {row.ref: row.source_ref for row in session.execute(select(Evidence.ref, Evidence.source_ref))}
    return {
        name: (state.closed_at, sorted(sources[ref].split("-")[1] for ref in state.records), state.reopened_at)
        for name, state in states(session, actor).items()
    }


def test_60_histories_in_two_orders_each(database, who) -> None:
    """2,000 of the rules: tests/rules/test_plans.py."""
    seen = set()
    for seed in range(60):
        random = Random(seed)
        facts = history(random)
        with database.transaction() as session:
            first = outcome(session, who("amina"), shuffled(random, facts))
            assert first == outcome(session, who("wei"), shuffled(random, facts)), facts
            session.rollback()  # nothing of it stays
        seen.update((name, found[0] is not None, found[2] is not None) for name, found in first.items())
    assert len(seen) == 13, "all but the course's step are seen open, closed and open again"


def test_a_step_follows_its_competency_to_another_code(database, who, tmp_path) -> None:
    """PC1 is PX1 from now on: what was confirmed under the old code, and what is under the new one, close the step."""
    published = Published(database, tmp_path)
    with database.transaction() as session:
        plan_all(session, who("amina"))
        plan_all(session, who("wei"))
        confirm(session, who("amina"), "before", 100)
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    with database.transaction() as session:
        confirm(session, who("wei"), "after", 120, "PX1")
        for name in ("amina", "wei"):
            found = states(session, who(name))
            assert found["task"].is_closed, name
            assert found["level"].is_closed, name
            left = {view.item.condition for view in list_open_items(session, who(name)) or []}
            assert left == {"signed", "completed"}
    dropped = FRAMEWORK.replace("code: PC1", "code: PY1") + (
        "mapping:\n  - {old: PC1, new: [PX1]}\n  - {old: PX1, new: [], reason: Gone}\n"
    )
    published.publish(published.library(dropped, ROLES.replace("PC1", "PY1"), code="PY1"))
    with database.read() as session:
        assert states(session, who("wei"))["task"].is_closed, "what was done stays done"
