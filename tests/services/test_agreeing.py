"""The conversation: a level is proposed by one side and accepted by the other, or seen differently."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Invalid, NotFound
from lms.models import AssessmentMove, Evidence, EvidenceWithdrawal
from lms.rules.assessments import Act, Side
from lms.rules.needs import Kind
from lms.services.agreeing import accept_level, differ, propose_level
from tests import world
from tests.services import steps
from tests.services.assessing import accept, both, look, propose, see_differently
from tests.services.at_once import meeting
from tests.services.test_assessments import MOVED


@pytest.fixture
def talking(database, who) -> str:
    """Amina has passed a course, and both sides have rated her; the assessment's ref."""
    steps.take(database, who("amina"))
    return both(database, who("amina"), who("kofi"))


def evidence(database) -> list[tuple[int, str, str | None]]:
    """Level, role and whether it was withdrawn, of what is agreed on."""
    query = (
        select(Evidence.level_aimed_at, Evidence.confirmed_as, EvidenceWithdrawal.ref)
        .outerjoin(EvidenceWithdrawal, EvidenceWithdrawal.evidence_id == Evidence.id)
        .where(Evidence.kind == Kind.AGREED).order_by(Evidence.id)
    )  # fmt: skip
    with database.read() as session:
        return [(row[0], row[1], bool(row[2])) for row in session.execute(query)]


def talk_of(database, actor, ref):
    return look(database, actor, ref).talks[0]


@pytest.mark.parametrize(("first", "second"), [("amina", "kofi"), ("kofi", "amina")])
def test_one_proposes_and_the_other_accepts(database, who, talking, first, second) -> None:
    proposal = propose(database, who(first), talking, 1, "The joint review in March.")
    assert talk_of(database, who(second), talking).agreed is None
    assert evidence(database) == []
    accept(database, who(second), talking, proposal)
    found = talk_of(database, who(first), talking)
    assert (found.agreed.level, found.agreed.words) == (1, "The joint review in March.")
    assert found.talk.is_settled
    assert evidence(database) == [(1, "both_sides", False)]
    with database.read() as session:
        row = session.execute(select(Evidence).where(Evidence.kind == Kind.AGREED)).scalar_one()
        assert (row.person_id, row.confirmed_by) == (who("amina").person_id, who("kofi").person_id)


@pytest.mark.parametrize("person", ["amina", "kofi"])
def test_nobody_accepts_their_own_proposal(database, who, talking, person) -> None:
    proposal = propose(database, who(person), talking, 1)
    with steps.unchanged(database), pytest.raises(Conflict, match="the other side accepts"):
        accept(database, who(person), talking, proposal)


@pytest.mark.parametrize("person", ["wei", "ingrid", "nadia", "sam", "rosa"])
def test_nobody_else_takes_part(database, who, talking, person) -> None:
    proposal = propose(database, who("kofi"), talking, 1)
    for act in (
        lambda: propose(database, who(person), talking, 1),
        lambda: accept(database, who(person), talking, proposal),
        lambda: see_differently(database, who(person), talking),
    ):
        with steps.unchanged(database), pytest.raises(NotFound):
            act()


def test_no_more_than_the_evidence_supports(database, who, talking) -> None:
    with steps.unchanged(database), pytest.raises(Invalid) as refused:
        propose(database, who("kofi"), talking, 2)
    assert refused.value.fields == {
        "level": "The evidence supports level 1 so far. What is missing for more stands under Measured."
    }
    accept(database, who("amina"), talking, propose(database, who("kofi"), talking, 0))
    assert talk_of(database, who("amina"), talking).agreed.level == 0
    assert evidence(database) == []


def test_evidence_that_is_gone_carries_no_agreement(database, who, talking) -> None:
    proposal = propose(database, who("kofi"), talking, 1)
    steps.withdraw(database, who("ingrid"), "amina")
    with steps.unchanged(database), pytest.raises(Conflict, match="no evidence yet"):
        accept(database, who("amina"), talking, proposal)


def test_an_agreement_does_not_carry_the_next_one(database, who, talking) -> None:
    accept(database, who("amina"), talking, propose(database, who("kofi"), talking, 1))
    steps.withdraw(database, who("ingrid"), "amina")
    with pytest.raises(Invalid):
        propose(database, who("kofi"), talking, 1)


def test_what_was_agreed_is_corrected_by_a_later_agreement_alone(database, who, talking) -> None:
    amina, kofi = who("amina"), who("kofi")
    accept(database, amina, talking, propose(database, kofi, talking, 1))
    with steps.unchanged(database), pytest.raises(Conflict, match="propose another level"):
        see_differently(database, kofi, talking)
    later = propose(database, kofi, talking, 0, "We had counted the wrong course.")
    assert talk_of(database, amina, talking).agreed.level == 1
    assert evidence(database) == [(1, "both_sides", False)]
    accept(database, amina, talking, later)
    assert talk_of(database, amina, talking).agreed.level == 0
    assert evidence(database) == [(1, "both_sides", True)]


