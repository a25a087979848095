"""A person's competency levels, each with the evidence that speaks for or against it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Invalid, NotFound
from lms.models import (
    CompletionWithdrawal,
    Course,
    CourseVersion,
    Evidence,
    EvidenceWithdrawal,
    FactText,
    Person,
    Post,
    ReferenceVersion,
)
from lms.permissions import Actor, Grant, Role, require
from lms.rules.levels import Explanation, explain, read_rule
from lms.rules.needs import Proof
from lms.rules.people import email_key
from lms.services.courses import join_texts, localised
from lms.services.framework import current_references
from lms.services.proofs import COLUMNS, WITHDRAWN_COMPLETION, WITHDRAWN_ITSELF, as_proof
from lms.services.scope import ME, own, rows


class EvidenceSource(NamedTuple):
    """Where a piece of evidence comes from; what is of no course has no code, title, slug and number."""

    level_aimed_at: int
    source_ref: str
    recorded_at: datetime
    confirmed_as: str  # "quiz", or the role of who confirmed it
    confirmed_by: str | None
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
    rule = read_rule(framework)
    role = _role(session, actor, references.get("roles", {"roles": []}))
    proofs, sources = _evidence(session, actor)
    levels = [
        CompetencyLevel(
            competency,
            role["targets"].get(competency["code"]) if role else None,
            explain(proofs[competency["code"]], actor.today, rule),
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
    """What the rule sees of each piece, and then where it comes from. Of the course its present title."""
    preferred, source = localised()
    confirmer, why = aliased(Person), aliased(FactText)
    withdrawn_by = func.coalesce(EvidenceWithdrawal.ref, CompletionWithdrawal.ref)
    query = (
        select(Evidence.competency, *COLUMNS, Evidence.level_aimed_at, Evidence.source_ref, Evidence.recorded_at)
        .add_columns(Evidence.confirmed_as, confirmer.display_name, FactText.text, CourseVersion.number)
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
    return join_texts(query, preferred, source, is_optional=True)


def _evidence(session: Session, actor: Actor) -> tuple[dict[str, list[Proof]], dict[str, EvidenceSource]]:
    proofs: dict[str, list[Proof]] = defaultdict(list)
    sources = {}
    for competency, *cells in rows(session, _own_evidence(), own(actor)):
        proof = as_proof(*cells[: len(COLUMNS)])
        proofs[competency].append(proof)
        sources[proof.ref] = EvidenceSource._make(cells[len(COLUMNS) :])
    return proofs, sources
