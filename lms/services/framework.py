"""The competency framework and the other reference data in force."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from lms.models import ReferenceVersion
from lms.rules.frameworks import Moves, indicators, letter_code, moves_of
from lms.rules.levels import Rule, read_rule
from lms.services.scope import rows

NO_FRAMEWORK: dict[str, Any] = {"levels": [], "competencies": []}  # where none is published


class CurrentRule(NamedTuple):
    """How levels follow from evidence today, by which version of the framework (0: none is published), and what became
    of codes under which evidence was recorded."""

    rule: Rule
    version: int
    moves: Moves


def current_rule(session: Session) -> CurrentRule:
    """The rule of the newest framework, or the one that is shipped where none is published; one query."""
    found = rows(session, _newest_references(), {"kinds": ["framework"]})
    body, number = (found[0].body, found[0].number) if found else ({}, 0)
    return CurrentRule(read_rule(body), number, moves_of(body))


def current_references(session: Session, *kinds: str) -> dict[str, dict[str, Any]]:
    """The newest published body of each kind of reference data; one query."""
    return {row.kind: row.body for row in rows(session, _newest_references(), {"kinds": kinds})}


def current_framework(session: Session) -> dict[str, Any]:
    """The newest framework, or one without levels and competencies; one query."""
    return current_references(session, "framework").get("framework", NO_FRAMEWORK)


@cache
def _newest_references() -> Executable:
    wanted = ReferenceVersion.kind.in_(bindparam("kinds", expanding=True))
    newest = select(func.max(ReferenceVersion.id)).where(wanted).group_by(ReferenceVersion.kind)
    query = select(ReferenceVersion.kind, ReferenceVersion.body, ReferenceVersion.number)
    return query.where(ReferenceVersion.id.in_(newest))


def newest_framework() -> Any:
    """The body of the newest framework, in a query of something else."""
    newest = select(ReferenceVersion.body).where(ReferenceVersion.kind == "framework")
    return newest.order_by(ReferenceVersion.id.desc()).limit(1).scalar_subquery()


def list_indicators(competency: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """Every indicator of a competency in its order: its code as "2a", its level, its text."""
    return [
        (letter_code(str(level), place), level, one.text)
        for level in sorted(map(int, competency["levels"]))
        for place, one in enumerate(indicators(competency, level))
    ]
