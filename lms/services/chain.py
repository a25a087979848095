"""The chain of seals: how records become hashes, hashes become seals, and how anybody checks them with a public key.

It knows no database: what stands in one, and what stands in an export, is checked by the same lines.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

START = "0" * 64  # the hash of the seal before the first
Record = Mapping[str, Any]


@dataclass(frozen=True)
class Key:
    """A public key and what the key before says of it, in hex."""

    public: str
    vouched: str


@dataclass(frozen=True)
class Signed:
    """A seal as it is kept: what was signed, and the signature, in hex."""

    body: str
    signature: str

    @property
    def hash(self) -> str:
        """By which the next seal, and who keeps the head outside, names this one."""
        return digest(self.body.encode())


@dataclass(frozen=True)
class Place:
    """What is kept of one place: where, of what, and the hash; `record` is what is there now, None where nothing is."""

    position: int
    record: Record | None
    hash: str


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong. `place` is a position, or 0 where a whole seal or key is meant."""

    what: str  # one of the codes that `flask lms verify` puts into words
    place: int
    seal: int


@dataclass(frozen=True)
class Head:
    """The end of the order: the last position, and the hash of its seal."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


NOTHING = Head(0, START)


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, for the objects that occur here: keys of ASCII; strings, integers, booleans, null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def instant(at: datetime) -> str:
    """A moment as records and seals write it: UTC, to the microsecond."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(body: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(body).hexdigest()


def hash_record(record: Record) -> str:
    """The hash of a record's canonical form."""
    return digest(canonical(record))


def public_of(private: Ed25519PrivateKey) -> str:
    """The public key, hex."""
    return private.public_key().public_bytes_raw().hex()


def vouch(private: Ed25519PrivateKey, public: str) -> str:
    """What a key signs of the one that follows it."""
    return private.sign(_vouched(public)).hex()


def _vouched(public: str) -> bytes:
    return b"next key " + public.encode()


def make_seal(
    private: Ed25519PrivateKey, *, number: int, before: Head, hashes: Sequence[str], sealed_at: str
) -> Signed:
    """Seal the records of these hashes behind the seal before."""
    body = canonical(
        {
            "before": before.hash, "first": before.position + 1, "key": public_of(private),
            "last": before.position + len(hashes), "number": number, "records": _together(hashes),
            "sealed_at": sealed_at,
        }
    )  # fmt: skip
    return Signed(body.decode(), private.sign(body).hex())


def _together(hashes: Sequence[str]) -> str:
    return digest("\n".join(hashes).encode())


def _is_signed(public: str, signature: str, body: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def find_accepted(keys: Sequence[Key], trusted: Collection[str]) -> list[str]:
    """The keys, in order, that are trusted or that one accepted before vouches for."""
    accepted: list[str] = []
    for key in keys:
        is_vouched = any(_is_signed(before, key.vouched, _vouched(key.public)) for before in accepted[-1:])
        if key.public in trusted or is_vouched:
            accepted.append(key.public)
    return accepted


class Check:
    """Goes along the chain, seal by seal; `find_fault` says the first thing that is wrong."""

    def __init__(self, accepted: Sequence[str], kept: Head | None = None) -> None:
        self._accepted, self._kept = accepted, kept
        self._key, self._is_kept_met = 0, kept is None or kept == NOTHING
        self.head, self.number = NOTHING, 0

    def find_fault(self, chain: Iterable[tuple[Signed, Sequence[Place]]]) -> Fault | None:
        """Of a chain from its first seal to its last."""
        for signed, places in chain:
            for fault in self._faults(signed, places):
                return fault
        if not self._is_kept_met:
            return Fault("cut", self.head.position + 1, self.number)
        return None

    def _faults(self, signed: Signed, places: Sequence[Place]) -> Iterator[Fault]:
        number, first = self.number + 1, self.head.position + 1
        body = _read(signed.body)
        expected = {"number": number, "first": first, "before": self.head.hash}
        if {name: body.get(name) for name in expected} != expected:
            yield Fault("order", first, number)
        if body.get("key") not in self._accepted[self._key :]:
            yield Fault("key", first, number)
        elif not _is_signed(str(body["key"]), signed.signature, signed.body.encode()):
            yield Fault("signature", first, number)
        else:
            self._key = self._accepted.index(str(body["key"]))
        yield from _faults_of_places(places, first, int(body.get("last") or 0), str(body.get("records")), number)
        self.number, self.head = number, Head(int(body["last"]), signed.hash)
        if self._kept and self._kept.position == self.head.position:
            self._is_kept_met = True
            if self._kept.hash != self.head.hash:
                yield Fault("head", first, number)


def _read(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _faults_of_places(places: Sequence[Place], first: int, last: int, records: str, seal: int) -> Iterator[Fault]:
    """Gaps; records that are not what their hash says; and hashes that are not what the seal says."""
    by_position = {place.position: place for place in places}
    for position in range(first, last + 1):
        place = by_position.get(position)
        if place is None:
            yield Fault("gap", position, seal)
        elif place.record is None:
            yield Fault("missing", position, seal)
        elif hash_record(place.record) != place.hash:
            yield Fault("changed", position, seal)
    if len(places) != last - first + 1:
        yield Fault("added", max(by_position, default=last), seal)
    if _together([place.hash for place in places]) != records:
        yield Fault("records", first, seal)
