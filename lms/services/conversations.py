"""The conversation on an assessment: what each side rated, side by side, and what both agree on or see differently."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict, NotFound
from lms.models import Assessment, AssessmentMove, FactText, Person, Rating, RatingSheet, ReportingLine
from lms.permissions import Actor, Grant, Role, require
from lms.rules.assessments import Act, Move, Sheet, Side, Talk, standing, talk
from lms.rules.frameworks import Moves, follow, follow_all, moves_of
from lms.rules.levels import Explanation, Rule, explain, read_rule
from lms.rules.needs import Kind
from lms.services.assessments import TALK, as_rated, earlier_than, focus_of, is_both_in, may_be_read
from lms.services.framework import list_indicators
from lms.services.levels import CompetencyLevel, get_levels
from lms.services.peer_sight import Seen, list_seen
from lms.services.ratings import Rated
from lms.services.scope import reaches_person

NOT_YET = N_("The conversation opens when both of you have handed in your ratings.")


@dataclass(frozen=True)
class Said:
    """A step of the conversation, in words."""

    ref: str
    act: Act
    side: Side
    name: str  # whoever said it
    at: datetime
    level: int | None
    words: str


@dataclass(frozen=True)
class CompetencyTalk:
    """One competency: what each side rated, what evidence measures, and what was said."""

    competency: dict[str, Any]
    rated: dict[Side, Rated]
    measured: CompetencyLevel
    supported: Explanation  # by evidence other than earlier agreements
    talk: Talk
    said: dict[int, Said]  # by the number of the move, in order
    peers: list[Seen]  # beside both ratings and apart from them

    @property
    def all_indicators(self) -> list[tuple[str, int, str]]:
        """Code, level and text of the competency's indicators."""
        return list_indicators(self.competency)

    @property
    def indicators(self) -> list[tuple[str, int, str]]:
        """Those of the levels that somebody or something named, and of the levels between."""
        named = [rated.level or 1 for rated in self.rated.values()] + [self.supported.level or 1]
        named += [seen.level or 1 for seen in self.peers]
        wanted = range(min(named), max(named) + 1)
        return [one for one in self.all_indicators if one[1] in wanted]

    @property
    def agreed(self) -> Said | None:
        """The proposal that holds."""
        return self.said[self.talk.agreed.id] if self.talk.agreed else None

    @property
    def proposal(self) -> Said | None:
        """The proposal that waits for an answer."""
        return self.said[self.talk.proposal.id] if self.talk.proposal else None


@dataclass(frozen=True)
class Conversation:
    """An assessment in which both sides are in."""

    id: int
    ref: str
    side: Side  # the reader's
    person_id: int
    name: str
    manager_id: int | None
    manager: str | None  # the name of the line manager today
    starts_on: date
    ends_on: date
    is_over: bool  # the cycle: nothing is added any more
    focus: tuple[str, ...]
    moved: Moves  # what became of codes under which something was rated, said or agreed
    handed_in: dict[Side, tuple[str, datetime]]  # by whom and when
    level_names: list[str]
    talks: list[CompetencyTalk]
    earlier: str | None  # the person's conversation before this one

    @property
    def settled(self) -> int:
        """On how many competencies nothing waits for anybody."""
        return sum(1 for one in self.talks if one.talk.is_settled)


def get_conversation(session: Session, actor: Actor, *, ref: str) -> Conversation:
    """One's own, or that of somebody who reports to the actor today, unless it ended before; five queries.

    Raises NotFound, and Conflict before both sides are in: until then no rating leaves the database.
    """
    require(actor, TALK)
    found = session.execute(_sheets(actor, ref)).all()
    if not found:
        raise NotFound()
    first = found[0]
    if first.sheet_id is None:
        raise Conflict(NOT_YET)
    stand = standing({Sheet(row.sheet_id, Side(row.sheet_side), handed_in=True) for row in found})
    shown = {sheet.id: side for side, sheet in stand.items()}
    them = Actor(first.person_id, actor.at, (Grant(Role.LEARNER),), first.kind, first.display_name, actor.language)
    page = get_levels(session, them, with_targets=False)
    rule, moved = read_rule(page.framework), moves_of(page.framework)
    rated, seen = _rated(found, shown, moved), _seen(session, first.id, moved)
    moves, said = _moves(session, first.id, moved)
    talks = [
        CompetencyTalk(
            level.competency, rated[code], level, supported(level, actor.today, rule),
            talk(moves[code], first.manager_id), said[code], seen[code],
        )
        for level in page.levels
        if (code := level.competency["code"]) in rated or code in seen
    ]  # fmt: skip
    return Conversation(
        first.id, first.ref, Side.SELF if first.person_id == actor.person_id else Side.MANAGER, first.person_id,
        first.display_name, first.manager_id, first.manager, first.starts_on, first.ends_on,
        first.ends_on < actor.today, follow_all(first.focus or (), moved), moved,
        {shown[row.sheet_id]: (row.writer, row.written_at) for row in found if row.sheet_id in shown},
        [level["name"] for level in page.framework["levels"]], talks, first.earlier,
    )  # fmt: skip


