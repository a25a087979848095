"""Who stands in for a line manager: on which days, over whom, for what; how it ends; in whose name it is recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, update

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Delegation, Evidence, Mail, Person, Post, ReportingLine, ReviewRequest, Standing
from lms.permissions import ACTIONS, Actor, Role, may, operator
from lms.services import following_up
from lms.services.delegations import delegate, list_overseen, list_own, take_back
from lms.services.entries import Seen, decide_entry, enter_outside, observe, withdraw_entry
from lms.services.entry_pages import list_entries
from lms.services.levels import get_level
from lms.services.mails import get_letter
from lms.services.profile import get_profile
from lms.services.reviews import Door, get_review, list_waiting
from lms.services.team import get_team
from tests import world
from tests.services import steps
from tests.services.applying import answer, asked, complete, give
from tests.services.deputies import LAST, name

DAY = timedelta(days=1)
FIRST = world.TODAY + 7 * DAY
TEAM = {"Amina Diallo", "Li Wei"}


def on(database, person: str, days: float) -> Actor:
    """Somebody as the gate finds them so many days from now."""
    place = "rioclaro" if person in ("rosa", "tupac") else "lantern"
    return world.actor(database, f"{person}@{place}.example", world.NOW + timedelta(days=days))


def put(database, manager: Actor, deputy: str, *days) -> str:
    with database.transaction() as session:
        return name(session, manager, deputy, *days)


def back(database, manager: Actor, ref: str) -> None:
    with database.transaction() as session:
        take_back(session, manager, ref=ref)


def team(database, actor: Actor) -> set[str]:
    """Whose names the actor's team page shows; nobody's where there is none."""
    if not may(actor, "team.read"):
        return set()
    with database.read() as session:
        return {one.name for one in get_team(session, actor)}


def follow_up(database, days: float = 0) -> None:
    """What the worker does about open requests."""
    with database.transaction() as session:
        following_up.follow_up_reviews(session, operator(world.NOW + timedelta(days=days)), payload={}, after=0)


def instants() -> list[tuple[datetime, bool]]:
    """Moments around the first and the last day, as clocks anywhere say them, and whether it holds then."""
    first, after = (datetime.combine(day, datetime.min.time(), UTC) for day in (FIRST, LAST + DAY))
    second = timedelta(seconds=1)
    return [
        (first - second, False), (first, True), (after - second, True), (after, False),
        ((first - second).astimezone(timezone(timedelta(hours=14))), False),  # there it is the first day already
        (first.astimezone(timezone(timedelta(hours=-11))), True),  # there it is the day before still
        ((after - second).astimezone(timezone(timedelta(hours=14))), True),
        (after.astimezone(timezone(timedelta(hours=-11))), False),
    ]  # fmt: skip


def test_before_on_the_days_and_after(database, who) -> None:
    put(database, who("kofi"), "jose", FIRST, LAST)
    for at, holds in instants():
        utc = at.astimezone(UTC)
        actor = world.actor(database, "jose@lantern.example", utc)
        assert (Role.DEPUTY in {grant.role for grant in actor.grants}) == holds, at
        assert team(database, actor) == (TEAM if holds else set()), at
        # A role that was found before midnight opens nothing after it: the query looks at the days again.
        stale = replace(on(database, "jose", 8), at=utc)
        assert team(database, stale) == (TEAM if holds else set()), at
        assert team(database, world.actor(database, "kofi@lantern.example", utc)) == TEAM


def test_it_opens_what_the_table_says_and_not_what_is_the_managers_own(database, who) -> None:
    put(database, who("kofi"), "jose")
    opened = {action for action in ACTIONS if may(who("jose"), action) and not may(who("olga"), action)}
    assert opened == {
        "team.read", "attempts.request", "assignments.write", "evidence.observe", "evidence.decide",
    }  # fmt: skip
    with database.read() as session:
        member = next(one for one in get_team(session, who("jose")) if one.name == "Li Wei")
        assert (member.for_name, member.until) == ("Kofi Mensah", LAST)
        profile = get_profile(session, who("amina"))
        assert (profile.manager, profile.deputy, profile.deputy_until) == ("Kofi Mensah", "José García", LAST)
        for overseer in ("ingrid", "nadia"):
            assert len(list_overseen(session, who(overseer), page=1).lines) == 1
        with pytest.raises(Forbidden):
            list_overseen(session, who("jose"), page=1)


def test_nobody_stands_in_over_themselves(database, who) -> None:
    put(database, who("kofi"), "amina")
    assert team(database, who("amina")) == {"Li Wei"}
    assert not deputy(database, "amina")
    assert deputy(database, "wei") == "Amina Diallo"
    with database.transaction() as session:
        ref = enter_outside(session, who("amina"), competency="PC1", words="A course", happened_on=world.TODAY)
    with pytest.raises(NotFound), database.transaction() as session:
        decide_entry(session, who("amina"), ref=ref, accepted=True, reason="")


def deputy(database, person: str) -> str:
    """Who is asked in the place of somebody's line manager."""
    with database.read() as session:
        return get_profile(session, on(database, person, 0)).deputy


