"""A line manager's team against its targets: the level of each person in each competency, and what will fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from sqlalchemy import Executable, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from lms.models import Person, Post, StoredLevel
from lms.permissions import Actor, require
from lms.rules.frameworks import moves_of
from lms.rules.levels import level_and_change, read_rule
from lms.rules.standing import RENEWAL_NOTICE
from lms.services.framework import NO_FRAMEWORK, current_references
from lms.services.proofs import read_proofs
from lms.services.scope import of_the_day, reaches_person, rows
from lms.services.targets import NO_ROLES, Behind, behind_columns, person_targets, read_settings


@dataclass(frozen=True)
class Cell:
    """One person in one competency; `changes_on` is the day on which the level is another by what is known now."""

    level: int
    target: int | None
    changes_on: date | None

    @property
    def gap(self) -> int | None:
        """How many levels are missing to the target; 0 where it is reached, None where there is none."""
        return None if self.target is None else max(0, self.target - self.level)

    def changes_soon(self, today: date) -> bool:
        """Whether it does so within the notice."""
        return self.changes_on is not None and self.changes_on <= today + RENEWAL_NOTICE


@dataclass(frozen=True)
class Line:
    """A member of the team; the cells stand in the order of the competencies."""

    ref: str
    name: str
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        """How many levels are missing in all."""
        return sum(cell.gap or 0 for cell in self.cells)


@dataclass(frozen=True)
class TeamLevels:
    """The team, those with the largest gaps first."""

    competencies: list[tuple[str, str]]  # code and name
    lines: list[Line]

    def reached(self, place: int) -> tuple[int, int]:
        """How many of those who have a target in a competency have reached it, and how many have one."""
        gaps = [line.cells[place].gap for line in self.lines]
        return sum(gap == 0 for gap in gaps), sum(gap is not None for gap in gaps)


def get_team_levels(session: Session, actor: Actor) -> TeamLevels:
    """The people who report to the actor today; four queries, or five before the daily job has run."""
    require(actor, "levels.review")
    people = rows(session, _people(of_the_day(actor)))
    references = current_references(session, "framework", "roles")
    framework = references.get("framework", NO_FRAMEWORK)
    numbers = [row.id for row in people]
    levels = read_levels(session, numbers, actor.today, framework)
    settings, roles = read_settings(session, numbers, actor.today), references.get("roles", NO_ROLES)
    codes = [(one["code"], one["name"]) for one in framework["competencies"]]
    lines = []
    for row in people:
        aims = person_targets(Behind(*row[2:]), settings[row.id], framework, roles).targets
        found = [(*levels.get((row.id, code), (0, None)), aims.get(code)) for code, _ in codes]
        cells = [Cell(level, target.level if target else None, day) for level, day, target in found]
        lines.append(Line(row.ref, row.display_name, cells))
    return TeamLevels(codes, sorted(lines, key=lambda line: (-line.gaps, line.name)))


def read_levels(
    session: Session, people: Sequence[int], today: date, framework: dict[str, object]
) -> dict[tuple[int, str], tuple[int, date | None]]:
    """Level and next change by person and competency, as they are stored; computed where a day has come that changes
    one, or a framework, and the job has not run yet. One or two queries."""
    found, late = {}, set()
    for person_id, competency, level, changes_on, version in rows(session, _stored(), {"people": people}):
        found[person_id, competency] = level, changes_on
        if (changes_on is not None and changes_on <= today) or version != framework.get("version", 0):
            late.add(person_id)
    if late:
        rule, moves = read_rule(framework), moves_of(framework)
        for key, proofs in read_proofs(session, sorted(late), moves).items():
            found[key] = level_and_change(proofs, today, rule)
    return found


@cache
def _stored() -> Executable:
    query = select(StoredLevel.person_id, StoredLevel.competency, StoredLevel.level, StoredLevel.changes_on)
    return query.add_columns(StoredLevel.framework).where(
        StoredLevel.person_id.in_(bindparam("people", expanding=True))
    )


@lru_cache(maxsize=256)
def _people(actor: Actor) -> Executable:
    return (
        select(Person.ref, Person.display_name, *behind_columns())
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .where(reaches_person(actor, "levels.review"), or_(Post.ended_on.is_(None), Post.ended_on > actor.today))
    )
