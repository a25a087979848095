"""A plan between two sides: shared, agreed, changed, noted, closed; who reads what; and what stays private."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from lms.errors import Conflict, Forbidden, Invalid
from lms.models import AuditEntry, DevelopmentPlan, FactText, Mail, PlanCopy
from lms.permissions import operator
from lms.rules.plan_stages import Kind, Stage
from lms.services.plan_acts import act_on_own_plan, act_on_team_plan
from lms.services.plan_copies import find_copy
from lms.services.plan_rows import rebuild_stages
from lms.services.plan_words import add_item, remove_item, save_objective, sign_item
from lms.services.plans import get_own_plan, get_plan, list_open_items
from lms.services.team_plans import list_team_plans
from lms.services.writing import salted_hash
from tests import world
from tests.services.plan_steps import agree, begin, close, own, seen, team
from tests.services.steps import CYCLE
from tests.services.test_plan_outcomes import confirm, plan_all


def test_from_draft_to_closed(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = begin(database, amina)
    stages = [seen(database, amina, ref).stage]
    for act, actor, kind, text_ in (
        (own, amina, "shared", ""), (own, amina, "agreed", ""), (team, kofi, "agreed", ""),
        (own, amina, "noted", "One review is led."), (team, kofi, "noted", "I saw it."),
        (team, kofi, "closed", ""), (own, amina, "closed", ""),
    ):  # fmt: skip
        act(database, actor, ref, kind, text=text_)
        stages.append(seen(database, amina, ref).stage)
    assert stages == ["draft", "shared", "shared", "agreed", "agreed", "noted", "noted", "closed"]
    closed = seen(database, amina, ref)
    assert [view.by for view in closed.view.steps_taken][-2:] == ["Kofi Mensah", "Amina Diallo"]
    assert [view.text for view in closed.view.steps_taken if view.act.kind is Kind.NOTED] == [
        "One review is led.", "I saw it.",
    ]  # fmt: skip


def test_changing_an_agreed_plan_asks_both_again(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = agree(database, who)
    objective = seen(database, amina, ref).view.objectives[0]
    words = {"measure": "", "due_on": None, "competency": "PC1"}
    with database.transaction() as session:
        save_objective(session, amina, ref=objective.objective.ref, text="Lead two reviews", **words)
    assert seen(database, amina, ref).stage is Stage.CHANGED
    own(database, amina, ref, "agreed")
    assert seen(database, amina, ref).stage is Stage.CHANGED
    team(database, kofi, ref, "agreed")
    assert seen(database, amina, ref).stage is Stage.AGREED
    with database.transaction() as session:
        remove_item(session, amina, ref=objective.items[0].item.ref)
    assert seen(database, amina, ref).stage is Stage.CHANGED


def test_signing_a_step_changes_nothing_of_what_was_agreed(database, who) -> None:
    ref = agree(database, who)
    step = seen(database, who("amina"), ref).view.objectives[0].items[0]
    with database.transaction() as session:
        sign_item(session, who("amina"), ref=step.item.ref, done=True)
    assert seen(database, who("amina"), ref).stage is Stage.AGREED


def test_nobody_agrees_to_what_they_did_not_read(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = begin(database, amina)
    own(database, amina, ref, "shared")
    before = seen(database, amina, ref).view.words
    objective = seen(database, amina, ref).view.objectives[0].objective.ref
    with database.transaction() as session:
        add_item(session, amina, objective_ref=objective, kind="people", text="Ask Wei", course_slug="")
    with database.transaction() as session, pytest.raises(Conflict, match="changed while you read it"):
        act_on_team_plan(session, kofi, ref=ref, kind="agreed", words=before)


@pytest.mark.parametrize("kind", ["closed", "noted"])
def test_what_comes_after_an_agreement_needs_one(database, who, kind) -> None:
    ref = begin(database, who("amina"))
    own(database, who("amina"), ref, "shared")
    with pytest.raises(Conflict, match="First both have to agree"):
        own(database, who("amina"), ref, kind, text="Well")


def test_before_it_is_shared_nothing_but_sharing(database, who) -> None:
    ref = begin(database, who("amina"))
    for kind in ("agreed", "noted", "closed", "comment"):
        with pytest.raises(Conflict, match="not shared yet"):
            own(database, who("amina"), ref, kind, text="Well")
    with pytest.raises(Conflict, match="closed by both sides"):
        own(database, who("amina"), ref, "closed_alone")


def test_sharing_is_the_learners_and_stays_while_the_manager_agrees(database, who) -> None:
    ref = agree(database, who)
    with pytest.raises(Conflict, match="stays shared"):
        own(database, who("amina"), ref, "shared", holds=False)
    with pytest.raises(Conflict, match="shared by whose plan it is"):
        team(database, who("kofi"), ref, "shared")
    team(database, who("kofi"), ref, "agreed", holds=False)
    own(database, who("amina"), ref, "shared", holds=False)
    assert seen(database, who("amina"), ref).stage is Stage.DRAFT


def test_who_has_no_manager_closes_alone(database, who) -> None:
    ingrid = who("ingrid")
    ref = begin(database, ingrid)
    with pytest.raises(Conflict, match="nobody to share it with"):
        own(database, ingrid, ref, "shared")
    own(database, ingrid, ref, "closed_alone")
    assert seen(database, ingrid, ref).copy


@pytest.mark.parametrize("kind", ["noted", "comment"])
@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_words_are_needed_and_have_an_end(database, who, kind, words) -> None:
    ref = agree(database, who)
    with pytest.raises(Invalid) as error:
        team(database, who("kofi"), ref, kind, text=words)
    assert set(error.value.fields) == {"text"}


def test_what_is_no_act_is_refused(database, who) -> None:
    ref = agree(database, who)
    with pytest.raises(Invalid):
        own(database, who("amina"), ref, "approved")
    with pytest.raises(Conflict, match="nothing to take back"):
        own(database, who("amina"), ref, "closed", holds=False)


def test_a_closed_plan_stays_as_it_is(database, who) -> None:
    amina = who("amina")
    ref = close(database, who)
    before = seen(database, amina, ref)
    objective = before.view.objectives[0]
    attempts = [
        lambda session: save_objective(
            session, amina, ref=objective.objective.ref, text="Other", measure="", due_on=None, competency=""
        ),
        lambda session: save_objective(
            session, amina, ref=None, text="Other", measure="", due_on=None, competency=""
        ),
        lambda session: sign_item(session, amina, ref=objective.items[0].item.ref, done=True),
        lambda session: remove_item(session, amina, ref=objective.items[0].item.ref),
        lambda session: act_on_own_plan(session, amina, ref=ref, kind="comment", text="Well"),
        lambda session: act_on_team_plan(session, who("kofi"), ref=ref, kind="closed", holds=False),
    ]  # fmt: skip
    for attempt in attempts:
        with database.transaction() as session, pytest.raises(Conflict, match="closed: it stays as it is"):
            attempt(session)
    assert seen(database, amina, ref) == before


def test_the_copy_is_what_was_closed_with_a_hash_that_proves_it(database, who) -> None:
    ref = agree(database, who)
    own(database, who("amina"), ref, "closed")
    before = seen(database, who("amina"), ref).view
    team(database, who("kofi"), ref, "closed")
    with database.read() as session:
        plan_id = session.scalar(select(DevelopmentPlan.id).where(DevelopmentPlan.ref == ref))
        copy, hashed = find_copy(session, plan_id)
        kept = session.execute(select(FactText).join(PlanCopy, PlanCopy.ref == FactText.fact_ref)).scalar_one()
    assert hashed == salted_hash(kept.salt, kept.text)
    bare = [replace(view, hints=(), vague="") for view in before.objectives]
    assert (copy.objectives, copy.person, copy.starts_on, copy.words) == (
        bare, "Amina Diallo", before.starts_on, before.words,
    )  # fmt: skip
    assert copy.acts[:-1] == before.acts
    assert copy.state.stage is Stage.CLOSED


def test_both_sides_are_told_by_mail_and_a_comment_tells_whom_it_names(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = agree(database, who)
    own(database, amina, ref, "comment", text="Thank you for the talk")
    own(database, amina, ref, "comment", text="@Kofi is Monday good?")
    team(database, kofi, ref, "comment", text="@amina yes")
    with database.read() as session:
        told = session.execute(select(Mail.person_id, Mail.kind).order_by(Mail.id)).all()
        lines = list_team_plans(session, kofi)
    people = [kofi, kofi, amina, kofi, amina]  # shared, agreed, agreed, named, named
    assert [tuple(row) for row in told] == [(actor.person_id, "plan") for actor in people]
    assert not lines[0].mentioned_on  # his answer followed
    own(database, amina, ref, "comment", text="And @Mensah, Tuesday?")
    with database.read() as session:
        assert list_team_plans(session, kofi)[0].mentioned_on


def test_every_act_leaves_a_trace_and_the_database_refuses_to_change_it(database, who) -> None:
    ref = close(database, who)
    with database.read() as session:
        trace = session.scalars(
            select(AuditEntry.action).where(AuditEntry.object_ref == ref).order_by(AuditEntry.id)
        ).all()
    assert trace == ["plans.start", "plans.shared", "plans.agreed", "plans.agreed", "plans.closed", "plans.closed"]
    for table in ("lms_plan_acts", "lms_plan_copies"):
        with pytest.raises(Exception, match="append-only"), database.transaction() as session:
            session.execute(text(f"DELETE FROM {table}"))


def test_stages_are_a_cache(database, who) -> None:
    agree(database, who)
    begin(database, who("jose"))
    every = select(DevelopmentPlan.stage).order_by(DevelopmentPlan.id)
    with database.transaction() as session:
        before = session.scalars(every).all()
        session.execute(update(DevelopmentPlan).values(stage="lost"))
    with database.transaction() as session:
        last = rebuild_stages(session, operator(world.NOW), 0)
        assert rebuild_stages(session, operator(world.NOW), last or 0) is None
        session.flush()
        assert session.scalars(every).all() == before == ["agreed", "draft"]
    with database.transaction() as session, pytest.raises(Forbidden):
        rebuild_stages(session, who("amina"), 0)


def test_a_closed_plan_of_this_year_is_shown_as_it_stood_and_asks_nothing(database, who) -> None:
    amina = who("amina")
    with database.transaction() as session:
        plan_all(session, amina)
        plan = get_plan(session, amina, cycle_start=CYCLE).plan
    own(database, amina, plan, "shared")
    own(database, amina, plan, "agreed")
    team(database, who("kofi"), plan, "agreed")
    own(database, amina, plan, "closed")
    team(database, who("kofi"), plan, "closed")
    with database.transaction() as session:
        confirm(session, amina, "later", 350)
    with database.read() as session:
        page = get_plan(session, amina, cycle_start=CYCLE)
        assert page.view == get_own_plan(session, amina, ref=plan).view
        assert len(page.open_items) == 5
        assert list_open_items(session, amina) == []
