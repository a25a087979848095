"""A person's competency levels, each with the evidence that speaks for or against it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from lms.errors import NotFound
from lms.models import (
    CompletionWithdrawal,
    Course,
    CourseVersion,
    Evidence,
    EvidenceWithdrawal,
    FactText,
    Person,
)
from lms.permissions import Actor, require
from lms.rules.applying import As
from lms.rules.frameworks import Indicator, indicators, moves_of, sources_of
from lms.rules.levels import Explanation, explain, read_rule
from lms.rules.targets import NO_TARGET, Target
from lms.services.courses import join_texts, localised
from lms.services.framework import NO_FRAMEWORK, current_references
from lms.services.proofs import COLUMNS, WITHDRAWN_COMPLETION, WITHDRAWN_ITSELF, Piece, as_proof, gather_proofs
from lms.services.scope import ME, own, rows
from lms.services.stand_ins import in_name_of
from lms.services.targets import NO_TARGETS, PersonTargets, read_targets


class EvidenceSource(NamedTuple):
    """Where a piece of evidence comes from; what is of no course has no code, title, slug and number."""

    level_aimed_at: int
    source_ref: str
    recorded_at: datetime
    confirmed_as: str  # "quiz", or the role of who confirmed it
    confirmed_by: str | None
    confirmed_for: str | None  # the line manager in whose name a deputy confirmed it
    words: str | None
    version: int | None
    title: str | None
    code: str | None
    slug: str | None
    why_withdrawn: str | None


@dataclass(frozen=True)
class CompetencyLevel:
    """One competency of the framework for one person."""

    competency: dict[str, Any]
    target: Target
    explanation: Explanation
    sources: dict[str, EvidenceSource]  # by evidence ref

    def indicators(self, level: int) -> list[Indicator]:
        """What somebody at a level does."""
        return indicators(self.competency, level)


@dataclass(frozen=True)
class LevelsPage:
    """All competencies, the level names, and where the targets come from."""

    framework: dict[str, Any]
    targets: PersonTargets
    levels: list[CompetencyLevel]


def get_levels(session: Session, actor: Actor, *, with_targets: bool = True) -> LevelsPage:
    """The actor's own levels today; four queries, two without the targets."""
    return _levels(session, actor, None, with_targets)


def _levels(session: Session, actor: Actor, code: str | None, with_targets: bool = True) -> LevelsPage:
    """All levels, or that of one competency alone: of the others' evidence there may be hundreds of pieces."""
    require(actor, "levels.read")
    references = current_references(session, "framework", "roles")
    framework = references.get("framework", NO_FRAMEWORK)
    rule, me = read_rule(framework), actor.person_id or 0
    targets = read_targets(session, [me], references, actor.today)[me] if with_targets else NO_TARGETS
    moves = moves_of(framework)
    pieces, sources = _evidence(session, actor, None if code is None else sources_of(code, moves))
    proofs = gather_proofs(pieces, moves)
    levels = [
        CompetencyLevel(
            competency,
            targets.targets.get(competency["code"], NO_TARGET),
            explain(proofs.get(competency["code"], ()), actor.today, rule),
            sources,
        )
        for competency in framework["competencies"]
        if code in (None, competency["code"])
    ]
    return LevelsPage(framework, targets, levels)


def get_level(session: Session, actor: Actor, *, code: str) -> tuple[LevelsPage, CompetencyLevel]:
    """One competency, and the page it stands on; NotFound for an unknown code."""
    page = _levels(session, actor, code)
    if not page.levels:
        raise NotFound()
    return page, page.levels[0]


@cache
def _own_evidence(of_some: bool) -> Executable:
    """What the rule sees of each piece, and then where it comes from. Of the course its present title."""
    preferred, source = localised()
    confirmer, why = aliased(Person), aliased(FactText)
    withdrawn_by = func.coalesce(EvidenceWithdrawal.ref, CompletionWithdrawal.ref)
    name = in_name_of(Evidence.confirmed_by, Evidence.person_id, Evidence.recorded_at)
    query = (
        select(Evidence.competency, *COLUMNS, Evidence.level_aimed_at, Evidence.source_ref, Evidence.recorded_at)
        .add_columns(Evidence.confirmed_as, confirmer.display_name, case((Evidence.confirmed_as == As.DEPUTY, name)))
        .add_columns(FactText.text, CourseVersion.number)
        .add_columns(func.coalesce(preferred.title, source.title).label("title"), Course.code, Course.slug)
        .add_columns(why.text.label("why_withdrawn"))
        .outerjoin(EvidenceWithdrawal, WITHDRAWN_ITSELF)
        .outerjoin(CompletionWithdrawal, WITHDRAWN_COMPLETION)
        .outerjoin(confirmer, confirmer.id == Evidence.confirmed_by)
        .outerjoin(FactText, FactText.fact_ref == Evidence.ref)
        .outerjoin(why, why.fact_ref == withdrawn_by)
        .outerjoin(CourseVersion, CourseVersion.id == Evidence.version_id)
        .outerjoin(Course, Course.id == CourseVersion.course_id)
        .where(Evidence.person_id == ME)
        .order_by(Evidence.id)
    )
    if of_some:
        query = query.where(Evidence.competency.in_(bindparam("codes", expanding=True)))
    return join_texts(query, preferred, source, is_optional=True)


def _evidence(session: Session, actor: Actor, codes: list[str] | None) -> tuple[list[Piece], dict[str, EvidenceSource]]:
    pieces, sources = [], {}
    values = own(actor) if codes is None else own(actor, codes=codes)
    for competency, *cells in rows(session, _own_evidence(codes is not None), values):
        proof, source = as_proof(*cells[: len(COLUMNS)]), EvidenceSource._make(cells[len(COLUMNS) :])
        pieces.append(Piece(competency, source.level_aimed_at, source.source_ref, proof))
        sources[proof.ref] = source
    return pieces, sources