def _rated(found: Iterable[Any], shown: dict[int, Side], moved: Moves) -> dict[str, dict[Side, Rated]]:
    """What stands by competency, under its code of today; where two became one, what was rated first."""
    rated: dict[str, dict[Side, Rated]] = defaultdict(dict)
    for row in found:
        if row.sheet_id in shown and row.competency:
            for code in follow(row.competency, moved):
                rated[code].setdefault(shown[row.sheet_id], as_rated(row))
    return rated


def _seen(session: Session, assessment_id: int, moved: Moves) -> dict[str, list[Seen]]:
    """What peers said by competency, under its code of today."""
    seen: dict[str, list[Seen]] = defaultdict(list)
    for competency, one in list_seen(session, assessment_id):
        for code in follow(competency, moved):
            seen[code].append(one)
    return seen


def supported(level: CompetencyLevel, on: date, rule: Rule) -> Explanation:
    """The level that evidence supports by itself: an earlier agreement does not carry the next one."""
    return explain([one.proof for one in level.explanation.judged if one.proof.kind != Kind.AGREED], on, rule)


def _sheets(actor: Actor, ref: str) -> Select[Any]:
    """The assessment in the actor's scope, with what was handed in as soon as both sides are in."""
    manager, writer = aliased(Person), aliased(Person)
    seen = and_(RatingSheet.assessment_id == Assessment.id, RatingSheet.handed_in, is_both_in())
    return (
        select(Assessment.id, Assessment.ref, Assessment.starts_on, Assessment.ends_on, Assessment.person_id)
        .add_columns(Person.display_name, Person.kind, ReportingLine.manager_id, manager.display_name.label("manager"))
        .add_columns(focus_of().label("focus"), earlier_than(actor, Assessment.starts_on).label("earlier"))
        .add_columns(RatingSheet.id.label("sheet_id"), RatingSheet.written_at)
        .add_columns(RatingSheet.side.label("sheet_side"), writer.display_name.label("writer"))
        .add_columns(Rating.competency, Rating.level, Rating.confidence, Rating.points, FactText.text)
        .join(Person, Person.id == Assessment.person_id)
        .outerjoin(ReportingLine, and_(ReportingLine.person_id == Person.id, ReportingLine.held_on(actor.today)))
        .outerjoin(manager, manager.id == ReportingLine.manager_id)
        .outerjoin(RatingSheet, seen)
        .outerjoin(writer, writer.id == RatingSheet.written_by)
        .outerjoin(Rating, Rating.sheet_id == RatingSheet.id)
        .outerjoin(FactText, FactText.fact_ref == Rating.ref)
        .where(Assessment.ref == ref, reaches_person(actor, TALK), may_be_read(actor))
        .order_by(RatingSheet.id, Rating.id)
    )


def _moves(
    session: Session, assessment_id: int, moved: Moves
) -> tuple[dict[str, list[Move]], dict[str, dict[int, Said]]]:
    found = session.execute(
        select(AssessmentMove, Person.display_name, FactText.text)
        .join(Person, Person.id == AssessmentMove.made_by)
        .outerjoin(FactText, FactText.fact_ref == AssessmentMove.ref)
        .where(AssessmentMove.assessment_id == assessment_id)
        .order_by(AssessmentMove.id)
    )
    moves: dict[str, list[Move]] = defaultdict(list)
    said: dict[str, dict[int, Said]] = defaultdict(dict)
    for row in found:
        move = row.AssessmentMove
        side, act = Side(move.side), Act(move.act)
        for code in follow(move.competency, moved):
            moves[code].append(Move(move.id, act, side, move.made_by, move.level, move.proposal_id))
            said[code][move.id] = Said(
                move.ref, act, side, row.display_name, move.made_at, move.level, row.text or ""
            )  # fmt: skip
    return moves, said


def find_talk(conversation: Conversation, code: str) -> CompetencyTalk:
    """What the conversation says of a competency. NotFound."""
    for one in conversation.talks:
        if one.competency["code"] == code:
            return one
    raise NotFound()


def texts_of(indicators: Iterable[tuple[str, int, str]], codes: Sequence[str]) -> list[str]:
    """The texts of indicators that were ticked."""
    return [text for code, _, text in indicators if code in codes]
