"""Assessment from two sides: each side rates alone, and neither sees the other before both have handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, NotFound
from lms.models import (
    Assessment,
    AssessmentMove,
    DevelopmentPlan,
    FactText,
    FocusChoice,
    Person,
    Rating,
    RatingSheet,
    ReportingLine,
    new_ref,
)
from lms.permissions import Actor, require
from lms.rules.assessments import Act, Sheet, Side, Stage, stage, standing
from lms.rules.mails import Kind
from lms.rules.plans import cycle
from lms.services.mails import News, add_mails
from lms.services.ratings import Rated, check_ratings
from lms.services.scope import TODAY, reaches_person
from lms.services.writing import audit, insert_once, keep_text

ACTIONS = {Side.SELF: "assessments.write", Side.MANAGER: "assessments.review"}
TALK = "assessments.talk"


@dataclass(frozen=True)
class OwnSheet:
    """What the actor wrote last, by competency."""

    handed_in: bool
    written_at: datetime
    ratings: dict[str, Rated]


@dataclass(frozen=True)
class RatingPage:
    """One side's page of an assessment: its own words, and nothing of the other side."""

    side: Side
    name: str  # of the person
    manager: str | None  # the name of the line manager today
    starts_on: date
    ends_on: date
    ref: str | None  # the assessment's, once somebody has begun it
    stage: Stage
    sheet: OwnSheet | None
    earlier: str | None  # the last conversation of an earlier cycle


class Saved(NamedTuple):
    """Which assessment was written to, and where it stands now."""

    ref: str
    stage: Stage


@dataclass(frozen=True)
class AssessmentState:
    """Where somebody's assessment of a cycle stands."""

    ref: str | None
    stage: Stage
    agreed: int  # on how many competencies
    focus: tuple[str, ...]
    since: datetime | None  # the last rating of it that was handed in


def get_rating_page(
    session: Session, actor: Actor, *, cycle_start: str, person_ref: str | None = None
) -> RatingPage:  # fmt: skip
    """The actor's own page (`person_ref` None), or that of somebody who reports to them. NotFound. One query.

    Of ratings it reads the actor's own alone; of the other side only whether it has handed in.
    """
    side = side_of(actor, person_ref)
    starts_on, ends_on = cycle(actor.today, cycle_start)
    found = session.execute(_own_page(actor, side, person_ref, starts_on)).all()
    if not found:
        raise NotFound()
    first = found[0]
    sheets = {Sheet(row.sheet_id, Side(row.side), row.handed_in): row for row in found if row.sheet_id}
    now = stage(standing(sheets))
    own = [row for row in found if row.competency]
    sheet = next((row for row in sheets.values() if row.sheet_id == row.mine), None)
    return RatingPage(
        side, first.display_name, first.manager, starts_on, ends_on, first.ref, now,
        OwnSheet(sheet.handed_in, sheet.written_at, {row.competency: as_rated(row) for row in own}) if sheet else None,
        first.earlier,
    )  # fmt: skip


def side_of(actor: Actor, person_ref: str | None) -> Side:
    """Whose page it is: one's own, or that of somebody whom one manages."""
    side = Side.SELF if person_ref is None else Side.MANAGER
    require(actor, ACTIONS[side])
    return side


def as_rated(row: Any) -> Rated:
    """The rating in a row (competency, level, text, points, confidence)."""
    return Rated(row.competency, row.level, row.text or "", tuple(row.points), row.confidence)


def _own_page(actor: Actor, side: Side, person_ref: str | None, starts_on: date) -> Select[Any]:
    """The person and every sheet that was handed in (that it was, and by whom), and the ratings of `mine` alone."""
    later, manager = aliased(RatingSheet), aliased(Person)
    mine = (
        select(func.max(later.id))
        .where(later.assessment_id == Assessment.id, later.side == side, later.written_by == actor.person_id)
        .correlate(Assessment).scalar_subquery()
    )  # fmt: skip
    shown = and_(RatingSheet.assessment_id == Assessment.id, or_(RatingSheet.handed_in, RatingSheet.id == mine))
    query = (
        select(Person.display_name, manager.display_name.label("manager"), Assessment.ref)
        .add_columns(RatingSheet.id.label("sheet_id"), RatingSheet.side, RatingSheet.handed_in)
        .add_columns(RatingSheet.written_at, mine.label("mine"), earlier_than(actor, starts_on).label("earlier"))
        .add_columns(Rating.competency, Rating.level, Rating.confidence, Rating.points, FactText.text)
        .outerjoin(Assessment, and_(Assessment.person_id == Person.id, Assessment.starts_on == starts_on))
        .outerjoin(ReportingLine, and_(ReportingLine.person_id == Person.id, ReportingLine.held_on(actor.today)))
        .outerjoin(manager, manager.id == ReportingLine.manager_id)
        .outerjoin(RatingSheet, shown)
        .outerjoin(Rating, and_(Rating.sheet_id == RatingSheet.id, RatingSheet.id == mine))
        .outerjoin(FactText, FactText.fact_ref == Rating.ref)
        .order_by(RatingSheet.id, Rating.id)
    )
    return query.where(whose(actor, ACTIONS[side], person_ref))


