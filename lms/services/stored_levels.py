"""Keeps the stored levels equal to what the evidence says. They are for lists: one's own page reads the evidence."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Date,
    Executable,
    Integer,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from lms.models import Evidence, StoredLevel
from lms.permissions import Actor, require
from lms.rules.frameworks import Moves, follow
from lms.rules.levels import level_and_change
from lms.services.framework import current_rule
from lms.services.jobs import add_job
from lms.services.proofs import read_proofs
from lms.services.scope import rows
from lms.services.writing import audit, insert_from, insert_missing, upsert

REFRESH = "refresh_levels"  # the kind of job
EVERYBODY = "everybody"  # what a job says that follows a new framework
_KEYS = StoredLevel.person_id, StoredLevel.competency
_PEOPLE: Any = bindparam("people", expanding=True)
SLICE = 100  # people in one transaction: some twenty milliseconds


def refresh(session: Session, people: Sequence[int], today: date) -> None:
    """Compute the levels of some people anew from their evidence.

    Their rows are there and locked before the evidence is read, so that of two writers the second sees the first's.
    """
    if not people:
        return
    session.flush()
    rule, version, moves = current_rule(session)
    insert_from(session, StoredLevel, _unknown, {"people": people, "moved": list(moves), "version": version})
    if moves:
        _move(session, people, moves, version)
    held = rows(session, _held(), {"people": people})
    found = read_proofs(session, people, moves)
    levels = [
        _row(person_id, competency, *level_and_change(proofs, today, rule), version)
        for (person_id, competency), proofs in sorted(found.items())
    ]
    upsert(session, StoredLevel, levels, unless_equal_but=())
    ghosts = {tuple(row) for row in held} - set(found)  # of codes that old ones had become, before a correction
    if ghosts:
        session.execute(delete(StoredLevel).where(tuple_(*_KEYS).in_(sorted(ghosts))))


@cache
def _unknown() -> Any:
    """A row for each competency in which somebody has evidence under a code of today."""
    of_them = Evidence.person_id.in_(_PEOPLE), Evidence.competency.not_in(bindparam("moved", expanding=True))
    version = bindparam("version", type_=Integer)
    return (
        select(Evidence.person_id, Evidence.competency, literal(0), cast(null(), Date), version)
        .distinct()
        .where(*of_them)
    )


@cache
def _held() -> Executable:
    return select(*_KEYS).where(StoredLevel.person_id.in_(_PEOPLE)).order_by(*_KEYS).with_for_update()


def _move(session: Session, people: Sequence[int], moves: Moves, version: int) -> None:
    """Rows for what old codes became, instead of rows for the old codes."""
    old = Evidence.person_id.in_(people), Evidence.competency.in_(moves)
    found = session.execute(select(Evidence.person_id, Evidence.competency).distinct().where(*old)).all()
    pairs = sorted({(person_id, code) for person_id, competency in found for code in follow(competency, moves)})
    insert_missing(session, StoredLevel, [_row(person_id, code, 0, None, version) for person_id, code in pairs])
    session.execute(delete(StoredLevel).where(StoredLevel.person_id.in_(people), StoredLevel.competency.in_(moves)))


def _row(person_id: int, competency: str, level: int, changes_on: date | None, version: int) -> dict[str, Any]:
    return {
        "person_id": person_id, "competency": competency, "level": level, "changes_on": changes_on,
        "framework": version,
    }  # fmt: skip


def refresh_later(session: Session, actor: Actor) -> None:
    """In the transaction that publishes a framework: have the levels computed anew by its rule."""
    add_job(session, REFRESH, {EVERYBODY: True}, actor.at)


def refresh_slice(session: Session, actor: Actor, *, payload: dict[str, Any], after: int) -> int | None:
    """Compute anew what has come to its day, or was computed by another framework; returns the last person's number,
    or None when nobody is left."""
    require(actor, "jobs.work")
    if payload.get(EVERYBODY):  # also those of whom nothing is stored, because their code had been dropped
        return _slice(session, actor, select(Evidence.person_id).where(Evidence.person_id > after))
    stale = or_(StoredLevel.changes_on <= actor.today, StoredLevel.framework != current_rule(session).version)
    return _slice(session, actor, select(StoredLevel.person_id).where(stale, StoredLevel.person_id > after))


def rebuild_slice(session: Session, actor: Actor, after: int) -> int | None:
    """Compute the levels of some people anew, whatever is stored; returns as `refresh_slice` does."""
    require(actor, "records.rebuild")
    return _slice(session, actor, select(Evidence.person_id).where(Evidence.person_id > after))


def finish_rebuild(session: Session, actor: Actor) -> int:
    """Drop what no evidence speaks for; returns how many levels are stored."""
    require(actor, "records.rebuild")
    moves = current_rule(session).moves
    became = [and_(Evidence.competency == old, StoredLevel.competency.in_(follow(old, moves))) for old in moves]
    same = and_(Evidence.competency == StoredLevel.competency, Evidence.competency.not_in(moves))
    of_it = exists().where(Evidence.person_id == StoredLevel.person_id, or_(same, *became))
    session.execute(delete(StoredLevel).where(~of_it))
    count = session.scalar(select(func.count()).select_from(StoredLevel)) or 0
    audit(session, actor, "records.rebuild", "levels", str(count))
    return count


def _slice(session: Session, actor: Actor, people: Any) -> int | None:
    column = people.selected_columns[0]
    found = list(session.scalars(people.distinct().order_by(column).limit(SLICE)))
    refresh(session, found, actor.today)
    return found[-1] if found else None
