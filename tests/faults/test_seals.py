"""The job of sealing killed at every statement: it goes on without a gap and without a double."""

import json

from lms.delivery.seal_key import write_key
from lms.permissions import operator
from lms.services import seals
from lms.services.writing import audit
from tests import world
from tests.faults.sizes import SIZE
from tests.faults.test_workers import warmed  # noqa: F401
from tests.services.sealing import KEY, fault, make_key


def test_a_kill_at_every_statement_leaves_no_gap(database, warmed, tmp_path) -> None:  # type: ignore[no-untyped-def]  # noqa: F811
    """Two at once: the other one may be in the middle of its own, and goes on."""
    make_key(database)
    write_key(tmp_path / "key", KEY)
    url = database.url.render_as_string(hide_password=False)
    at, killed, kills = 0, 1, 0
    while killed:
        at += SIZE.step
        with database.transaction() as session:
            for _entry in range(3):
                audit(session, operator(world.NOW), "jobs.retry", "job", f"job {at}")
        wanted = {"url": url, "at": world.NOW.isoformat(), "seal_key": str(tmp_path / "key"), "die_at": [at, at]}
        warmed.stdin.write(json.dumps(wanted) + "\n")
        warmed.stdin.flush()
        killed = json.loads(warmed.stdout.readline())["killed"]
        kills += killed
        with database.read() as session:
            assert fault(session) is None
    with database.read() as session:
        head = seals.get_head(session)
        assert fault(session, head) is None
        assert not [
            kind for kind in seals.KINDS if seals.list_unsealed(session, kind, after=-1, upto=2**31 - 1, limit=1)
        ]
    print(f"{kills} kills, the order ends at {head.position}")
    assert kills > 20
