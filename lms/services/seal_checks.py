"""What HR and administrators see of the seals, and verifying them by a job."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.models import Seal, SealCheck, SealedRecord, SealKey
from lms.permissions import Actor, require
from lms.services import seals
from lms.services.chain import NOTHING, Fault, Head
from lms.services.jobs import add_job
from lms.services.seal_records import KINDS, number_of
from lms.services.writing import audit

VERIFY = "verify_seals"  # the kind of job
SHOWN = 10


@dataclass(frozen=True)
class Sealing:
    """How far the records are sealed, and what verifying them said."""

    head: Head
    last: Any  # the newest Seal; None where nothing is sealed
    waiting: int  # records behind the last one of their kind that is sealed
    checks: Sequence[SealCheck]  # the newest first


def get_sealing(session: Session, actor: Actor) -> Sealing:
    """The state of the seals; three queries."""
    require(actor, "seals.check")
    last = session.scalar(select(Seal).order_by(Seal.number.desc()).limit(1))
    head = Head(last.last_position, last.seal_hash) if last else NOTHING
    checks = session.scalars(select(SealCheck).order_by(SealCheck.id.desc()).limit(SHOWN)).all()
    return Sealing(head, last, session.scalar(_waiting()) or 0, checks)


def _waiting() -> Any:
    counts = []
    for kind in KINDS:
        sealed = select(func.max(SealedRecord.record_id)).where(SealedRecord.kind == literal(kind))
        number = number_of(kind)
        counts.append(select(func.count().label("rows")).where(number > func.coalesce(sealed.scalar_subquery(), 0)))
    return select(func.sum(union_all(*counts).subquery("waiting").c.rows))


def list_public_keys(session: Session) -> Sequence[SealKey]:
    """The public keys, the first one first; whoever verifies may know them, so nobody has to be signed in."""
    return session.scalars(select(SealKey).order_by(SealKey.id)).all()


def ask_check(session: Session, actor: Actor, *, head: str) -> None:
    """Let the worker verify all seals, against a head that was kept outside where one is given. Raises Invalid."""
    require(actor, "seals.check")
    if head.strip() and read_head(head) is None:
        raise Invalid(
            N_("Nothing is verified."), {"head": N_("A head is a number, a colon and 64 signs, as it is shown.")}
        )
    add_job(session, VERIFY, {"head": head.strip()}, actor.at)
    audit(session, actor, "seals.check", "seals", head.strip()[:20])


def read_head(text: str) -> Head | None:
    """A head as it is printed, POSITION:HASH; None for anything else."""
    found = re.fullmatch("([0-9]{1,9}):([0-9a-f]{64})", text.strip())
    return Head(int(found[1]), found[2]) if found else None


def check(session: Session, actor: Actor, *, head: str, meanwhile: Callable[[], None]) -> SealCheck:
    """Verify, in the session's snapshot; what came of it, to be kept. `meanwhile` is called after each seal."""
    kept = read_head(head)
    fault, end = seals.verify(session, actor, kept=kept, meanwhile=meanwhile)
    found = fault or Fault("", 0, 0)
    return SealCheck(
        checked_at=actor.at, position=end.position, seal_hash=end.hash, kept_position=kept.position if kept else None,
        fault=found.what.split()[0] if found.what else "", fault_position=found.place, fault_seal=found.seal,
    )  # fmt: skip


def keep_check(session: Session, actor: Actor, *, found: SealCheck) -> None:
    """Append what came of it."""
    require(actor, "jobs.work")
    session.add(found)
