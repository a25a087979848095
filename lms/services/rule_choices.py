"""What the editor of rules offers."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, true
from sqlalchemy.orm import Session, aliased

from lms.models import (
    CURRENT_VERSION,
    Course,
    CourseText,
    CourseVersion,
    OrgUnit,
    PartnerOrganisation,
    in_source_language,
)
from lms.permissions import Actor, require
from lms.services.framework import current_references
from lms.services.scope import reaches_unit


@dataclass(frozen=True)
class RuleChoices:
    """(code, name) of what can be chosen; `path_courses` are the codes of each path's courses, in their order."""

    courses: list[tuple[str, str]]
    units: list[tuple[str, str]]
    functions: list[tuple[str, str]]
    profiles: list[tuple[str, str]]
    partner_types: list[tuple[str, str]]
    tags: list[tuple[str, str]]
    paths: list[tuple[str, str]]
    path_courses: dict[str, list[str]]


def list_rule_choices(session: Session, actor: Actor) -> RuleChoices:
    """Courses, the units in scope, and the words that people's posts can be described with; four queries."""
    require(actor, "rules.write")
    source = aliased(CourseText)
    is_partner = actor.kind == "partner_staff"
    courses = session.execute(
        select(Course.code, source.title).join(CourseVersion, CURRENT_VERSION).join(source, in_source_language(source))
        .where(CourseVersion.for_partner_staff.is_(True) if is_partner else true()).order_by(Course.code)
    ).all()  # fmt: skip
    reached = reaches_unit(actor, "rules.write")
    units = session.execute(
        select(OrgUnit.code, OrgUnit.name, OrgUnit.tags).where(reached).order_by(OrgUnit.path)
    ).all()  # fmt: skip
    types = session.scalars(select(PartnerOrganisation.types).distinct()).all()
    known: dict[str, dict[str, Any]] = current_references(session, "roles", "paths")
    roles, paths = known.get("roles", {}), known.get("paths", {}).get("paths", [])
    offered = {code for code, _ in courses}
    whole = [path for path in paths if set(path["courses"]) <= offered]
    return RuleChoices(
        [(code, f"{code} {title}") for code, title in courses],
        [(unit.code, f"{unit.name} ({unit.code})") for unit in units],
        _named(roles.get("functions", [])),
        _named(roles.get("roles", [])),
        _words(types),
        _words([unit.tags for unit in units]),
        _named(whole),
        {path["code"]: list(path["courses"]) for path in whole},
    )


def _named(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(entry["code"], entry["name"]) for entry in entries]


def _words(lists: Any) -> list[tuple[str, str]]:
    found = sorted({word for kept in lists for word in kept.split(";") if word})
    return [(word, word.replace("_", " ")) for word in found]
