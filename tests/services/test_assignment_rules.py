"""Rules of assignment: written, let through by a second person, and applied as people come, move and learn."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Assignment, AssignmentWithdrawal, Enrolment, Job, Mail
from lms.permissions import operator
from lms.rules.standing import Status, is_overdue, status
from lms.services import assignment_rules as rules_of
from lms.services.enrolments import start_course
from lms.services.rule_application import apply_rules
from lms.services.rule_choices import list_rule_choices
from lms.services.rule_drafts import make_draft
from tests import world
from tests.services import steps

DAY = timedelta(days=1)
NOBODY_ELSE = 1000  # a size that no change reaches


def draft(choices, **values):
    lists = {name: values.pop(name, ()) for name in ("kinds", "functions", "profiles", "partner_types", "tags")}
    given = {
        "name": "Everybody", "unit": "HUB", "joined_from": None, "joined_before": None, "path": "", "courses": ["M01"],
        "order": "all", "at_least": 0, "due": "matched", "due_on": None, "days": 30, "grace_days": 0,
        "mandatory": True,
    }  # fmt: skip
    return make_draft(choices, lists=lists, **(given | values))


def write(database, actor, ref=None, second_from=NOBODY_ELSE, **values):
    with database.transaction() as session:
        choices = list_rule_choices(session, actor)
        return rules_of.save_rule(
            session, actor, draft=draft(choices, **values), choices=choices, second_from=second_from, ref=ref
        )


def apply(database, at=world.NOW, **payload) -> None:
    after = 0
    while after is not None:
        with database.transaction() as session:
            after = apply_rules(session, operator(at), payload=payload, after=after)


def statuses(database, slug="basics", on=world.TODAY):
    with database.read() as session:
        people = ("amina", "wei", "kofi", "jose", "rosa@rioclaro.example")
        found = {name.partition("@")[0]: steps.standing_or_none(session, name, slug) for name in people}
    return {name: str(status(row, on)) for name, row in found.items() if row is not None}


def test_whom_it_means_is_asked_once(database, who) -> None:
    _ref, waits = write(database, who("ingrid"), unit="EAST", grace_days=5)
    assert not waits
    apply(database)
    with database.read() as session:
        found = steps.standing(session, "amina")
        assert (found.due_on, found.late_after) == (world.TODAY + 30 * DAY, world.TODAY + 35 * DAY)
        assert (found.mandatory, found.reason) == (True, "role")
        assert not is_overdue(found, found.late_after)
        assert is_overdue(found, found.late_after + DAY)
        mails = session.scalar(select(func.count()).select_from(Mail))
        assert mails == len(steps.enrolled(database)) == 4
    with steps.unchanged(database):
        apply(database, world.NOW + DAY)


def test_the_trial_tells_what_the_saving_does(database, who) -> None:
    ref, _ = write(database, who("ingrid"), unit="EAST")
    with database.read() as session:
        choices = list_rule_choices(session, who("ingrid"))
        trial = rules_of.try_out(
            session, who("ingrid"), draft=draft(choices, unit="HUB", kinds=["staff"], functions=["grants"]),
            choices=choices, ref=ref,
        )  # fmt: skip
        assert (trial.matching, trial.gain, trial.lose, trial.without_manager) == (8, 4, 0, 1)
        assert trial.names[0] == "Amina Diallo"
        partners = draft(choices, unit="HUB", kinds=["partner_staff"])
        trial = rules_of.try_out(session, who("ingrid"), draft=partners, choices=choices, ref=ref)
        assert (trial.matching, trial.gain, trial.lose) == (2, 2, 4)


def test_who_moves_away_keeps_what_was_done_and_loses_what_was_not_begun(database, who, tmp_path) -> None:
    write(database, who("ingrid"), unit="EAST", courses=["M01", "M02"])
    apply(database)
    steps.take(database, who("amina"))
    with database.transaction() as session:
        start_course(session, who("wei"), slug="basics")
    moved = "employee_number,given_name,family_name,work_email,unit_code\n"
    moved += "0003,Amina,Diallo,amina@lantern.example,PE\n0004,Li,Wei,wei@lantern.example,PE\n"
    world.take_people(database, tmp_path, moved, world.NOW + DAY)
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Job.kind == rules_of.APPLY)) == 2  # written, imported
        payload = session.scalars(select(Job.payload).where(Job.kind == rules_of.APPLY).order_by(Job.id.desc())).first()
    apply(database, world.NOW + DAY, **payload)
    assert statuses(database)["amina"] == Status.COMPLETED
    assert statuses(database, "other", world.TODAY + DAY)["amina"] == Status.WITHDRAWN
    assert statuses(database)["wei"] == Status.IN_PROGRESS
    with database.read() as session:
        assert steps.standing(session, "wei").reason == "own_choice"
        causes = session.scalars(select(AssignmentWithdrawal.cause)).all()
        assert set(causes) == {"no_match"}
        assert len(causes) == 3
    back = moved.replace("PE", "KE")
    world.take_people(database, tmp_path, back, world.NOW + 2 * DAY)
    apply(database, world.NOW + 2 * DAY)
    with database.read() as session:
        assert steps.standing(session, "amina", "other").due_on == world.TODAY + 32 * DAY
        assert steps.standing(session, "wei").mandatory


def test_a_path_in_order_opens_one_after_the_other(database, who) -> None:
    write(database, who("ingrid"), unit="KE", courses=["M01", "M02"], order="in_order")
    apply(database)
    assert (steps.enrolled(database), steps.enrolled(database, "other")) == ({"Amina", "Li", "Kofi"}, set())
    steps.take(database, who("amina"))
    apply(database, world.NOW + DAY)
    assert steps.enrolled(database, "other") == {"Amina"}


def test_so_many_of_a_path_are_enough(database, who) -> None:
    write(database, who("ingrid"), unit="KE", courses=["M01", "M02"], order="some", at_least=1)
    apply(database)
    assert steps.enrolled(database, "other") == {"Amina", "Li", "Kofi"}
    steps.take(database, who("amina"))
    apply(database, world.NOW + DAY)
    assert statuses(database, "other", world.TODAY + DAY)["amina"] == Status.WITHDRAWN
    assert statuses(database, "other", world.TODAY + DAY)["wei"] == Status.ASSIGNED


def test_a_completion_that_runs_out_is_asked_in_a_period_beside_it(database, who) -> None:
    """`other` counts for twelve months: in the last sixty days of them the next period opens, due on the last."""
    write(database, who("ingrid"), unit="KE", courses=["M02"])
    apply(database)
    for slug in ("basics", "other"):
        steps.take(database, who("amina"), slug)
    with database.read() as session:
        runs_out = steps.standing(session, "amina", "other").expires_on
    for day, periods in ((runs_out - 61 * DAY, 1), (runs_out - 60 * DAY, 2), (runs_out, 2)):
        apply(database, world.NOW + (day - world.TODAY))
        with database.read() as session:
            assert count_periods(session, who("amina")) == periods
    with database.read() as session:
        found = steps.standing(session, "amina", "other")
        assert (found.due_on, found.reason, found.completed_on) == (runs_out - DAY, "renewal", None)
    late = world.NOW + 3 * (runs_out - world.TODAY)
    steps.take(database, who("amina", at=late), "other")
    apply(database, late + timedelta(days=1200))
    with database.read() as session:
        assert count_periods(session, who("amina")) == 3


def count_periods(session, actor):
    query = select(func.count()).select_from(Enrolment).where(Enrolment.person_id == actor.person_id)
    return session.scalar(query.where(Enrolment.course_id == 2))


def test_a_new_version_changes_what_is_open(database, who) -> None:
    ref, _ = write(database, who("ingrid"), unit="KE", courses=["M01", "M02"])
    apply(database)
    steps.take(database, who("amina"))
    write(database, who("ingrid"), ref, unit="KE", courses=["M01"], due="fixed", due_on=date(2026, 12, 24), days=0)
    apply(database, world.NOW + DAY)
    with database.read() as session:
        assert steps.standing(session, "wei").due_on == date(2026, 12, 24)
        assert steps.standing(session, "amina").due_on == world.TODAY + 30 * DAY  # done under the earlier version
    assert set(statuses(database, "other", world.TODAY + DAY).values()) == {Status.WITHDRAWN}
    with steps.unchanged(database):
        apply(database, world.NOW + 2 * DAY)


def test_a_large_change_waits_for_somebody_else(database, who) -> None:
    ref, waits = write(database, who("nadia"), second_from=3, unit="KE")
    assert waits
    apply(database)
    assert steps.enrolled(database) == set()
    for actor, refusal in ((who("nadia"), Forbidden), (who("kofi"), Forbidden)):
        with pytest.raises(refusal), steps.unchanged(database), database.transaction() as session:
            rules_of.decide_rule(session, actor, ref=ref, number=1, approved=True)
    with database.transaction() as session:
        rules_of.decide_rule(session, who("ingrid"), ref=ref, number=1, approved=True)
    apply(database, rule=ref)
    assert steps.enrolled(database) == {"Amina", "Li", "Kofi"}
    with pytest.raises(Conflict), database.transaction() as session:
        rules_of.decide_rule(session, who("ingrid"), ref=ref, number=1, approved=False)


def test_a_version_that_is_refused_leaves_the_one_before_it(database, who) -> None:
    ref, _ = write(database, who("ingrid"), unit="KE")
    write(database, who("nadia"), ref, second_from=1, unit="EAST")
    with database.transaction() as session:
        rules_of.decide_rule(session, who("ingrid"), ref=ref, number=2, approved=False)
    apply(database)
    assert steps.enrolled(database) == {"Amina", "Li", "Kofi"}
    with database.read() as session:
        versions = rules_of.get_versions(session, who("ingrid"), ref=ref)
        assert [row.state for row in versions] == ["refused", "in_force"]


def test_an_end_takes_back_what_is_not_done(database, who) -> None:
    ref, _ = write(database, who("ingrid"), unit="KE")
    apply(database)
    steps.take(database, who("amina"))
    with database.transaction() as session:
        assert rules_of.end_rule(session, who("ingrid"), ref=ref, second_from=3)  # three people lose
    apply(database, rule=ref)
    assert set(statuses(database).values()) == {Status.COMPLETED, Status.ASSIGNED}
    with database.transaction() as session:
        rules_of.decide_rule(session, who("nadia"), ref=ref, number=2, approved=True)
    apply(database, world.NOW + DAY, rule=ref)
    assert set(statuses(database, on=world.TODAY + DAY).values()) == {Status.COMPLETED, Status.WITHDRAWN}
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 3


def test_rules_out_of_scope_are_not_there(database, who) -> None:
    ref, _ = write(database, who("ingrid"), unit="PE")
    with database.read() as session:
        assert rules_of.list_rules(session, who("nadia")) == []
        with pytest.raises(NotFound):
            rules_of.get_rule(session, who("nadia"), ref=ref)
    for given, fields in (
        ({"unit": "PE"}, {"unit"}), ({"unit": "KE", "courses": []}, {"courses"}),
        ({"unit": "KE", "courses": ["M99"], "days": -1, "name": " "}, {"courses", "days", "name"}),
        ({"unit": "KE", "order": "some", "at_least": 2}, {"at_least"}),
        ({"unit": "KE", "due": "fixed", "grace_days": -1}, {"due_on", "grace_days"}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            write(database, who("nadia"), **given)
        assert set(refused.value.fields) == fields