def test_what_was_delegated_is_not_passed_on(database, who) -> None:
    """Ingrid's deputy is Kofi, and Kofi's is José: José stands in over Kofi's own reports alone."""
    put(database, who("ingrid"), "kofi")
    put(database, who("kofi"), "jose")
    assert team(database, who("kofi")) == TEAM | {"José García", "Nadia", "Olga Petrova", "Sam Otieno"}
    assert team(database, who("jose")) == TEAM
    put(database, who("ingrid"), "sam", LAST + DAY, LAST + DAY)
    sam = on(database, "sam", 10)
    assert team(database, sam) == {"Kofi Mensah", "José García", "Nadia", "Olga Petrova"}
    with pytest.raises(Forbidden), database.transaction() as session:  # who only stands in names nobody
        name(session, sam, "jose", LAST + DAY, LAST + DAY)


def test_it_ends_by_itself_and_when_it_is_taken_back(database, who) -> None:
    ref = put(database, who("kofi"), "jose")
    with database.transaction() as session:
        of_wei = update(ReportingLine).where(ReportingLine.person_id == who("wei").person_id)
        session.execute(of_wei.values(manager_id=who("ingrid").person_id))
    assert team(database, who("jose")) == {"Amina Diallo"}
    for leaver in ("kofi", "jose"):
        with database.transaction() as session:
            of_them = update(Post).where(Post.person_id == steps.person(session, leaver).id)
            session.execute(of_them.values(ended_on=world.TODAY))
        assert not deputy(database, "amina")
        with database.transaction() as session:
            session.execute(of_them.values(ended_on=None))
    jose = who("jose")
    back(database, who("kofi"), ref)
    assert (team(database, jose), Role.DEPUTY in {g.role for g in who("jose").grants}) == (set(), False)
    with pytest.raises(Conflict):
        back(database, who("kofi"), ref)
    with pytest.raises(NotFound):
        back(database, who("ingrid"), ref)
    with database.read() as session:
        (line,) = list_own(session, who("kofi"))
    assert (line.state, line.ended_at, line.deputy) == ("taken_back", world.NOW, "José García")


@pytest.mark.parametrize(
    ("deputy", "field"),
    [
        ("kofi@lantern.example", "deputy"),  # oneself
        ("nobody@lantern.example", "deputy"),
        ("rosa@rioclaro.example", "deputy"),  # of another organisation
        ("gone@lantern.example", "deputy"),  # left
        ("guest@lantern.example", "deputy"),  # of whom HR's file does not know
        ("Wei@Lantern.example", ""),
    ],
)
def test_whom_a_manager_can_name(database, who, deputy, field) -> None:
    with database.transaction() as session:
        for email in ("gone@lantern.example", "guest@lantern.example"):
            made = Person(
                kind="staff" if email.startswith("gone") else "associate", display_name=email, work_email=email,
                email_key=email, created_at=world.NOW, changed_at=world.NOW,
            )  # fmt: skip
            session.add(made)
            session.flush()
            if made.kind == "staff":
                unit = select(Post.unit_id).where(Post.person_id == who("kofi").person_id).scalar_subquery()
                session.add(Post(person_id=made.id, unit_id=session.scalar(select(unit)), is_latest=True,
                                 started_on=world.TODAY - DAY, ended_on=world.TODAY))  # fmt: skip
    faults: dict[str, str] = {}
    try:
        with database.transaction() as session:
            delegate(session, who("kofi"), deputy=deputy, first=world.TODAY, last=LAST)
    except Invalid as error:
        faults = error.fields
    assert set(faults) == ({field} if field else set())


def test_a_partners_manager_names_somebody_of_the_same_partner(database, who) -> None:
    with pytest.raises(Invalid):
        put(database, who("tupac"), "jose")
    put(database, who("tupac"), "rosa")
    assert team(database, who("rosa")) == set()  # the only report is the deputy: nobody else is there


def test_one_deputy_at_a_time(database, who) -> None:
    kofi = who("kofi")
    ref = put(database, kofi, "jose", FIRST, LAST)
    for first, last in ((FIRST, FIRST), (LAST, LAST + DAY), (world.TODAY, LAST + DAY)):
        with pytest.raises(Invalid) as error:
            put(database, kofi, "olga", first, last)
        assert set(error.value.fields) == {"first"}
    put(database, kofi, "olga", world.TODAY, FIRST - DAY)
    put(database, kofi, "olga", LAST + DAY, LAST + DAY)
    back(database, kofi, ref)
    put(database, kofi, "sam", FIRST, LAST)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Delegation)) == 4


