"""A confirmation is withdrawn, by whoever gave it or by HR, or falls with its completion: on both databases."""

import pytest
from sqlalchemy import select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import CompletionWithdrawal, Mail, ReviewDecision
from lms.rules.applying import State
from lms.services.applications import get_application
from lms.services.deciding import take_back, withdraw_confirmation
from lms.services.reviews import Door, get_review, list_waiting
from tests.services import applying, steps
from tests.services.applying import answer, asked, complete, give
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
