"""A person's competency levels, each with the evidence that speaks for or against it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Executable, func, or_, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import (
    CURRENT_WITHDRAWAL,
    Completion,
    CompletionWithdrawal,
    Course,
    CourseVersion,
    Evidence,
    Person,
    ReferenceVersion,
)
from lms.permissions import Actor, Grant, Role, require
from lms.rules.frameworks import Indicator, indicators
from lms.rules.levels import Explanation, explain
from lms.rules.people import email_key
from lms.rules.targets import NO_TARGET, Target
from lms.services.courses import join_texts, localised
from lms.services.framework import current_references
from lms.services.proofs import Piece, as_proof, gather_proofs
from lms.services.scope import ME, own
from lms.services.targets import NO_FRAMEWORK, PersonTargets, read_targets


@dataclass(frozen=True)
class EvidenceSource:
    """Where a piece of evidence comes from, in words."""

    title: str
    code: str
    slug: str
    version: int
    level_aimed_at: int
    record_ref: str


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


def get_levels(session: Session, actor: Actor) -> LevelsPage:
    """The actor's own levels today; four queries."""
    require(actor, "levels.read")
    references = current_references(session, "framework", "roles")
    framework = references.get("framework", NO_FRAMEWORK)
    me = actor.person_id or 0
    targets = read_targets(session, [me], references, actor.today)[me]
    pieces, sources = _evidence(session, actor)
    proofs = gather_proofs(pieces, framework)
    levels = [
        CompetencyLevel(
            competency,
            targets.targets.get(competency["code"], NO_TARGET),
            explain(proofs.get(competency["code"], ()), actor.today),
            sources,
        )
        for competency in framework["competencies"]
    ]
    return LevelsPage(framework, targets, levels)


def get_level(session: Session, actor: Actor, *, code: str) -> tuple[LevelsPage, CompetencyLevel]:
    """One competency, and the page it stands on; NotFound for an unknown code."""
    page = get_levels(session, actor)
    for level in page.levels:
        if level.competency["code"] == code:
            return page, level
    raise NotFound()


@dataclass(frozen=True)
class Explained:
    """Somebody's level in one competency on a day, by what is known now."""

    name: str
    on: date
    level: CompetencyLevel
    level_name: str  # "" below the first
    role: str  # the name of the profile of the post; "" where there is none
    framework_version: int | None


def explain_level(session: Session, actor: Actor, *, person: str, code: str, on: date) -> Explained:
    """The level of a person by employee number or e-mail; Invalid names what is not known."""
    require(actor, "levels.explain")
    wanted = or_(Person.employee_number == person, Person.email_key == email_key(person))
    found = session.execute(select(Person.id, Person.display_name, Person.kind, Person.language).where(wanted)).first()
    newest = select(func.max(ReferenceVersion.number)).where(ReferenceVersion.kind == "framework")
    if found is None:
        raise _unknown("PERSON", N_("Nobody has this employee number or e-mail."))
    at = datetime.combine(on, time.max, UTC)
    them = Actor(found.id, at, (Grant(Role.LEARNER),), found.kind, found.display_name, found.language)
    try:
        page, level = get_level(session, them, code=code)
    except NotFound:
        raise _unknown("COMPETENCY", N_("The framework has no competency of this code.")) from None
    reached = level.explanation.level
    name = page.framework["levels"][reached - 1]["name"] if reached else ""
    role = page.targets.role["name"] if page.targets.role else ""
    return Explained(found.display_name, on, level, name, role, session.scalar(newest))


def _unknown(argument: str, why: str) -> Invalid:
    return Invalid(N_("There is nothing to explain."), {argument: why})


@cache
def _own_evidence() -> Executable:
    preferred, source = localised()
    query = (
        select(Evidence, CompletionWithdrawal.effective_at.label("withdrawn_at"), Course.code, Course.slug)
        .add_columns(func.coalesce(preferred.title, source.title).label("title"), CourseVersion.number)
        .add_columns(Completion.ref.label("record_ref"))
        .join(Completion, Completion.id == Evidence.completion_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .outerjoin(CompletionWithdrawal, CURRENT_WITHDRAWAL)
        .where(Evidence.person_id == ME)
    )
    return join_texts(query, preferred, source)


def _evidence(session: Session, actor: Actor) -> tuple[list[Piece], dict[str, EvidenceSource]]:
    pieces, sources = [], {}
    for row in session.execute(_own_evidence(), own(actor)):
        item = row.Evidence
        proof = as_proof(item, row.withdrawn_at)
        pieces.append(Piece(item.competency, item.completion_id, item.level_aimed_at, proof))
        sources[item.ref] = EvidenceSource(
            row.title, row.code, row.slug, row.number, item.level_aimed_at, row.record_ref
        )
    return pieces, sources
