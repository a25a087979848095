"""Two who start at the same time: what may be started is counted where nobody else can count at the same moment."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import func, select, text

from lms.models import Attempt
from lms.services.attempts import start_attempt
from lms.services.submitting import submit_attempt
from tests import world
from tests.faults import field as fields
from tests.faults.field import AGENT, ATTEMPTS, SLUG, Field
from tests.faults.taker import PREFIX
from tests.services import steps

MOST_LOOKS = 20_000
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def is_waiting(field: Field) -> bool:
    """Whether somebody waits for the lock that this test holds, as the kernel or PostgreSQL says."""
    if field.database.is_sqlite:
        queue = Path(f"{field.database.url.database}-writers")
        inode = queue.stat().st_ino if queue.exists() else 0
        return any("->" in line and f":{inode} " in line for line in Path("/proc/locks").read_text().splitlines())
    with field.database.read() as session:
        return bool(session.scalar(BLOCKED))


def test_the_last_attempt_is_given_once(field: Field) -> None:
    """One starts and hands in the last attempt; the other asks for one while that is not committed."""
    actor = world.actor(field.database, fields.email(0), datetime.now(UTC))
    for _ in range(ATTEMPTS - 1):
        steps.take(field.database, actor, SLUG, right=False)
    cookie, token = field.sign_in(0)
    answers: list[int] = []

    def ask() -> None:
        client = field.app.test_client(use_cookies=False)
        headers = {"Cookie": cookie, "User-Agent": AGENT, "X-CSRF-Token": token}
        answer = client.post(f"{PREFIX}/courses/{SLUG}/attempts", data=urlencode({}), headers=headers)
        answers.append(answer.status_code)
        answer.close()

    other = threading.Thread(target=ask)
    with field.database.transaction() as session:
        submit_attempt(session, actor, ref=start_attempt(session, actor, slug=SLUG).ref)
        session.flush()
        other.start()
        assert any(is_waiting(field) or answers for _ in range(MOST_LOOKS)), "the other does not come to the lock"
        assert answers == []
    other.join()
    with field.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == ATTEMPTS
    assert answers == [409]
