"""A person's competency levels, each with the evidence that speaks for or against it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, or_, select
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
    Post,
    ReferenceVersion,
)
from lms.permissions import Actor, Grant, Role, require
from lms.rules.levels import Explanation, Kind, Proof, explain
from lms.rules.people import email_key
from lms.services.courses import join_texts, localised
from lms.services.scope import ME, own, rows


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
    target: int | None
    explanation: Explanation
    sources: dict[str, EvidenceSource]  # by evidence ref


@dataclass(frozen=True)
class LevelsPage:
    """All competencies, the level names, and the role profile that set the targets."""

    framework: dict[str, Any]
    role: dict[str, Any] | None
    levels: list[CompetencyLevel]


def get_levels(session: Session, actor: Actor) -> LevelsPage:
    """The actor's own levels today; three queries."""
    require(actor, "levels.read")
    references = current_references(session, "framework", "roles")
    framework = references.get("framework", {"levels": [], "competencies": []})
    role = _role(session, actor, references.get("roles", {"roles": []}))
    proofs, sources = _evidence(session, actor)
    levels = [
        CompetencyLevel(
            competency,
            role["targets"].get(competency["code"]) if role else None,
            explain(proofs[competency["code"]], actor.today),
            sources,
        )
        for competency in framework["competencies"]
    ]
    return LevelsPage(framework, role, levels)


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
    return Explained(found.display_name, on, level, name, session.scalar(newest))


def _unknown(argument: str, why: str) -> Invalid:
    return Invalid(N_("There is nothing to explain."), {argument: why})


def current_references(session: Session, *kinds: str) -> dict[str, dict[str, Any]]:
    """The newest published body of each kind of reference data; one query."""
    return {row.kind: row.body for row in rows(session, _newest_references(), {"kinds": kinds})}


@cache
def _newest_references() -> Executable:
    wanted = ReferenceVersion.kind.in_(bindparam("kinds", expanding=True))
    newest = select(func.max(ReferenceVersion.id)).where(wanted).group_by(ReferenceVersion.kind)
    return select(ReferenceVersion.kind, ReferenceVersion.body).where(ReferenceVersion.id.in_(newest))


def _role(session: Session, actor: Actor, roles: dict[str, Any]) -> dict[str, Any] | None:
    """The profile named for the post, else the one for its function, else the one for everyone."""
    post = next(iter(rows(session, _own_post(), own(actor))), None)
    by_code = {role["code"]: role for role in roles["roles"]}
    if post and post.role_profile in by_code:
        return dict(by_code[post.role_profile])
    audience = "partner_staff" if actor.kind == "partner_staff" else "staff"
    for role in roles["roles"]:
        if post and post.function in role["functions"] and role["audience"] in (audience, "everyone"):
            return dict(role)
    return next((role for role in roles["roles"] if role["audience"] == "everyone"), None)


@cache
def _own_post() -> Executable:
    return select(Post.role_profile, Post.function).where(Post.person_id == ME, Post.is_latest)


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


def _evidence(session: Session, actor: Actor) -> tuple[dict[str, list[Proof]], dict[str, EvidenceSource]]:
    found = session.execute(_own_evidence(), own(actor))
    proofs: dict[str, list[Proof]] = defaultdict(list)
    sources = {}
    for row in found:
        item = row.Evidence
        proofs[item.competency].append(as_proof(item, row.withdrawn_at))
        sources[item.ref] = EvidenceSource(
            row.title, row.code, row.slug, row.number, item.level_aimed_at, row.record_ref
        )
    return proofs, sources


def as_proof(item: Evidence, withdrawn_at: datetime | None) -> Proof:
    """A piece of evidence as the rule sees it."""
    return Proof(
        item.ref, Kind(item.kind), item.effective_at.date(), item.expires_on,
        withdrawn_at.date() if withdrawn_at else None, item.situation, item.partner_voice, item.beyond_own_team,
    )  # fmt: skip
