"""Rating from two sides: alone, blind until both are in, by whoever is the manager today."""

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import Assessment, Mail, Person, Rating, RatingSheet
from lms.rules.assessments import Side, Stage
from lms.services.assessments import find_state, get_rating_page, list_states, save_sheet
from lms.services.conversations import get_conversation
from lms.services.ratings import Rated
from tests import world
from tests.services import steps
from tests.services.assessing import CYCLE, OFFERED, both, look, rate, ref_of
from tests.services.at_once import meeting, together

MOVED = world.PEOPLE.replace("grants,Officer,0002\n0004", "grants,Officer,0001\n0004")  # Amina reports to Ingrid


def page(database, actor, of=None):
    with database.read() as session:
        return get_rating_page(session, actor, cycle_start=CYCLE, person_ref=ref_of(database, of) if of else None)


def count(database, model) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(model)) or 0)


def test_each_side_sees_its_own_and_that_the_other_is_in(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    assert page(database, amina).stage is Stage.OPEN
    rate(database, amina, 3, words="mine alone")
    mine, theirs = page(database, amina), page(database, kofi, amina)
    assert (mine.stage, theirs.stage) == (Stage.SELF_IN, Stage.SELF_IN)
    assert mine.sheet.ratings["PC1"] == Rated("PC1", 3, "mine alone", (), "fairly")
    assert mine.manager == "Kofi Mensah"
    assert theirs.sheet is None
    assert "mine alone" not in repr(theirs)
    with pytest.raises(Conflict, match="opens when both"):
        look(database, amina, mine.ref)
    with pytest.raises(Conflict, match="opens when both"):
        look(database, kofi, mine.ref)


def brought(database, read) -> str:
    """All rows that the database gave to what reads, whatever it made of them."""
    seen = []
    with database.read() as session:
        connection = session.connection()
        execute = connection.execute

        def noting(*arguments, **options):
            seen.extend(execute(*arguments, **options).all())
            return execute(*arguments, **options)

        connection.execute = noting
        read(session)
    return repr(seen)


@pytest.mark.parametrize("first", ["self", "manager"])
def test_no_rating_leaves_the_database_before_both_are_in(database, who, first) -> None:
    amina, kofi = who("amina"), who("kofi")
    writer, reader = (amina, kofi) if first == "self" else (kofi, amina)
    of_writer, of_reader = (None, amina) if first == "self" else (amina, None)
    ref = rate(database, writer, 4, of=of_writer, words="SECRET").ref
    person_ref = ref_of(database, of_reader) if of_reader else None

    def read_page(session):
        get_rating_page(session, reader, cycle_start=CYCLE, person_ref=person_ref)

    def read_conversation(session):
        with contextlib.suppress(Conflict):
            get_conversation(session, reader, ref=ref)

    for read in (read_page, read_conversation):
        assert "Amina Diallo" in brought(database, read)
        assert "SECRET" not in brought(database, read)
    rate(database, reader, 1, of=of_reader)
    assert "SECRET" not in brought(database, read_page)
    assert "SECRET" in brought(database, read_conversation)


def test_a_draft_is_nobody_elses_and_nothing_yet(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    assert rate(database, amina, 2, hand_in=False).stage is Stage.OPEN
    assert page(database, amina).sheet.handed_in is False
    assert page(database, kofi, amina).stage is Stage.OPEN
    assert rate(database, kofi, 2, of=amina).stage is Stage.MANAGER_IN
    rate(database, amina, 3)
    rate_again = page(database, amina)
    assert rate_again.stage is Stage.BOTH_IN


def test_it_can_be_changed_until_both_are_in_and_then_no_more(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    rate(database, amina, 4)
    rate(database, amina, 2)
    ref = rate(database, kofi, 1, of=amina).ref
    found = look(database, amina, ref)
    assert {side: one.level for side, one in found.talks[0].rated.items()} == {Side.SELF: 2, Side.MANAGER: 1}
    for change in (lambda: rate(database, amina, 1), lambda: rate(database, kofi, 2, of=amina)):
        with steps.unchanged(database), pytest.raises(Conflict, match="neither can be changed"):
            change()
    with steps.unchanged(database), pytest.raises(Conflict):
        rate(database, amina, 1, hand_in=False)


def test_both_see_the_same_afterwards(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = both(database, amina, kofi)
    mine, theirs = look(database, amina, ref), look(database, kofi, ref)
    assert (mine.side, theirs.side) == (Side.SELF, Side.MANAGER)
    assert mine.talks == theirs.talks
    assert {side: name for side, (name, _) in mine.handed_in.items()} == {
        Side.SELF: "Amina Diallo", Side.MANAGER: "Kofi Mensah",
    }  # fmt: skip


@pytest.mark.parametrize("person", ["wei", "ingrid", "nadia", "olga", "sam", "rosa", "tupac", "jose"])
def test_nobody_else_finds_it(database, who, person) -> None:
    ref = both(database, who("amina"), who("kofi"))
    with pytest.raises(NotFound):
        look(database, who(person), ref)
    error = NotFound if person in ("ingrid", "tupac") else Forbidden
    with pytest.raises(error):
        page(database, who(person), who("amina"))
    with pytest.raises(error):
        rate(database, who(person), 2, of=who("amina"))


def test_partner_staff_have_their_own_reviewer(database, who) -> None:
    ref = both(database, who("rosa"), who("tupac"))
    assert look(database, who("rosa"), ref).manager == "Tupac Flores"


def test_nobody_rates_themselves_as_their_manager(database, who) -> None:
    with pytest.raises(NotFound):
        rate(database, who("kofi"), 4, of=who("kofi"))


def test_without_a_manager_it_waits(database, who) -> None:
    assert rate(database, who("ingrid"), 2).stage is Stage.SELF_IN
    assert page(database, who("ingrid")).manager is None


def test_a_new_manager_takes_over_and_the_former_sees_nothing_more(database, who, tmp_path) -> None:
    amina = who("amina")
    rate(database, who("kofi"), 1, of=amina, words="by Kofi")
    rate(database, who("kofi"), 2, of=amina, hand_in=False, words="his draft")
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)
    amina, kofi, ingrid = (who(name, later) for name in ("amina", "kofi", "ingrid"))
    with pytest.raises(NotFound):
        page(database, kofi, amina)
    taken_over = page(database, ingrid, amina)
    assert (taken_over.stage, taken_over.sheet) == (Stage.MANAGER_IN, None)
    rate(database, ingrid, 3, of=amina, words="by Ingrid")
    ref = rate(database, amina, 2).ref
    found = look(database, ingrid, ref)
    assert found.talks[0].rated[Side.MANAGER].words == "by Ingrid"
    assert found.manager == "Ingrid Larsen"
    for asks in (lambda: look(database, kofi, ref), lambda: rate(database, kofi, 1, of=amina)):
        with pytest.raises(NotFound):
            asks()


def test_what_a_former_manager_handed_in_counts_where_nothing_follows(database, who, tmp_path) -> None:
    rate(database, who("kofi"), 1, of=who("amina"), words="by Kofi")
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)
    ref = rate(database, who("amina", later), 2).ref
    assert look(database, who("ingrid", later), ref).talks[0].rated[Side.MANAGER].words == "by Kofi"


FAULTS = [
    ({"level": None, "confidence": "fairly"}, {"PC1-level"}),
    ({"level": 5, "confidence": "fairly", "words": "x"}, {"PC1-level"}),
    ({"level": 2, "confidence": "fairly"}, {"PC1-words"}),
    ({"level": 2, "words": "x"}, {"PC1-confidence"}),
    ({"level": 2, "words": "x", "confidence": "very"}, {"PC1-confidence"}),
    ({"level": 2, "words": "x" * 1001, "confidence": "sure"}, {"PC1-words"}),
    ({"level": 2, "points": ("9z",), "confidence": "sure"}, {"PC1-points"}),
    ({"level": None}, {""}),
]


@pytest.mark.parametrize(("fields", "wanted"), FAULTS)
def test_what_cannot_be_handed_in(database, who, fields, wanted) -> None:
    amina = who("amina")
    with steps.unchanged(database), pytest.raises(Invalid) as refused, database.transaction() as session:
        save_sheet(session, amina, cycle_start=CYCLE, ratings=[Rated("PC1", **fields)], hand_in=True, offered=OFFERED)
    assert set(refused.value.fields) == wanted


@pytest.mark.parametrize(
    "fields", [{"level": 0, "confidence": "sure"}, {"level": 2, "points": ("2a",), "confidence": "unsure"}]
)
def test_what_can(database, who, fields) -> None:
    with database.transaction() as session:
        save_sheet(
            session, who("amina"), cycle_start=CYCLE, ratings=[Rated("PC1", **fields)], hand_in=True, offered=OFFERED
        )
    assert page(database, who("amina")).sheet.ratings == {"PC1": Rated("PC1", **fields)}


def test_an_unfinished_draft_is_kept(database, who) -> None:
    rate(database, who("amina"), None, hand_in=False, words="Half a senten")
    assert page(database, who("amina")).sheet.ratings["PC1"].words == "Half a senten"


def test_two_who_hand_in_at_once_are_both_in(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    person_ref = ref_of(database, amina)

    def hand_in(actor, of):
        def act(session):
            rated = [Rated("PC1", 2, "x", confidence="" if of else "sure")]
            return save_sheet(
                session, actor, cycle_start=CYCLE, ratings=rated, hand_in=True, offered=OFFERED, person_ref=of
            )

        return act

    second = meeting(database, hand_in(amina, None), hand_in(kofi, person_ref))
    assert second.stage is Stage.BOTH_IN
    assert count(database, Assessment) == 1
    assert count(database, Mail) == 2
    assert look(database, kofi, second.ref).talks
    late = meeting(database, lambda session: None, hand_in(amina, None))
    assert isinstance(late, Conflict)


def test_many_at_once_make_one_assessment(database, who) -> None:
    amina = who("amina")
    rated = [Rated("PC1", 2, "x", confidence="sure")]
    found = together(
        database,
        lambda session: save_sheet(session, amina, cycle_start=CYCLE, ratings=rated, hand_in=True, offered=OFFERED),
    )
    assert {saved.stage for saved in found} == {Stage.SELF_IN}
    assert (count(database, Assessment), count(database, RatingSheet), count(database, Rating)) == (1, 6, 6)


def test_states_of_a_team_and_of_oneself(database, who) -> None:
    amina, wei, kofi = who("amina"), who("wei"), who("kofi")
    both(database, amina, kofi)
    rate(database, wei, 1)
    with database.read() as session:
        states = {ref: state.stage for ref, state in list_states(session, kofi, cycle_start=CYCLE).items()}
        assert find_state(session, wei, cycle_start=CYCLE).stage is Stage.SELF_IN
        assert find_state(session, who("jose"), cycle_start=CYCLE).ref is None
    assert states == {ref_of(database, amina): Stage.BOTH_IN, ref_of(database, wei): Stage.SELF_IN}


def test_another_cycle_is_another_assessment_and_the_earlier_stays(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    ref = both(database, amina, kofi)
    next_year = world.NOW + timedelta(days=365)
    amina, kofi = who("amina", next_year), who("kofi", next_year)
    assert page(database, amina).stage is Stage.OPEN
    assert (page(database, amina).earlier, page(database, kofi, amina).earlier) == (ref, ref)
    assert page(database, who("wei", next_year)).earlier is None
    now = both(database, amina, kofi)
    assert [look(database, kofi, one).earlier for one in (now, ref)] == [ref, None]
    assert look(database, kofi, ref).talks


def test_words_can_be_erased_and_the_ratings_stay(database, who) -> None:
    ref = both(database, who("amina"), who("kofi"))
    with database.transaction() as session:
        session.execute(text("DELETE FROM lms_fact_texts"))
    found = look(database, who("amina"), ref).talks[0].rated
    assert {side: (one.level, one.words) for side, one in found.items()} == {Side.SELF: (3, ""), Side.MANAGER: (1, "")}


def test_people_are_found_by_their_refs_alone(database, who) -> None:
    with database.read() as session:
        number = session.scalar(select(Person.id).where(Person.id == who("amina").person_id))
        with pytest.raises(NotFound):
            get_rating_page(session, who("kofi"), cycle_start=CYCLE, person_ref=str(number))