def test_a_task_at_work_goes_over_and_comes_back(database, who) -> None:
    """One waits when it begins, one is handed in meanwhile; one is answered, the other comes back."""
    give(database, who("amina"), complete(database, who("amina")))
    of_amina = asked(database)
    ref = put(database, who("kofi"), "jose")
    follow_up(database)
    moved = asked(database)
    assert (door(database, who("kofi"), of_amina), door(database, who("jose"), moved)) == (Door.MOVED, Door.OPEN)
    give(database, who("wei"), complete(database, who("wei")))
    with database.read() as session:
        assert {one.learner for one in list_waiting(session, who("jose"))} == TEAM
        assert list_waiting(session, who("kofi")) == []
        assert get_review(session, who("jose"), ref=moved).for_name == "Kofi Mensah"
    answer(database, who("jose"), moved)
    with database.read() as session:
        proof = session.scalars(select(Evidence).where(Evidence.kind == "task")).one()
        assert (proof.confirmed_as, proof.confirmed_by) == ("deputy", who("jose").person_id)
        assert session.scalars(select(Standing.confirmed_as).where(Standing.confirmed_as != "")).all() == ["deputy"]
    back(database, replace(who("kofi"), at=world.NOW + timedelta(hours=1)), ref)
    assert door(database, who("jose"), asked(database)) is Door.MOVED
    with pytest.raises(Conflict):
        answer(database, who("jose"), asked(database))
    follow_up(database)
    with database.read() as session:
        assert [one.learner for one in list_waiting(session, who("kofi"))] == ["Li Wei"]
        assert list_waiting(session, who("jose")) == []
        roles = session.scalars(select(ReviewRequest.role).order_by(ReviewRequest.id)).all()
        assert roles == ["line_manager", "deputy", "deputy", "line_manager"]
        _, level = get_level(session, who("amina"), code="PC1")  # in whose name, also after it was taken back
        source = next(one for one in level.sources.values() if one.confirmed_as == "deputy")
        assert (source.confirmed_by, source.confirmed_for) == ("José García", "Kofi Mensah")


def door(database, actor: Actor, ref: str) -> Door:
    with database.read() as session:
        return get_review(session, actor, ref=ref).door


def test_who_was_asked_instead_of_a_deputy_stays_only_while_the_deputy_would(database, who) -> None:
    """After 45 days the deputy's own manager is asked; when the delegation ends, the learner's manager again."""
    put(database, who("kofi"), "jose", world.TODAY, world.TODAY + 60 * DAY)
    give(database, who("amina"), complete(database, who("amina")))
    follow_up(database, 45)
    ref = asked(database)
    assert door(database, on(database, "ingrid", 60), ref) is Door.OPEN
    assert door(database, on(database, "ingrid", 61), ref) is Door.MOVED
    follow_up(database, 61)
    assert door(database, on(database, "kofi", 61), asked(database)) is Door.OPEN


def test_evidence_in_the_managers_place(database, who) -> None:
    with database.transaction() as session:
        of_amina, of_wei = (
            enter_outside(session, who(person), competency="PC1", words=person, happened_on=world.TODAY)
            for person in ("amina", "wei")
        )
        decide_entry(session, who("kofi"), ref=of_wei, accepted=True, reason="")
        name(session, who("kofi"), "jose")
    with database.transaction() as session:
        assert [one.ref for one in list_entries(session, who("jose"))] == [of_amina]  # not what Kofi decided
        with pytest.raises(NotFound):
            withdraw_entry(session, who("jose"), ref=of_wei, reason="Not mine to take back")
        decide_entry(session, who("jose"), ref=of_amina, accepted=True, reason="")
        seen = Seen("PC1", ("1a",), "Asked first", "A first meeting", world.TODAY)
        observe(session, who("jose"), person=steps.person(session, "wei").ref, seen=seen)
    with database.transaction() as session:
        roles = session.execute(select(Evidence.confirmed_as, Evidence.confirmed_by).order_by(Evidence.id)).all()
        jose, kofi = (who(person).person_id for person in ("jose", "kofi"))
        assert roles == [("line_manager", kofi), ("deputy", jose), ("deputy", jose)]
        withdraw_entry(session, who("jose"), ref=of_amina, reason="I mixed it up")
    after = replace(who("jose"), at=world.NOW + timedelta(days=10))  # then his own word is out of his reach
    with pytest.raises(NotFound), database.transaction() as session:
        withdraw_entry(session, after, ref=of_amina, reason="Again")


def test_the_deputy_is_told_while_it_is_true(database, who) -> None:
    ref = put(database, who("kofi"), "jose")
    with database.read() as session:
        (mail,) = session.scalars(select(Mail.ref).where(Mail.kind == "delegation"))
        letter = get_letter(session, operator(world.NOW), ref=mail)
        assert letter.values["manager"] == "Kofi Mensah"
        assert (letter.values["first"], letter.values["last"], letter.values["path"]) == (world.TODAY, LAST, "/team")
    back(database, who("kofi"), ref)
    with database.read() as session:
        first, second = session.scalars(select(Mail.ref).where(Mail.kind == "delegation").order_by(Mail.id))
        assert get_letter(session, operator(world.NOW), ref=first).reason == "not_true"
        assert get_letter(session, operator(world.NOW), ref=second).values["ended"]