def whose(actor: Actor, action: str, person_ref: str | None) -> ColumnElement[bool]:
    """A condition on `Person`: the actor, or somebody in the action's scope."""
    of_theirs = and_(Person.ref == person_ref, reaches_person(actor, action))
    return Person.id == actor.person_id if person_ref is None else of_theirs


def save_sheet(
    session: Session, actor: Actor, *, cycle_start: str, ratings: Sequence[Rated], hand_in: bool,
    offered: Mapping[str, Sequence[str]], person_ref: str | None = None,
) -> Saved:  # fmt: skip
    """Keep what one side wrote, as a draft or handed in.

    `offered` says for each competency which points (refs of evidence, codes of indicators) there are.
    Raises NotFound, Invalid (fields as PC1-level), and Conflict once both sides are in.
    """
    side = side_of(actor, person_ref)
    found = session.execute(select(Person.id).where(whose(actor, ACTIONS[side], person_ref))).first()
    if found is None:
        raise NotFound()
    kept = check_ratings(ratings, offered, side=side, hand_in=hand_in)
    assessment = begin_assessment(session, actor, person_id=found.id, cycle_start=cycle_start)
    before = standing(list_sheets(session, assessment.id))
    if len(before) == 2:
        raise Conflict(N_("Both ratings are in, so neither can be changed any more. Go on in the conversation."))
    _write(session, actor, assessment, side, kept, hand_in)
    if not hand_in:
        return Saved(assessment.ref, stage(before))
    audit(session, actor, "assessments.hand_in", "assessment", assessment.ref)
    now = stage({*before, side})
    if now is Stage.BOTH_IN:
        _tell(session, actor, assessment)
    return Saved(assessment.ref, now)


def _write(
    session: Session, actor: Actor, assessment: Assessment, side: Side, ratings: Sequence[Rated], hand_in: bool
) -> None:
    sheet = RatingSheet(
        assessment_id=assessment.id, side=side, written_by=actor.person_id, written_at=actor.at, handed_in=hand_in
    )
    session.add(sheet)
    session.flush()
    for rated in ratings:
        ref = new_ref()
        session.add(
            Rating(
                ref=ref, sheet_id=sheet.id, competency=rated.competency, level=rated.level,
                confidence=rated.confidence, points=list(rated.points),
                words_hash=keep_text(session, ref, rated.words),
            )
        )  # fmt: skip


def _tell(session: Session, actor: Actor, assessment: Assessment) -> None:
    """Both sides hear that they can talk."""
    line = select(ReportingLine.manager_id).where(ReportingLine.person_id == assessment.person_id)
    people = {assessment.person_id, *session.scalars(line.where(ReportingLine.held_on(actor.today)))}
    news = [
        News(person_id, f"{Kind.BOTH_RATED}:{assessment.ref}:{person_id}", {"assessment": assessment.ref})
        for person_id in sorted(people)
    ]
    add_mails(session, Kind.BOTH_RATED, news, actor.at)


def begin_assessment(session: Session, actor: Actor, *, person_id: int | None, cycle_start: str) -> Assessment:
    """The person's assessment of the present cycle, made where it is missing; other writers to it wait."""
    starts_on, ends_on = cycle(actor.today, cycle_start)
    insert_once(
        session, Assessment, ref=new_ref(), person_id=person_id, starts_on=starts_on, ends_on=ends_on,
        created_at=actor.at,
    )  # fmt: skip
    query = select(Assessment).where(Assessment.person_id == person_id, Assessment.starts_on == starts_on)
    return session.scalars(query.with_for_update(key_share=True)).one()


def list_sheets(session: Session, assessment_id: int) -> list[Sheet]:
    """What was handed in, without what it says."""
    is_in = and_(RatingSheet.assessment_id == assessment_id, RatingSheet.handed_in)
    query = select(RatingSheet.id, RatingSheet.side).where(is_in)
    return [Sheet(row.id, Side(row.side), handed_in=True) for row in session.execute(query)]


def has_handed_in(side: Side, assessment: Any = Assessment) -> ColumnElement[bool]:
    """A condition on an assessment: the side has handed in."""
    sheet = aliased(RatingSheet)
    handed = select(1).where(sheet.assessment_id == assessment.id, sheet.side == side, sheet.handed_in)
    return exists(handed.correlate(assessment))


