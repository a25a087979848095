"""Who is told that a level will fall; what people choose; what is written down of mails."""

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from lms.models import Evidence, FactText, Job, Mail, MailChoice, Post
from lms.permissions import operator
from lms.rules.mails import Kind
from lms.rules.standing import RENEWAL_NOTICE
from lms.services import announcing, mails
from lms.services.completions import withdraw_completion
from lms.services.lapses import find_lapses, list_candidates
from lms.services.mails import News
from lms.services.profile import get_profile
from lms.services.writing import salted_hash
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.working import events, make_worker

NOW, TODAY = world.NOW, world.TODAY
LAPSES = ("level_lapses", "amina")
FALLS = TODAY + timedelta(days=50)


def prove(database, person_id: int, expires_on: date | None, competency: str = "PC1", ref: str = "one") -> None:
    """A piece of evidence that somebody passed a course, which counts up to a day."""
    with database.transaction() as session:
        session.add(
            Evidence(
                ref=ref, person_id=person_id, competency=competency, kind="course", level_aimed_at=1,
                source_ref=ref, confirmed_as="quiz", effective_at=NOW - timedelta(days=300),
                recorded_at=NOW - timedelta(days=300), expires_on=expires_on,
            )
        )  # fmt: skip


def announce(database, at=NOW) -> None:
    with database.transaction() as session:
        after: int | None = 0
        while after is not None:
            after = announcing.announce_lapses(session, operator(at), payload={}, after=after)


def work(database, at=NOW) -> list[str]:
    """The subjects of what a worker sends at a moment."""
    with mail_server() as server:
        make_worker(database, server.port, at).run(once=True)
        return [mail["Subject"] for mail in server.mails]


@pytest.mark.parametrize(
    ("days", "told"), [(0, False), (1, True), (59, True), (60, True), (61, False), (None, False), (-1, False)]
)
def test_a_level_is_announced_from_sixty_days_before_it_falls(database, who, days, told) -> None:
    prove(database, who("amina").person_id, None if days is None else TODAY + timedelta(days=days))
    announce(database)
    assert bool(events(database)) == told


def test_a_level_that_rests_on_other_evidence_too_is_not_announced(database, who) -> None:
    prove(database, who("amina").person_id, FALLS)
    prove(database, who("amina").person_id, None, ref="other")
    announce(database)
    assert events(database) == {}


def test_a_leaver_is_not_looked_at(database, who) -> None:
    prove(database, who("amina").person_id, FALLS)
    with database.transaction() as session:
        session.execute(update(Post).where(Post.person_id == who("amina").person_id).values(ended_on=TODAY))
    announce(database)
    assert events(database) == {}


def test_each_person_competency_and_day_is_announced_once(database, who) -> None:
    prove(database, who("amina").person_id, FALLS)
    prove(database, who("amina").person_id, FALLS, "PC2", "two")
    prove(database, who("wei").person_id, FALLS, ref="three")
    for day in range(3):
        assert len(work(database, NOW + timedelta(days=day))) == (3 if day == 0 else 0)


def test_the_renewed_level_is_announced_for_its_new_day(database, who) -> None:
    prove(database, who("amina").person_id, FALLS)
    announce(database)
    prove(database, who("amina").person_id, FALLS + timedelta(days=5), ref="renewed")
    announce(database)
    with database.read() as session:
        texts = session.scalars(select(FactText.text).join(Mail, Mail.ref == FactText.fact_ref).order_by(Mail.id))
        assert [json.loads(text)["lapses_on"] for text in texts] == [str(FALLS), str(FALLS + timedelta(days=5))]
    assert len(work(database)) == 1  # of the first day nothing is true any more
    assert [told[-1] for told in events(database).values()] == ["sent"]


def test_many_people_come_slice_by_slice_and_each_once(database, who, monkeypatch) -> None:
    monkeypatch.setattr(announcing, "WRITTEN_AT_ONCE", 2)
    people = [who(name).person_id for name in ("amina", "wei", "kofi", "jose", "rosa")]
    for number in people:
        prove(database, number, FALLS, ref=f"of {number}")
    announce(database)
    with database.read() as session:
        assert list_candidates(session, 0, TODAY, 99) == sorted(people)
        assert len(find_lapses(session, people, TODAY)) == 5
        assert session.scalar(select(func.count()).select_from(Mail)) == 5


