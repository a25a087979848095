"""A new framework moves levels: whoever it is, is told once, by a mail and on the level's page."""

from datetime import timedelta

from sqlalchemy import select

from lms.models import Job, LevelMove
from lms.permissions import operator
from lms.services import announcing
from lms.services.framework import current_framework
from lms.services.level_moves import list_moves
from tests import world
from tests.content.sample import FRAMEWORK, ROLES
from tests.mail_server import mail_server
from tests.services import steps
from tests.services.test_framework_versions import Published, published, renamed  # noqa: F401  # a fixture
from tests.working import ADDRESS, make_worker

# A course shows no level any more: the first asks for a task.
HARDER = FRAMEWORK.replace("proof: a passed course}", "proof: a confirmed task, needs: {kinds: [task]}}")


def work(database, published: Published) -> dict[str, str]:  # noqa: F811
    """Address -> text of the mails that a worker sends after what was published last."""
    with mail_server() as server:
        make_worker(database, server.port, world.NOW + timedelta(hours=published.number)).run(once=True)
        return {mail["To"]: mail.get_body(("plain",)).get_content() for mail in server.mails}


def told(database, actor, code: str) -> list[tuple[int, int]]:
    with database.read() as session:
        moves = list_moves(session, actor, framework=current_framework(session), code=code)
        return [(one.level_before, one.level_after) for one in moves]


def dropped(code: str) -> str:
    return f"{FRAMEWORK.replace('code: PC1', f'code: {code}')}mapping:\n  - {{old: PC1, new: [], reason: Gone}}\n"


def test_whose_level_ends_is_told_once_and_nobody_else(database, who, published) -> None:  # noqa: F811
    steps.take(database, who("amina"))
    published.publish(published.library(dropped("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    sent = work(database, published)
    text = sent.pop("amina@lantern.example")
    assert "PC1" in text
    assert "is no longer part of the framework. Your level 1 in it ends." in text
    assert not [other for other in sent.values() if "no longer part" in other]
    assert work(database, published) == {}


def test_a_harder_rule_is_told_on_the_page_and_also_under_a_later_code(database, who, published) -> None:  # noqa: F811
    steps.take(database, who("amina"))
    published.publish(published.library(HARDER))
    text = work(database, published)["amina@lantern.example"]
    assert ": from level 1 to level 0." in text
    assert f"{ADDRESS}/levels/PC1" in text
    assert told(database, who("amina"), "PC1") == [(1, 0)]
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    assert "It takes the place of PC1" in work(database, published)["amina@lantern.example"]
    assert told(database, who("amina"), "PX1") == [(0, 1), (1, 0)]
    assert told(database, who("kofi"), "PX1") == []


def test_a_new_name_moves_nobody(database, who, published) -> None:  # noqa: F811
    steps.take(database, who("amina"))
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    assert work(database, published) == {}


def test_a_job_that_broke_off_between_two_slices_tells_each_once(database, who, published, monkeypatch) -> None:  # noqa: F811
    for name in ("amina", "wei", "rosa"):
        steps.take(database, who(name))
    published.publish(published.library(HARDER))
    monkeypatch.setattr(announcing, "COMPARED_AT_ONCE", 1)
    with database.read() as session:
        payload = session.scalars(select(Job.payload).where(Job.kind == announcing.LEVEL_MOVES)).one()
    for _ in range(2):  # what a worker did before it was killed, twice
        with database.transaction() as session:
            announcing.announce_level_moves(session, operator(world.NOW + timedelta(days=1)), payload=payload, after=0)
    assert set(work(database, published)) >= {f"{name}@lantern.example" for name in ("amina", "wei")}
    with database.read() as session:
        moved = session.scalars(select(LevelMove.person_id)).all()
    assert sorted(moved) == sorted({who(name).person_id for name in ("amina", "wei", "rosa")})