def is_both_in(assessment: Any = Assessment) -> ColumnElement[bool]:
    """A condition on an assessment: from now on each side sees the other."""
    return and_(has_handed_in(Side.SELF, assessment), has_handed_in(Side.MANAGER, assessment))


def may_be_read(actor: Actor, assessment: Any = Assessment) -> ColumnElement[bool]:
    """A condition on an assessment in the actor's scope: what somebody talked over with an earlier manager, in a cycle
    that has ended, is not the next one's to read."""
    sheet, move = aliased(RatingSheet), aliased(AssessmentMove)
    rated = select(1).where(sheet.assessment_id == assessment.id, sheet.written_by == actor.person_id, sheet.handed_in)
    spoke = select(1).where(move.assessment_id == assessment.id, move.made_by == actor.person_id)
    took_part = or_(exists(rated.correlate(assessment)), exists(spoke.correlate(assessment)))
    return or_(assessment.person_id == actor.person_id, assessment.ends_on >= actor.today, took_part)


def earlier_than(actor: Actor, starts_on: Any) -> ScalarSelect[Any]:
    """The ref of a `Person`'s last assessment before a cycle that both sides handed in and the actor may read."""
    before = aliased(Assessment)
    query = select(before.ref).where(before.person_id == Person.id, before.starts_on < starts_on, is_both_in(before))
    query = query.where(may_be_read(actor, before)).order_by(before.starts_on.desc()).limit(1)
    return query.correlate(Person, Assessment).scalar_subquery()


def focus_of() -> ScalarSelect[Any]:
    """The codes that were chosen last for an `Assessment`, in a query of it."""
    chosen = select(FocusChoice.competencies).where(FocusChoice.assessment_id == Assessment.id)
    return chosen.order_by(FocusChoice.id.desc()).limit(1).correlate(Assessment).scalar_subquery()


def focus_today() -> ScalarSelect[Any]:
    """The codes that a `Person` chose last for the cycle that holds TODAY, or since their present `DevelopmentPlan`
    began (a unit's plans may have another year), in a query of both."""
    plan = DevelopmentPlan
    chosen = select(FocusChoice.competencies).join(Assessment, Assessment.id == FocusChoice.assessment_id)
    held = and_(Assessment.starts_on <= TODAY, Assessment.ends_on >= TODAY)
    in_plan = and_(FocusChoice.chosen_at >= plan.starts_on, plan.starts_on <= TODAY, plan.ends_on >= TODAY)
    last = chosen.where(Assessment.person_id == Person.id, or_(held, in_plan)).order_by(FocusChoice.id.desc()).limit(1)
    return last.correlate(Person, plan).scalar_subquery()


def find_state(session: Session, actor: Actor, *, cycle_start: str) -> AssessmentState:
    """Where the actor's own assessment of the present cycle stands; one query."""
    require(actor, ACTIONS[Side.SELF])
    row = session.execute(_states(actor, cycle_start).where(Person.id == actor.person_id)).one()
    return _state(row)


def list_states(session: Session, actor: Actor, *, cycle_start: str) -> dict[str, AssessmentState]:
    """Person's ref -> where the assessment stands, of everybody who reports to the actor today; one query."""
    require(actor, ACTIONS[Side.MANAGER])
    found = session.execute(_states(actor, cycle_start).where(reaches_person(actor, ACTIONS[Side.MANAGER])))
    return {row.person_ref: _state(row) for row in found}


def _states(actor: Actor, cycle_start: str) -> Select[Any]:
    starts_on, _ = cycle(actor.today, cycle_start)
    agreed = select(func.count(distinct(AssessmentMove.competency))).where(
        AssessmentMove.assessment_id == Assessment.id, AssessmentMove.act == Act.ACCEPT
    )
    handed_in = RatingSheet.assessment_id == Assessment.id, RatingSheet.handed_in
    since = select(func.max(RatingSheet.written_at)).where(*handed_in).correlate(Assessment).scalar_subquery()
    return (
        select(Person.ref.label("person_ref"), Assessment.ref, focus_of().label("focus"), since.label("since"))
        .add_columns(has_handed_in(Side.SELF).label("self_in"), has_handed_in(Side.MANAGER).label("manager_in"))
        .add_columns(agreed.correlate(Assessment).scalar_subquery().label("agreed"))
        .outerjoin(Assessment, and_(Assessment.person_id == Person.id, Assessment.starts_on == starts_on))
    )


def _state(row: Any) -> AssessmentState:
    sides = [side for side, is_in in ((Side.SELF, row.self_in), (Side.MANAGER, row.manager_in)) if is_in]
    return AssessmentState(row.ref, stage(sides), row.agreed, tuple(row.focus or ()), row.since)