def test_both_record_that_they_see_it_differently(database, who, talking) -> None:
    amina, kofi = who("amina"), who("kofi")
    proposal = propose(database, kofi, talking, 0)
    see_differently(database, amina, talking, "In May I led the review alone.")
    assert talk_of(database, kofi, talking).proposal is None
    with pytest.raises(Conflict, match="does not wait any more"):
        accept(database, amina, talking, proposal)
    with steps.unchanged(database), pytest.raises(Conflict, match="recorded already"):
        see_differently(database, amina, talking)
    see_differently(database, kofi, talking, "I saw the one in June.")
    found = talk_of(database, amina, talking)
    assert found.talk.is_settled
    assert {found.said[move.id].words for move in found.talk.differing.values()} == {
        "In May I led the review alone.", "I saw the one in June.",
    }  # fmt: skip
    assert set(found.talk.differing) == set(Side)
    assert evidence(database) == []


@pytest.mark.parametrize(
    ("level", "reason", "wanted"),
    [(None, "x", {"level"}), (1, " ", {"reason"}), (9, "", {"level", "reason"}), (1, "x" * 1001, {"reason"})],
)
def test_a_proposal_needs_a_level_and_a_reason(database, who, talking, level, reason, wanted) -> None:
    with steps.unchanged(database), pytest.raises(Invalid) as refused:
        propose(database, who("kofi"), talking, level, reason)
    assert set(refused.value.fields) == wanted
    with steps.unchanged(database), pytest.raises(Invalid):
        see_differently(database, who("kofi"), talking, " ")


def test_a_competency_that_nobody_rated_is_not_talked_about(database, who, talking) -> None:
    with pytest.raises(NotFound), database.transaction() as session:
        propose_level(session, who("kofi"), ref=talking, code="PC9", level=1, reason="x")


def test_a_new_manager_goes_on_and_answers_for_no_earlier_proposal(database, who, talking, tmp_path) -> None:
    proposal = propose(database, who("kofi"), talking, 1)
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)
    amina, ingrid, kofi = (who(name, later) for name in ("amina", "ingrid", "kofi"))
    with pytest.raises(Conflict, match="does not wait any more"):
        accept(database, amina, talking, proposal)
    with pytest.raises(NotFound):
        look(database, kofi, talking)
    accept(database, ingrid, talking, propose(database, amina, talking, 1))
    assert talk_of(database, amina, talking).agreed.level == 1


def test_two_who_answer_at_once_leave_one_outcome(database, who, talking) -> None:
    amina, kofi = who("amina"), who("kofi")
    proposal = propose(database, kofi, talking, 1)
    second = meeting(
        database,
        lambda session: accept_level(session, amina, ref=talking, code="PC1", proposal=proposal),
        lambda session: propose_level(session, kofi, ref=talking, code="PC1", level=0, reason="No, 0."),
    )
    assert second is None
    found = talk_of(database, amina, talking)
    assert (found.agreed.level, found.proposal.level) == (1, 0)
    waits = found.proposal.ref
    second = meeting(
        database,
        lambda session: differ(session, amina, ref=talking, code="PC1", words="No."),
        lambda session: accept_level(session, amina, ref=talking, code="PC1", proposal=waits),
    )
    assert isinstance(second, Conflict)


def test_accepting_twice_is_one_agreement(database, who, talking) -> None:
    amina = who("amina")
    proposal = propose(database, who("kofi"), talking, 1)
    second = meeting(
        database,
        *[lambda session: accept_level(session, amina, ref=talking, code="PC1", proposal=proposal)] * 2,
    )
    assert isinstance(second, Conflict)
    assert evidence(database) == [(1, "both_sides", False)]
    with database.read() as session:
        accepted = select(func.count()).where(AssessmentMove.act == Act.ACCEPT)
        assert session.scalar(accepted.select_from(AssessmentMove)) == 1


def test_a_new_manager_says_that_they_see_it_differently_too(database, who, talking, tmp_path) -> None:
    see_differently(database, who("kofi"), talking, "I saw less.")
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)
    ingrid = who("ingrid", later)
    see_differently(database, ingrid, talking, "So did I.")
    found = talk_of(database, ingrid, talking)
    assert found.said[found.talk.differing[Side.MANAGER].id].words == "So did I."
    with pytest.raises(Conflict, match="recorded already"):
        see_differently(database, ingrid, talking)
