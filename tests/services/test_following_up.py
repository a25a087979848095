"""What the days bring to tasks at work: reminders once each, another reviewer, a case for HR; how many, in fives."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Mail, Post, ReportingLine, ReviewRequest
from lms.permissions import operator
from lms.rules.applying import As, Cause, Side
from lms.services import following_up
from lms.services.application_rates import ask_reviewer, get_rates
from lms.services.completions import withdraw_completion
from lms.services.following_up import follow_up_reviews, remind_learners
from lms.services.review_requests import ask
from lms.services.reviews import list_waiting
from tests import world
from tests.mail_server import mail_server
from tests.services import steps
from tests.services.applying import answer, asked, complete, give
from tests.working import events, make_worker

NOW = world.NOW


def live(database, day: int) -> None:
    """Do what a day brings, twice: the second time adds nothing."""
    for _time in range(2):
        for step in (remind_learners, follow_up_reviews):
            after: int | None = 0
            while after is not None:
                with database.transaction() as session:
                    after = step(session, operator(NOW + timedelta(days=day)), payload={}, after=after)


def written(database, kind: str) -> list[int]:
    """After how many days the mails of a kind were written."""
    with database.read() as session:
        found = session.scalars(select(Mail.written_at).where(Mail.kind == kind).order_by(Mail.id))
        return [(at - NOW).days for at in found]


@pytest.mark.parametrize(
    ("days", "told"), [((6,), []), ((7,), [7]), ((7, 20, 21, 30), [7, 21]), ((34,), [34]), ((35, 60), [])]
)
def test_a_learner_is_reminded_at_seven_and_at_twenty_one(database, who, days, told) -> None:
    complete(database, who("amina"))
    for day in days:
        live(database, day)
    assert written(database, "application_due") == told


def test_who_handed_in_or_left_is_not_reminded(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    complete(database, who("wei"))
    with database.transaction() as session:
        of_wei = update(Post).where(Post.person_id == who("wei").person_id)
        session.execute(of_wei.values(ended_on=world.TODAY + timedelta(days=2)))
    live(database, 7)
    assert written(database, "application_due") == []


def test_who_got_it_back_is_reminded(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    answer(database, who("kofi"), asked(database), "not_yet", comment="More")
    live(database, 7)
    assert written(database, "application_due") == [7]


def test_of_what_is_confirmed_the_other_side_is_not_reminded(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    with database.transaction() as session:
        hand_in = session.scalars(select(ReviewRequest.hand_in_id)).one()
        ask(session, hand_in, who("ingrid").person_id, side=Side.OTHER, role=As.OTHER_SIDE, cause=Cause.HANDED_IN,
            by=None, at=NOW)  # fmt: skip
    answer(database, who("kofi"), asked(database))
    live(database, 7)
    assert written(database, "review_asked") == [0, 0]


def test_a_reviewer_is_reminded_and_after_45_days_their_manager_is_asked(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    for day in (6, 7, 21, 44):
        live(database, day)
    assert written(database, "review_asked") == [0, 7, 21]
    live(database, 45)
    with database.read() as session:
        (waiting,) = list_waiting(session, steps.later(who("ingrid"), days=45))
        assert list_waiting(session, steps.later(who("kofi"), days=45)) == []
    answer(database, steps.later(who("ingrid"), days=46), waiting.ref)
    with database.read() as session:
        assert steps.standing(session, "amina").confirmed_as == "reviewer"
    before = written(database, "review_asked")
    live(database, 60)
    assert written(database, "review_asked") == before


def test_where_the_line_changed_the_new_manager_is_asked(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    with database.transaction() as session:
        mine = update(ReportingLine).where(ReportingLine.person_id == who("amina").person_id)
        session.execute(mine.values(manager_id=who("olga").person_id))
    live(database, 1)
    with database.read() as session:
        (waiting,) = list_waiting(session, steps.later(who("olga"), days=1))
    answer(database, steps.later(who("olga"), days=1), waiting.ref)
    with database.read() as session:
        assert steps.standing(session, "amina").confirmed_as == "line_manager"


def test_who_replaced_a_manager_answers_only_while_the_line_leads_to_them(database, who) -> None:
    for person in (who("amina"), who("wei")):  # of Wei's task the line still leads to her
        give(database, person, complete(database, person))
    live(database, 45)
    later = steps.later(who("ingrid"), days=46)
    with database.transaction() as session:
        mine = update(ReportingLine).where(ReportingLine.person_id == who("amina").person_id)
        session.execute(mine.values(manager_id=who("olga").person_id))
    with database.read() as session:
        assert [one.learner for one in list_waiting(session, later)] == ["Li Wei"]
    live(database, 46)
    with database.read() as session:
        assert len(list_waiting(session, steps.later(who("olga"), days=46))) == 1


def test_what_nobody_answers_is_a_case_for_hr(database, who) -> None:
    ref = give(database, who("tupac"), complete(database, who("tupac")))
    give(database, who("jose"), complete(database, who("jose")))  # Ingrid's, above whom there is nobody
    hr = who("ingrid")
    with database.read() as session:
        assert [case.name for case in get_rates(session, hr).cases] == ["Tupac Flores"]
        late = get_rates(session, steps.later(hr, days=46)).cases
        assert [case.name for case in late] == ["Tupac Flores", "José García"]
        assert get_rates(session, who("nadia")).cases == []
    for email in ("", "nobody@lantern.example", "tupac@rioclaro.example", "ingrid@lantern.example"):
        with steps.unchanged(database), pytest.raises(Invalid) as refused, database.transaction() as session:
            ask_reviewer(session, hr, ref=ref, email=email)
        assert set(refused.value.fields) == {"email"}
    with pytest.raises(NotFound), database.transaction() as session:
        ask_reviewer(session, who("nadia"), ref=ref, email="kofi@lantern.example")
    with database.transaction() as session:
        ask_reviewer(session, hr, ref=ref, email="rosa@rioclaro.example")
    with database.read() as session:
        assert get_rates(session, hr).cases == []
        assert len(list_waiting(session, who("rosa"))) == 1
    with pytest.raises(Conflict), database.transaction() as session:
        ask_reviewer(session, hr, ref=ref, email="kofi@lantern.example")


def test_nobody_chooses_their_own_reviewer(database, who) -> None:
    ref = give(database, who("ingrid"), complete(database, who("ingrid")))
    with database.read() as session:
        assert [case.is_own for case in get_rates(session, who("ingrid")).cases] == [True]
    with pytest.raises(Forbidden), database.transaction() as session:
        ask_reviewer(session, who("ingrid"), ref=ref, email="kofi@lantern.example")


def test_how_many_in_fives(database, who) -> None:
    """Four people: nothing; the fifth opens the page, which says nothing yet of one who is confirmed."""
    for number, name in enumerate(("amina", "wei", "kofi", "jose", "olga")):
        with database.read() as session:
            assert get_rates(session, who("ingrid")).counts.total is None, number
        complete(database, who(name))
    give(database, who("amina"), steps_ref(database, "amina"))
    give(database, who("wei"), steps_ref(database, "wei"))
    with database.read() as session:
        page = get_rates(session, who("ingrid"))
        assert (page.counts.total.size, page.counts.bands) == (5, (0, 1))  # with the learner or a reviewer: not told
        assert page.counts.total.cells == (0, 5)
        assert [(page.courses[row.key], row.size) for row in page.counts.parts] == [("Why we partner", 5)]
    answer(database, who("kofi"), asked(database))
    with database.read() as session:
        page = get_rates(session, who("ingrid"))
        assert (page.counts.total.size, page.counts.total.cells) == (5, (5,))
        assert get_rates(session, who("nadia")).counts.total is None


def steps_ref(database, name: str) -> str:
    with database.read() as session:
        return steps.completions(session, name)[-1].ref


def test_the_mails_reach_whom_they_concern_while_they_are_true(database, who) -> None:
    ref = complete(database, who("amina"))
    live(database, 7)
    a_week = NOW + timedelta(days=7)
    give(database, replace(who("amina"), at=a_week), ref)  # so that the reminder is no longer true
    with mail_server() as server:
        make_worker(database, server.port, a_week).run(once=True)
        (mail,) = server.mails
        text = next(mail.iter_parts()).get_content()
    assert mail["To"] == "kofi@lantern.example"
    assert "Amina Diallo completed" in text
    assert "/learn/r/" in text
    assert applying_words(text) == []
    assert events(database)["application_due", "amina"] == ["not_sent not_true"]
    answer(database, replace(who("kofi"), at=a_week), asked(database), "not_yet", comment="Whom did you ask?")
    with mail_server() as server:
        make_worker(database, server.port, a_week).run(once=True)
        (mail,) = server.mails
        assert (mail["To"], mail["Subject"]) == ("amina@lantern.example", "Not yet: your task for “Why we partner”")
        assert "Whom did you ask?" in next(mail.iter_parts()).get_content()


def applying_words(text: str) -> list[str]:
    """Of what was handed in, what a mail says: nothing."""
    return [word for word in ("Budget talk", "We asked the partner first") if word in text]


def test_a_mail_to_a_partner_names_nobody_of_the_house(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")), other_side="tupac@rioclaro.example")
    with mail_server() as server:
        make_worker(database, server.port, NOW).run(once=True)
        text = next(str(mail) for mail in server.mails if mail["To"].startswith("tupac"))
    assert "Amina" not in text
    assert "Diallo" not in text


def test_a_request_that_is_over_is_neither_reminded_nor_moved(database, who) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref)
    with database.transaction() as session:
        withdraw_completion(session, who("ingrid"), ref=ref, reason="Wrong person")
    live(database, 45)
    assert written(database, "review_asked") == [0]
    with database.read() as session:
        assert len(session.scalars(select(ReviewRequest.id)).all()) == 1


def test_slices_lose_nobody(database, who, monkeypatch) -> None:
    monkeypatch.setattr(following_up, "WRITTEN_AT_ONCE", 1)
    for name in ("amina", "wei", "jose"):
        complete(database, who(name))
    give(database, who("kofi"), complete(database, who("kofi")))
    give(database, who("olga"), complete(database, who("olga")))
    live(database, 7)
    assert written(database, "application_due") == [7] * 3
    assert written(database, "review_asked") == [0, 0, 7, 7]
    machine = replace(operator(NOW), grants=())
    with pytest.raises(Forbidden), database.transaction() as session:
        remind_learners(session, machine, payload={}, after=0)
