"""Sealing: records get their place in one order, and seals lie over it. Writers wait for nobody: a job comes later.

A slice is one transaction: places, seal, and the lease that goes on. Killed at any moment, all of it is there or none.
"""

import json
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.models import Seal, SealedRecord, SealKey
from lms.permissions import Actor, require
from lms.services import chain
from lms.services.chain import NOTHING, Check, Fault, Head, Key, Place, Signed
from lms.services.seal_records import KINDS, list_unsealed, number_of, read_records
from lms.services.writing import audit, insert_all

SEAL = "seal_records"  # the kind of job
AT_ONCE = 1000  # records of a seal
WINDOW = 20_000  # numbers that are looked at for one
# Whoever writes has committed by then: below what was sealed before it, nothing new is looked for.
SETTLED = timedelta(days=1)


def add_key(session: Session, actor: Actor, *, new: Ed25519PrivateKey, old: Ed25519PrivateKey | None) -> bool:
    """Take the public key of a new pair for the seals from now on; False where no key before vouches for it, and
    whoever checks has to be given it."""
    require(actor, "jobs.work")
    public = chain.public_of(new)
    newest = session.scalars(select(SealKey.public_key).order_by(SealKey.id.desc()).limit(1)).first()
    is_known = old is not None and chain.public_of(old) == newest
    vouched = chain.vouch(old, public) if old is not None and is_known else ""
    session.add(SealKey(public_key=public, valid_from=actor.at, vouched=vouched))
    audit(session, actor, "seals.key", "key", public)
    return newest is None or is_known


def list_keys(session: Session) -> list[Key]:
    """All public keys, in their order."""
    return [Key(*row) for row in session.execute(select(SealKey.public_key, SealKey.vouched).order_by(SealKey.id))]


def is_known(session: Session, private: Ed25519PrivateKey) -> bool:
    """Whether whoever verifies finds the public half of a key here."""
    return chain.public_of(private) in {key.public for key in list_keys(session)}


def get_head(session: Session) -> Head:
    """The end of the order, to be kept outside: the tail cannot be cut off behind it unseen."""
    row = session.execute(
        select(Seal.last_position, Seal.seal_hash).order_by(Seal.number.desc()).limit(1)
    ).first()  # fmt: skip
    return Head(*row) if row else NOTHING


def seal_slice(
    session: Session, actor: Actor, *, payload: dict[str, Any], after: int, private: Ed25519PrivateKey | None
) -> int | None:
    """Seal a slice of what has no place yet; returns where to go on, or None when nothing is left, or there is no key.

    `after` tells the kind and the number in it: the kinds come one after the other.
    """
    require(actor, "jobs.work")
    if private is None or not is_known(session, private):
        return None
    if session.get_bind().dialect.name == "postgresql":  # one seals at a time; nobody else waits for it
        session.execute(text("LOCK TABLE lms_seals IN EXCLUSIVE MODE"))
    number, place = divmod(after, len(KINDS))
    while place < len(KINDS):
        kind = KINDS[place]
        number = number or _settled(session, actor, kind)
        upto = number + WINDOW
        found = list_unsealed(session, kind, after=number, upto=upto, limit=AT_ONCE)
        if found:
            _seal(session, actor, kind, found, private)
            return found[-1] * len(KINDS) + place
        if upto < (session.scalar(select(func.max(number_of(kind)))) or 0):
            return upto * len(KINDS) + place
        number, place = 0, place + 1
    return None


def _settled(session: Session, actor: Actor, kind: str) -> int:
    before = select(func.max(Seal.number)).where(Seal.sealed_at < actor.at - SETTLED)
    last = select(func.max(SealedRecord.record_id)).where(
        SealedRecord.kind == kind, SealedRecord.seal_number <= before.scalar_subquery()
    )
    return session.scalar(last) or 0


def _seal(session: Session, actor: Actor, kind: str, numbers: list[int], private: Ed25519PrivateKey) -> None:
    before = get_head(session)
    number = (session.scalar(select(func.max(Seal.number))) or 0) + 1
    records = read_records(session, kind, numbers)
    hashes = [chain.hash_record(records[one]) for one in numbers]
    at = chain.instant(actor.at)
    signed = chain.make_seal(private, number=number, before=before, hashes=hashes, sealed_at=at)
    first = before.position + 1
    row = {
        "number": number, "first_position": first, "last_position": before.position + len(numbers),
        "sealed_at": actor.at, "body": signed.body, "seal_hash": signed.hash, "signature": signed.signature,
    }  # fmt: skip
    insert_all(session, Seal, [row])
    insert_all(
        session,
        SealedRecord,
        [
            {"position": place, "kind": kind, "record_id": one, "seal_number": number, "record_hash": record_hash}
            for place, (one, record_hash) in enumerate(zip(numbers, hashes, strict=True), start=first)
        ],
    )