def test_who_switched_it_off_is_not_told(database, who) -> None:
    amina = who("amina")
    prove(database, amina.person_id, FALLS)
    announce(database)
    with database.transaction() as session:
        mails.choose_mails(session, amina, wanted=())
        mails.choose_mails(session, amina, wanted=())
    assert work(database) == []
    assert events(database) == {LAPSES: ["not_sent switched_off"]}
    with database.read() as session:
        assert get_profile(session, amina).mails == {"level_lapses": False, "reminder": False, "weekly": False}
        assert get_profile(session, who("wei")).mails == {"level_lapses": True, "reminder": True, "weekly": False}
        assert session.scalar(select(func.count()).select_from(MailChoice)) == 2
    with database.transaction() as session:
        mails.choose_mails(session, amina, wanted=("level_lapses", "course_assigned", "nonsense"))
    with database.read() as session:
        assert get_profile(session, amina).mails == {"level_lapses": True, "reminder": False, "weekly": False}


def test_what_was_withdrawn_meanwhile_is_not_announced(database, who) -> None:
    """The level has fallen already, for another reason."""
    steps.take(database, who("amina"))
    with database.read() as session:
        completion = steps.completions(session, "amina")[0]
        data = {"competency": "PC1", "lapses_on": str(FALLS)}
    with database.transaction() as session:
        mails.add_mails(session, Kind.LEVEL_LAPSES, [News(who("amina").person_id, "k", data)], NOW)
        withdraw_completion(session, who("ingrid"), ref=completion.ref, reason="Wrong")
    assert work(database) == []
    assert events(database) == {LAPSES: ["not_sent not_true"]}


def test_a_mail_its_words_and_its_job_come_and_go_together(database, who) -> None:
    news = [News(who("amina").person_id, "same", {"a": "Amina"}), News(who("wei").person_id, "other")]
    for expected in (2, 0):
        with database.transaction() as session:
            assert mails.add_mails(session, Kind.INVITATION, news, NOW) == expected
    with database.read() as session:
        rows = session.execute(select(Mail.data_hash, FactText.salt, FactText.text).join(
            FactText, FactText.fact_ref == Mail.ref
        )).all()  # fmt: skip
        assert [salted_hash(row.salt, row.text) for row in rows] == [row.data_hash for row in rows]
        assert session.scalar(select(func.count()).select_from(Job)) == 2
        assert "Amina" not in str(session.scalars(select(Job.payload)).all())


def test_a_row_does_not_say_what_it_is_about_once_its_words_are_erased(database, who) -> None:
    prove(database, who("amina").person_id, FALLS)
    announce(database)
    with database.transaction() as session:
        session.execute(delete(FactText))
    with database.read() as session:
        row = str(session.execute(select(Mail.__table__)).one())
    assert "PC1" not in row
    assert str(FALLS) not in row


def test_a_restored_backup_tells_the_same_news_under_the_same_message_id(database, who) -> None:
    """The ref makes the Message-ID; what is restored is the state before the mails were written."""
    prove(database, who("amina").person_id, FALLS)
    prove(database, who("wei").person_id, FALLS, ref="two")
    told = []
    for hours in (0, 1):
        with steps.unchanged(database), suppress(Restored), database.transaction() as session:
            announcing.announce_lapses(session, operator(NOW + timedelta(hours=hours)), payload={}, after=0)
            told.append(session.scalars(select(Mail.ref).order_by(Mail.person_id)).all())
            raise Restored
    assert len(set(told[0])) == 2
    assert told[0] == told[1]


class Restored(Exception):
    """The database is as it was."""


def test_the_transaction_that_asks_many_writes_one_row_more(database, who) -> None:
    steps.assign(database, who("ingrid"), unit="HUB")
    with database.read() as session:
        assert session.scalars(select(Job.kind)).all() == ["announce_assignment"]
        assert session.scalar(select(func.count()).select_from(Mail)) == 0


def test_the_notice_is_sixty_days() -> None:
    assert RENEWAL_NOTICE.days == 60
