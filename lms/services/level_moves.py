"""What a new version of the framework makes of somebody's levels, and how the mail and the page tell it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.models import LevelMove, ReferenceVersion
from lms.permissions import Actor, require
from lms.rules.frameworks import moves_of, sources_of
from lms.rules.levels import level_on, read_rule
from lms.services.framework_versions import pair_codes
from lms.services.proofs import Piece, gather_proofs
from lms.services.scope import ME, own, rows

Framework = Mapping[str, Any]


def before_and_after(session: Session, version: int) -> tuple[Framework, Framework]:
    """The framework that a version followed, and the version."""
    row = ReferenceVersion
    query = select(row.body).where(row.kind == "framework", row.number <= version).order_by(row.number.desc()).limit(2)
    new, old = session.scalars(query).all()
    return old, new


class Move(NamedTuple):
    """A competency's code and level before and after; "" and 0 of one that went."""

    before: str
    after: str
    level_before: int
    level_after: int


def find_moves(pieces: Sequence[Piece], old: Framework, new: Framework, on: date) -> list[Move]:
    """What of somebody's levels differs on a day, when the new framework holds instead of the old."""
    was, now = (_levels(pieces, framework, on) for framework in (old, new))
    pairs = [(before, after, was.get(before, 0), now.get(after, 0)) for before, after in pair_codes(old, new)]
    return [move for move in map(Move._make, pairs) if move.level_before != move.level_after]


def _levels(pieces: Sequence[Piece], framework: Framework, on: date) -> dict[str, int]:
    rule = read_rule(framework)
    proofs = gather_proofs(pieces, moves_of(framework))
    return {code: level_on(of_it, on, rule) for code, of_it in proofs.items()}


class Told(NamedTuple):
    """A move as its page tells it; of the codes only whether the competency had another one."""

    framework: int
    moved_at: datetime
    level_before: int
    level_after: int
    before: str
    after: str


def list_moves(session: Session, actor: Actor, *, framework: Framework, code: str) -> list[Told]:
    """What new versions made of the actor's level in a competency, also under its old codes, the newest first; one
    query."""
    require(actor, "levels.read")
    row = LevelMove
    columns = row.framework, row.moved_at, row.level_before, row.level_after, row.before, row.after
    codes = sources_of(code, moves_of(framework))
    query = select(*columns).where(row.person_id == ME, row.after.in_(codes)).order_by(row.id.desc())
    return [Told._make(one) for one in rows(session, query, own(actor))]


def find_told(session: Session, person_id: int, version: int) -> list[dict[str, Any]]:
    """What a mail tells of a version: names of competencies, levels, and why each is another; two queries."""
    moved = session.scalars(
        select(LevelMove).where(LevelMove.person_id == person_id, LevelMove.framework == version).order_by(LevelMove.id)
    ).all()
    old, new = before_and_after(session, version)
    names = [{one["code"]: one["name"] for one in framework["competencies"]} for framework in (old, new)]
    return [
        {
            "old": f"{one.before} {names[0].get(one.before, '')}".strip(),
            "new": f"{one.after} {names[1].get(one.after, '')}".strip(),
            "was": one.level_before, "now": one.level_after, "code": one.after, "is_same": one.before == one.after,
        }
        for one in moved
    ]  # fmt: skip