def read_chain(session: Session, meanwhile: Callable[[], None] = lambda: None) -> Iterator[tuple[Signed, list[Place]]]:
    """Every seal with what stands in its places now."""
    number = 0
    while True:
        seal = session.execute(
            select(Seal.number, Seal.body, Seal.signature, Seal.last_position, Seal.first_position, Seal.seal_hash)
            .where(Seal.number > number).order_by(Seal.number).limit(1)
        ).first()  # fmt: skip
        if seal is None:
            return
        number = seal.number
        yield Signed(seal.body, seal.signature), _places(session, number)
        meanwhile()


def _places(session: Session, seal: int) -> list[Place]:
    columns = (SealedRecord.position, SealedRecord.kind, SealedRecord.record_id, SealedRecord.record_hash)
    rows = session.execute(
        select(*columns).where(SealedRecord.seal_number == seal).order_by(SealedRecord.position)
    ).all()  # fmt: skip
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.record_id)
    found = {kind: read_records(session, kind, numbers) for kind, numbers in by_kind.items() if kind in KINDS}
    return [Place(row.position, found.get(row.kind, {}).get(row.record_id), row.record_hash) for row in rows]


def verify(
    session: Session, actor: Actor, *, kept: Head | None = None, trusted: Collection[str] = (),
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[Fault | None, Head]:  # fmt: skip
    """The first thing that is wrong with the records, if anything, and how far the order goes.

    Without keys from outside the first one of the database is believed: whoever can write there could have put another
    in its place. `meanwhile` is called after each seal.
    """
    require(actor, "jobs.work")
    keys = list_keys(session)
    check = Check(chain.find_accepted(keys, trusted or {key.public for key in keys[:1]}), kept)
    fault = check.find_fault(read_chain(session, meanwhile)) or _outside(session, actor, check.head) or _unlike(session)
    return fault, check.head


def _outside(session: Session, actor: Actor, head: Head) -> Fault | None:
    """A place behind the last seal; a record that was put in where all had been sealed long ago."""
    is_outside = or_(SealedRecord.position > head.position, SealedRecord.position < 1)
    behind = session.scalar(select(func.min(SealedRecord.position)).where(is_outside))
    if behind is not None:
        return Fault("added", behind, 0)
    for kind in KINDS:
        late = list_unsealed(session, kind, after=-(2**31), upto=_settled(session, actor, kind), limit=1)
        if late:
            return Fault(f"unsealed {kind} {late[0]}", 0, 0)
    return None


def _unlike(session: Session) -> Fault | None:
    """A seal of which the columns say another thing than what was signed."""
    for seal in session.execute(select(Seal.number, Seal.first_position, Seal.last_position, Seal.body)
                                .add_columns(Seal.seal_hash, Seal.sealed_at).order_by(Seal.number)):  # fmt: skip
        body = json.loads(seal.body)
        at = chain.instant(seal.sealed_at)
        said = (body["first"], body["last"], body["sealed_at"], Signed(seal.body, "").hash)
        if (seal.first_position, seal.last_position, at, seal.seal_hash) != said:
            return Fault("seal", seal.first_position, seal.number)
    return None


def export_chain(session: Session, actor: Actor) -> Iterator[str]:
    """The chain as lines of JSON: the keys, then seal by seal its records and the seal."""
    require(actor, "jobs.work")
    for key in list_keys(session):
        yield chain.canonical({"key": key.public, "vouched": key.vouched}).decode()
    for signed, places in read_chain(session):
        for place in places:
            line = {"hash": place.hash, "position": place.position, "record": place.record}
            yield chain.canonical(line).decode()
        yield chain.canonical({"seal": signed.body, "signature": signed.signature}).decode()


def verify_export(lines: Iterator[str], *, trusted: Collection[str], kept: Head | None) -> tuple[Fault | None, Head]:
    """The same of an export, with the public keys alone."""
    keys: list[Key] = []
    first = None
    for number, line in enumerate(lines, start=1):
        first = _line(line, number)
        if "key" not in first:
            break
        keys.append(Key(str(first["key"]), str(first.get("vouched", ""))))
        first = None
    check = Check(chain.find_accepted(keys, trusted), kept)
    return check.find_fault(_exported(lines, first, len(keys) + 1)), check.head


def _exported(lines: Iterator[str], first: dict[str, Any] | None, number: int) -> Iterator[tuple[Signed, list[Place]]]:
    places: list[Place] = []
    found = first
    while found is not None:
        if "seal" in found:
            yield Signed(str(found["seal"]), str(found.get("signature", ""))), places
            places = []
        else:
            record = found.get("record")
            is_record = isinstance(record, dict)
            place = found.get("position")
            places.append(
                Place(place if isinstance(place, int) else 0, record if is_record else None, str(found.get("hash")))
            )
        number += 1
        line = next(lines, None)
        found = None if line is None else _line(line, number)
    if places:
        raise Invalid(N_("The file ends in the middle of a seal: it was cut off."))


def _line(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid(N_("Line %(number)d of the file is no line of an exported chain."), number=number)
    return found
