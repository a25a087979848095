"""A confirmation is withdrawn, by whoever gave it or by HR, or falls with its completion: on both databases."""

from functools import partial

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import CompletionWithdrawal, HandIn, Mail, ReviewDecision, ReviewRequest
from lms.rules.applying import As, Cause, Side, State
from lms.services.applications import get_application
from lms.services.deciding import Answer, decide, take_back, withdraw_confirmation
from lms.services.review_requests import ask, close
from lms.services.reviews import Door, get_review, list_waiting
from tests import world
from tests.services import applying, steps
from tests.services.applying import answer, asked, complete, give
from tests.services.at_once import meeting
from tests.services.test_applications import stands


@pytest.mark.parametrize("by", ["kofi", "ingrid"])
def test_a_withdrawn_confirmation_takes_all_back_and_both_are_told(database, who, by) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref)
    request = asked(database)
    answer(database, who("kofi"), request)
    decision = applying.newest(database, ReviewDecision)
    with database.transaction() as session:
        if by == "kofi":
            take_back(session, who(by), ref=request, reason="I mixed it up.")
        else:
            withdraw_confirmation(session, who(by), ref=decision, reason="I mixed it up.")
    assert stands(database) == ("completed", State.RETURNED)
    with database.read() as session:
        people = session.scalars(select(Mail.person_id).where(Mail.kind == "confirmation_withdrawn")).all()
        assert set(people) == {who("amina").person_id} | ({who("kofi").person_id} if by == "ingrid" else set())
        assert get_application(session, who("amina"), ref=ref).rounds[0].asked[0].withdrawal_reason == "I mixed it up."
    for act in (lambda s: take_back(s, who("kofi"), ref=request, reason="Again"),
                lambda s: withdraw_confirmation(s, who("ingrid"), ref=decision, reason="Again")):  # fmt: skip
        with steps.unchanged(database), pytest.raises(Conflict), database.transaction() as session:
            act(session)
    give(database, who("amina"), ref)
    answer(database, who("kofi"), asked(database))
    assert stands(database) == ("certified", State.CONFIRMED)


def test_who_may_not_withdraw(database, who) -> None:
    """Nadia is HR of the east, and José works in the west."""
    give(database, who("jose"), complete(database, who("jose")))
    answer(database, who("ingrid"), asked(database))
    decision = applying.newest(database, ReviewDecision)
    for name, error in (("nadia", NotFound), ("kofi", Forbidden), ("sam", Forbidden)):
        with pytest.raises(error), database.transaction() as session:
            withdraw_confirmation(session, who(name), ref=decision, reason="No")
    with pytest.raises(Invalid), database.transaction() as session:
        withdraw_confirmation(session, who("ingrid"), ref=decision, reason=" ")
    with pytest.raises(NotFound), database.transaction() as session:
        take_back(session, who("wei"), ref=asked(database), reason="No")


def test_who_was_asked_for_the_other_side_does_not_speak_for_both(database, who) -> None:
    """Ingrid could judge it, but for what she was asked beside."""
    give(database, who("amina"), complete(database, who("amina")))
    request = asked(database)
    with database.transaction() as session:
        hand_in = session.scalars(select(HandIn.id)).one()
        ask(session, hand_in, who("ingrid").person_id, side=Side.OTHER, role=As.OTHER_SIDE, cause=Cause.HANDED_IN,
            by=None, at=world.NOW)  # fmt: skip
    with steps.unchanged(database), pytest.raises(Invalid):
        answer(database, who("kofi"), request, "passed_on", pass_to="ingrid@lantern.example")
    answer(database, who("kofi"), request, "passed_on", pass_to="nadia@lantern.example")


def test_who_answers_while_somebody_else_is_asked_changes_nothing(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    request = asked(database)
    with database.read() as session:
        hand_in = session.scalars(select(HandIn.id)).one()

    def ask_ingrid(session):
        """As the job does when the days have passed."""
        ask(session, hand_in, who("ingrid").person_id, side=Side.OWN, role=As.REVIEWER, cause=Cause.FALLBACK, by=None,
            at=world.NOW)  # fmt: skip

    given = Answer("seen")
    refused = meeting(database, ask_ingrid, lambda s: decide(s, who("kofi"), ref=request, answer=given, by_link=False))
    assert isinstance(refused, Conflict)
    with database.read() as session:
        assert session.scalars(select(ReviewDecision)).all() == []


def test_of_two_who_ask_at_once_one_request_is_open(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    with database.transaction() as session:
        hand_in = session.scalars(select(HandIn.id)).one()
        close(session, ReviewRequest.hand_in_id == hand_in)
    people = [who(name).person_id for name in ("kofi", "ingrid")]
    first, second = (
        partial(ask, hand_in=hand_in, reviewer=person, side=Side.OWN, role=As.REVIEWER, cause=Cause.HR, by=None,
                at=world.NOW)
        for person in people
    )  # fmt: skip
    outcome = meeting(database, first, second)
    assert outcome is None or isinstance(outcome, Conflict)
    with database.read() as session:
        assert len(session.scalars(select(ReviewRequest).where(ReviewRequest.is_open)).all()) == 1


def test_hr_does_not_correct_its_own(database, who) -> None:
    """Nadia is HR and reports to Ingrid."""
    give(database, who("nadia"), complete(database, who("nadia")))
    answer(database, who("ingrid"), asked(database))
    with pytest.raises(Forbidden), database.transaction() as session:
        withdraw_confirmation(session, who("nadia"), ref=applying.newest(database, ReviewDecision), reason="Mine")


def test_a_withdrawn_completion_ends_the_review(database, who) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref)
    steps.withdraw(database, who("ingrid"), "amina")
    with database.read() as session:
        assert session.scalars(select(CompletionWithdrawal)).all()
        assert get_review(session, who("kofi"), ref=asked(database)).door is Door.OVER
        assert list_waiting(session, who("kofi")) == []
        assert get_application(session, who("amina"), ref=ref).state is State.NONE
    with pytest.raises(Conflict):
        answer(database, who("kofi"), asked(database))
    with pytest.raises(Conflict):
        give(database, who("amina"), ref)
