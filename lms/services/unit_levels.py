"""How many people of HR's units are at which level, at the end of months; counts of five and more, never a name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import CompletionWithdrawal, Evidence, EvidenceWithdrawal, OrgUnit, Post
from lms.permissions import Actor, require
from lms.rules.counts import Counts, Levels, Row, Unit, count, month_ends
from lms.rules.frameworks import moves_of, sources_of
from lms.rules.levels import level_on, read_rule
from lms.rules.needs import Proof
from lms.services.framework import current_framework
from lms.services.proofs import COLUMNS, WITHDRAWN_COMPLETION, WITHDRAWN_ITSELF, Piece, as_proof, gather_proofs
from lms.services.scope import reaches_unit, rows

ACTION = "levels.oversee"
MONTHS = 12


@dataclass(frozen=True)
class UnitLevels:
    """The counts of one competency on the last day of the month before; no competencies: no framework yet."""

    competencies: list[tuple[str, str]]  # code and name
    code: str
    name: str
    levels: dict[int, str]  # the names of the levels
    on: date
    counts: Counts
    units: dict[str, str]  # the names of the units by their keys

    @staticmethod
    def day_of(month: Row) -> date:
        """The month end that a row is of."""
        return date.fromisoformat(month.key or "")


def get_unit_levels(session: Session, actor: Actor, *, code: str) -> UnitLevels:
    """Of a competency, or of the first where `code` is empty. NotFound for an unknown one. Four queries.

    Counted is whoever held a post in the actor's units on that day, by what was recorded until then, so that the page
    says the same all month; also for the months before it is these people that are counted.
    """
    require(actor, ACTION)
    framework = current_framework(session)
    names = {one["code"]: one["name"] for one in framework["competencies"]}
    code = code or next(iter(names), "")
    if code not in names and names:
        raise NotFound()
    days = month_ends(actor.today, MONTHS)
    units = units_in_scope(session, actor, ACTION)
    held = rows(session, _held(actor, days[0], select(Post.person_id, Post.unit_id, Post.function)))
    bits = {person: 1 << place for place, person in enumerate(sorted({row.person_id for row in held}))}
    of_units, of_functions = defaultdict[int, int](int), defaultdict[str, int](int)
    for person, (unit_id, function) in {row.person_id: row[1:] for row in held}.items():  # of two posts the later
        of_units[unit_id] |= bits[person]
        of_functions[function] |= bits[person]
    proofs = _proofs(session, actor, days[0], code, framework)
    rule = read_rule(framework)
    by_day = [_levels(bits, {who: level_on(some, day, rule) for who, some in proofs.items()}) for day in days]
    return UnitLevels(
        list(names.items()), code, names.get(code, ""), {one["level"]: one["name"] for one in framework["levels"]},
        days[0], count(
            tree_of(units, of_units), dict(sorted(of_functions.items())), by_day[0],
            {day.isoformat(): levels for day, levels in zip(days[1:], by_day[1:], strict=True)},
        ), {str(unit.id): unit.name for unit in units},
    )  # fmt: skip


def _levels(bits: Mapping[int, int], reached: Mapping[int, int]) -> Levels:
    found = defaultdict[int, int](int)
    for person, bit in bits.items():
        found[reached.get(person, 0)] |= bit
    return found


def units_in_scope(session: Session, actor: Actor, action: str) -> Sequence[Any]:
    """The units that the actor's roles open: id, parent_id and name."""
    return session.execute(select(OrgUnit.id, OrgUnit.parent_id, OrgUnit.name).where(reaches_unit(actor, action))).all()


def tree_of(units: Sequence[Any], people: Mapping[int, int]) -> list[Unit]:
    """The units in scope, in the order of their names; those whose parent is not in scope stand at the top."""
    known, below = {unit.id for unit in units}, defaultdict[int | None, list[Any]](list)
    for unit in sorted(units, key=lambda unit: unit.name):
        below[unit.parent_id if unit.parent_id in known else None].append(unit)

    def of(some: Iterable[Any]) -> tuple[Unit, ...]:
        return tuple(Unit(str(unit.id), people.get(unit.id, 0), of(below[unit.id])) for unit in some)

    return list(of(below[None]))


def _proofs(session: Session, actor: Actor, day: date, code: str, framework: dict[str, Any]) -> dict[int, list[Proof]]:
    """What speaks for the competency, by person, as far as it was recorded by the end of the day."""
    moves = moves_of(framework)
    query = (
        select(
            Evidence.person_id.label("person_id"),
            Evidence.competency,
            Evidence.level_aimed_at,
            Evidence.source_ref,
            *COLUMNS,
        )
        .join(Post, Post.person_id == Evidence.person_id)
        .outerjoin(EvidenceWithdrawal, WITHDRAWN_ITSELF)
        .outerjoin(CompletionWithdrawal, WITHDRAWN_COMPLETION)
        .where(Evidence.competency.in_(sources_of(code, moves)), Evidence.recorded_at < _after(day))
        .order_by(Evidence.id)
    )
    pieces: dict[int, dict[str, Piece]] = defaultdict(dict)
    for person_id, competency, level, source_ref, *cells in rows(session, _held(actor, day, query)):
        pieces[person_id][cells[0]] = Piece(competency, level, source_ref, as_proof(*cells))
    return {who: gather_proofs(some.values(), moves).get(code, []) for who, some in pieces.items()}


def _held(actor: Actor, day: date, query: Any) -> Any:
    """Narrow a query of posts to those held on a day in the actor's units."""
    is_held: ColumnElement[bool] = or_(Post.ended_on.is_(None), Post.ended_on > day)
    query = query.join(OrgUnit, OrgUnit.id == Post.unit_id).where(reaches_unit(actor, ACTION))
    return query.where(Post.started_on <= day, is_held)


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)
