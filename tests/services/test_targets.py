"""Targets set for a person, by whom, and offers that are never imposed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import FactText, ReportingLine
from lms.models import Target as TargetRow
from lms.rules.targets import Source
from lms.services.levels import get_level
from lms.services.targets import choose_targets, get_targets, set_target
from tests import world
from tests.services import steps

# Rosa's people: another partner's director, to whom nobody reports; and the same director as Rosa's reviewer.
OTHERS = """\
external_ref,given_name,family_name,work_email,unit_code,partner_code,partner_name,manager
P-9,Elena,Ruiz,elena@otro.example,PE,OT,Otro network,
"""
ROSA_AND_ELENA = "rosa@rioclaro.example", "elena@otro.example"


def setting(database, by, person, level: int | None = 3, reason: str = "A wider post", competency: str = "PC1") -> None:
    with database.transaction() as session:
        ref = steps.person(session, person).ref
        set_target(session, by, ref=ref, competency=competency, level=level, reason=reason)


def target(database, actor):
    with database.read() as session:
        return get_level(session, actor, code="PC1")[1].target


def choose(database, actor, taken: bool) -> None:
    with database.transaction() as session:
        choose_targets(session, actor, taken=taken)


def test_the_profile_of_the_post_sets_it(database, who) -> None:
    assert (target(database, who("amina")).level, target(database, who("amina")).source) == (2, Source.PROFILE)


@pytest.mark.parametrize("by", ["kofi", "ingrid", "nadia"])
def test_line_manager_and_hr_in_scope_set_another(database, who, by) -> None:
    setting(database, who(by), "amina")
    found = target(database, who("amina"))
    assert (found.level, found.source, found.profile) == (3, Source.SET, 2)
    assert (found.setting.by, found.setting.on, found.setting.reason) == (who(by).name, world.TODAY, "A wider post")
    with database.read() as session:
        row = session.scalars(select(TargetRow)).one()
        assert session.scalar(select(FactText.text).where(FactText.fact_ref == row.ref)) == "A wider post"
        assert "A wider post" not in row.reason_hash


def test_the_last_one_counts_and_no_level_leads_back_to_the_profile(database, who) -> None:
    for level, expected in ((4, (4, Source.SET)), (0, (None, Source.SET)), (None, (2, Source.PROFILE))):
        setting(database, who("kofi"), "amina", level)
        assert (target(database, who("amina")).level, target(database, who("amina")).source) == expected
    with database.read() as session:
        page = get_targets(session, who("kofi"), ref=steps.person(session, "amina").ref)
    assert [one.level for one in page.history] == [None, 0, 4]


def test_on_a_day_before_it_was_set_it_did_not_count(database, who) -> None:
    setting(database, steps.later(who("kofi"), days=1), "amina")
    assert target(database, who("amina")).level == 2
    assert target(database, steps.later(who("amina"), days=1)).level == 3


def test_words_that_were_erased_leave_the_target(database, who) -> None:
    setting(database, who("kofi"), "amina")
    with database.transaction() as session:
        for words in session.scalars(select(FactText)):
            session.delete(words)
    assert (target(database, who("amina")).level, target(database, who("amina")).setting.reason) == (3, "")


@pytest.mark.parametrize(
    ("by", "person", "error"),
    [
        ("kofi", "kofi", NotFound),  # he does not report to himself
        ("ingrid", "ingrid", Forbidden),  # in the scope of HR, and her own
        ("kofi", "jose", NotFound),
        ("nadia", "jose", NotFound),
        ("tupac", "amina", NotFound),
        ("amina", "amina", Forbidden),
        ("amina", "wei", Forbidden),
        ("sam", "amina", Forbidden),
        ("ingrid", "rosa", Forbidden),  # partner staff: their own side alone
        ("ingrid", "tupac", Forbidden),
    ],
)
def test_who_may_not(database, who, by, person, error) -> None:
    with steps.unchanged(database):
        with pytest.raises(error):
            setting(database, who(by), person)
        with pytest.raises(error), database.read() as session:
            get_targets(session, who(by), ref=steps.person(session, person).ref)


def test_the_partners_own_reviewer_sets_it(database, who) -> None:
    setting(database, who("tupac"), "rosa", 2)
    assert (target(database, who("rosa")).level, target(database, who("rosa")).source) == (2, Source.SET)


def test_a_reviewer_of_another_organisation_does_not(database, who, tmp_path) -> None:
    """Neither somebody of another partner whom a line of old names, nor one of the house whom a file does."""
    world.take_people(database, tmp_path, OTHERS)
    elena, rosa = (world.actor(database, name).person_id for name in reversed(ROSA_AND_ELENA))
    with database.transaction() as session:  # no file may say so any more
        line = update(ReportingLine).where(ReportingLine.person_id == rosa, ReportingLine.ended_on.is_(None))
        assert session.execute(line.values(manager_id=elena)).rowcount == 1
    moved = f"{OTHERS.splitlines()[0]}\nP-1,Rosa,Quispe,rosa@rioclaro.example,PE,RC,,0005\n"
    for reviewer, file in (("elena@otro.example", ""), ("jose@lantern.example", moved)):
        if file:
            world.take_people(database, tmp_path, file)
        by = world.actor(database, reviewer)
        with steps.unchanged(database), pytest.raises(Forbidden, match="belong to their organisation"):
            setting(database, by, "rosa")
    assert world.actor(database, "elena@otro.example").kind == "partner_staff"


def test_what_was_set_for_staff_does_not_follow_them_to_a_partner(database, who, tmp_path) -> None:
    setting(database, who("kofi"), "amina")
    head = "employee_number,person_type,given_name,family_name,work_email,unit_code,partner_code,function,manager"
    partner = f"{head}\n0003,partner_staff,Amina,Diallo,amina@lantern.example,PE,RC,,P-2\n"
    world.take_people(database, tmp_path, partner)
    assert (target(database, who("amina")).level, target(database, who("amina")).source) == (None, Source.OFFERED)


def test_what_one_partner_set_does_not_follow_to_another(database, who, tmp_path) -> None:
    setting(database, who("tupac"), "rosa", 3)
    moved, day = f"{OTHERS}P-1,Rosa,Quispe,rosa@rioclaro.example,PE,OT,,P-9\n", timedelta(days=1)
    world.take_people(database, tmp_path, moved, world.NOW + day)
    rosa, elena = (world.actor(database, email, world.NOW + 2 * day) for email in ROSA_AND_ELENA)
    assert target(database, rosa).source == Source.OFFERED
    with database.read() as session:
        assert get_targets(session, elena, ref=steps.person(session, "rosa").ref).history == []
    setting(database, elena, "rosa", 2)
    assert (target(database, rosa).level, target(database, rosa).setting.by) == (2, "Elena Ruiz")


def test_an_offer_is_no_target_until_it_is_taken(database, who) -> None:
    assert (target(database, who("rosa")).level, target(database, who("rosa")).profile) == (None, 1)
    for taken, level, source in ((True, 1, Source.TAKEN), (False, None, Source.DECLINED), (True, 1, Source.TAKEN)):
        choose(database, who("rosa"), taken)
        assert (target(database, who("rosa")).level, target(database, who("rosa")).source) == (level, source)
        with steps.unchanged(database):
            choose(database, who("rosa"), taken)
    assert target(database, who("tupac")).source == Source.OFFERED


def test_what_was_said_to_one_offer_is_no_answer_to_that_of_a_later_post(database, who, tmp_path) -> None:
    choose(database, who("rosa"), taken=True)
    head, day = "external_ref,given_name,family_name,work_email,unit_code,partner_code,function,manager", timedelta(1)
    post = f"{head}\nP-1,Rosa,Quispe,rosa@rioclaro.example,PE,RC,grants,P-2\n"
    world.take_people(database, tmp_path, post, world.NOW + day)
    rosa = who("rosa", world.NOW + 2 * day)
    assert target(database, rosa).source == Source.OFFERED
    choose(database, rosa, taken=True)
    assert target(database, rosa).source == Source.TAKEN


def test_what_the_partners_side_sets_counts_whatever_was_said_to_the_offer(database, who) -> None:
    choose(database, who("rosa"), taken=False)
    setting(database, who("tupac"), "rosa", 3)
    assert target(database, who("rosa")).level == 3


def test_staff_are_offered_nothing(database, who) -> None:
    with steps.unchanged(database), pytest.raises(Forbidden):
        choose(database, who("amina"), taken=False)


def test_where_the_profile_sets_targets_there_is_nothing_to_take(database, who, tmp_path) -> None:
    world.take_people(
        database,
        tmp_path,
        f"{OTHERS.splitlines()[0]},role_profile\nP-1,Rosa,Quispe,rosa@rioclaro.example,PE,RC,,P-2,finance\n",
    )
    with steps.unchanged(database), pytest.raises(Conflict, match="offers no targets"):
        choose(database, who("rosa"), taken=True)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"competency": "PC9"}, "competency"),
        ({"level": 5}, "level"),
        ({"level": -1}, "level"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
def test_what_cannot_be_set_is_said_at_its_field(database, who, given, field) -> None:
    with steps.unchanged(database), pytest.raises(Invalid) as refused:
        setting(database, who("kofi"), "amina", **given)
    assert set(refused.value.fields) == {field}
