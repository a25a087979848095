"""Sealed records: one order without gaps, and nothing that is changed in it stays unseen."""

import json
from datetime import timedelta
from random import Random

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.errors import Invalid
from lms.models import SealedRecord
from lms.permissions import operator
from lms.services import seals
from lms.services.chain import canonical, public_of
from lms.services.seal_records import KINDS, number_of
from lms.services.writing import audit
from tests import world
from tests.faults.sizes import SIZE, chance
from tests.models.test_append_only import one_of_everything
from tests.services import steps
from tests.services.sealing import ACTS, KEY, LONG_AFTER, Tampering, as_owner, fault, make_key, seal
from tests.working import make_worker

PLAIN = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), PLAIN))
def test_what_is_hashed_is_canonical_json(value) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        return  # half of a surrogate pair, which no database holds
    assert canonical(value) == expected


def test_every_record_has_one_place_and_later_ones_follow(database, who) -> None:
    one_of_everything(database, who)
    make_key(database)
    seal(database)
    seal(database)
    with database.read() as session:
        places = session.execute(select(SealedRecord).order_by(SealedRecord.position)).scalars().all()
        assert [place.position for place in places] == list(range(1, len(places) + 1))
        for kind in KINDS:
            there = session.scalars(select(number_of(kind)).order_by(number_of(kind))).all()
            assert there, f"{kind} has no row to try it on"
            assert [place.record_id for place in places if place.kind == kind] == there
        head = seals.get_head(session)
    with database.transaction() as session:
        audit(session, operator(LONG_AFTER), "jobs.retry", "job", "x")
    seal(database, at=LONG_AFTER)
    with database.read() as session:
        assert seals.get_head(session).position == head.position + 1
        assert fault(session, head) is None
        assert fault(session, seals.get_head(session)) is None


def test_every_tampering_is_found(database, who) -> None:
    one_of_everything(database, who)
    make_key(database)
    seal(database)
    with database.transaction() as session:
        audit(session, operator(world.NOW), "jobs.retry", "job", "x")
    seal(database, at=world.NOW + timedelta(hours=1))
    with database.read() as session:
        head = seals.get_head(session)
    random, found = chance("tamperings"), 0
    for number in range(SIZE.tamperings):
        with as_owner(database) as connection:
            act = ACTS[number % len(ACTS)]
            act(Tampering(connection), random)
            assert fault(Session(connection), head) is not None, f"{act.__name__} was not seen"
            found += 1
    print(f"{found} of {SIZE.tamperings} tamperings found")
    with database.read() as session:
        assert fault(session, head) is None


def test_an_export_is_checked_with_the_public_key_alone(database, who) -> None:
    steps.take(database, who("amina"))
    make_key(database)
    seal(database)
    with database.read() as session:
        lines, head = list(seals.export_chain(session, operator(world.NOW))), seals.get_head(session)
    key = [public_of(KEY)]

    def check(changed, trusted=key, kept=head):
        return seals.verify_export(iter(changed), trusted=trusted, kept=kept)[0]

    assert check(lines) is None
    assert "@" not in "".join(lines)
    assert check(lines, trusted=[public_of(Ed25519PrivateKey.generate())]).what == "key"
    ends = [number for number, line in enumerate(lines) if "seal" in json.loads(line)]
    assert check(lines[: ends[-2] + 1]).what == "cut"
    assert check(lines[: ends[-2] + 1], kept=None) is None
    random = Random(3)
    for _tampering in range(30):
        number = random.randrange(1, len(lines))
        changed = [*lines]
        if random.random() < 0.3:
            del changed[number]
        else:
            place = random.randrange(len(lines[number]))
            changed[number] = lines[number][:place] + chr(ord(lines[number][place]) ^ 1) + lines[number][place + 1 :]
        try:
            assert check(changed) is not None, number
        except Invalid:
            assert number


def test_a_new_key_is_vouched_for_by_the_old_one(database, who) -> None:
    new, lost = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    assert make_key(database)
    seal(database)
    assert make_key(database, new, old=KEY)
    seal(database, new)
    with database.read() as session:
        assert fault(session) is None
        assert seals.verify(session, operator(world.NOW), trusted=[public_of(KEY)])[0] is None
        assert seals.verify(session, operator(world.NOW), trusted=[public_of(lost)])[0].what == "key"
    assert not make_key(database, lost)
    seal(database, lost)
    with database.read() as session:
        assert fault(session).what == "key"
        both = [public_of(KEY), public_of(lost)]
        assert seals.verify(session, operator(world.NOW), trusted=both)[0] is None


def test_the_worker_seals_when_it_has_a_key(sqlite, who, tmp_path) -> None:
    steps.take(sqlite, who("amina"))
    make_worker(sqlite, 1).run(once=True)
    with sqlite.read() as session:
        assert session.scalar(select(func.count()).select_from(SealedRecord)) == 0
    make_key(sqlite)
    path = tmp_path / "key"
    path.write_text(KEY.private_bytes_raw().hex())
    make_worker(sqlite, 1, world.NOW + timedelta(hours=1), seal_key=path).run(once=True)
    with sqlite.read() as session:
        assert seals.get_head(session).position > 0
        assert fault(session) is None
