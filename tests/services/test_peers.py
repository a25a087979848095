"""Peers: who can be asked, what they see, and who reads what they say."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lms.errors import Conflict, Invalid, NotFound
from lms.models import Assessment, FactText, PeerRating, PeerRequest
from lms.services.conversations import find_talk
from lms.services.peers import answer_request, ask_peer, get_peers_page, get_request
from lms.services.ratings import Rated
from lms.services.reviews import list_waiting
from tests import world
from tests.services import steps
from tests.services.assessing import CYCLE, both, look, rate, ref_of
from tests.services.test_assessments import MOVED
from tests.services.test_both_rated import work

SEEN = Rated("PC1", 2, "In the talk of May", (), "sure")


def ask(database, actor, email: str, *, of=None, competencies=("PC1",)) -> str:
    with database.transaction() as session:
        ask_peer(
            session, actor, cycle_start=CYCLE, email=email, competencies=competencies,
            person_ref=ref_of(database, of) if of else None,
        )  # fmt: skip
        return session.scalar(select(PeerRequest.ref).order_by(PeerRequest.id.desc()).limit(1))


def answer(database, actor, ref: str, ratings=(SEEN,)) -> None:
    with database.transaction() as session:
        answer_request(session, actor, ref=ref, ratings=ratings)


def waiting(database, actor) -> list[str]:
    with database.read() as session:
        return [one.learner for one in list_waiting(session, actor) if one.is_peer]


def seen(database, actor, ref: str) -> list[tuple[str, int, str]]:
    peers = find_talk(look(database, actor, ref), "PC1").peers
    return [(one.name, one.level, one.words) for one in peers]


def test_a_peer_is_told_and_what_they_say_is_read_when_both_are_in(database, who) -> None:
    amina, kofi, wei = who("amina"), who("kofi"), who("wei")
    ref = ask(database, amina, "wei@lantern.example")
    (text,) = work(database).values()
    assert f"/peers/{ref}" in text
    assert "Amina Diallo" in text
    assert waiting(database, wei) == ["Amina Diallo"]
    answer(database, wei, ref)
    assert waiting(database, wei) == []
    assessment = rate(database, amina, 3).ref
    with pytest.raises(Conflict):
        look(database, amina, assessment)
    rate(database, kofi, 1, of=amina)
    for reader in (amina, kofi):
        assert seen(database, reader, assessment) == [("Li Wei", 2, "In the talk of May")]
    talk = find_talk(look(database, amina, assessment), "PC1")
    assert (talk.measured.explanation.level, talk.talk.agreed) == (0, None), "a peer's word moves no level"
    for other in ("wei", "ingrid"):
        with pytest.raises(NotFound):
            look(database, who(other), assessment)
    with database.transaction() as session:  # as erasure does
        of_it = select(PeerRating.ref)
        session.execute(update(FactText).where(FactText.fact_ref.in_(of_it)).values(text=""))
    assert seen(database, kofi, assessment) == [("Li Wei", 2, "")]


def test_an_answer_that_comes_later_is_added_and_given_once(database, who) -> None:
    ref = ask(database, who("kofi"), "wei@lantern.example", of=who("amina"))
    assessment = both(database, who("amina"), who("kofi"))
    assert seen(database, who("amina"), assessment) == []
    answer(database, who("wei"), ref)
    assert seen(database, who("amina"), assessment) == [("Li Wei", 2, "In the talk of May")]
    with pytest.raises(Conflict), steps.unchanged(database):
        answer(database, who("wei"), ref, None)
    for other in ("amina", "kofi", "jose"):
        with pytest.raises(NotFound), database.read() as session:
            get_request(session, who(other), ref=ref)


# Herself; her manager, of whom the sheet is; somebody of a partner's; nobody.
@pytest.mark.parametrize(
    "email", ["amina@lantern.example", "kofi@lantern.example", "rosa@rioclaro.example", "x@y.z", ""]
)
def test_who_cannot_be_asked(database, who, email: str) -> None:
    for actor, of in ((who("amina"), None), (who("kofi"), who("amina"))):
        with pytest.raises(Invalid) as refused, steps.unchanged(database):
            ask(database, actor, email, of=of)
        assert set(refused.value.fields) == {"email"}
    with pytest.raises(NotFound):
        ask(database, who("kofi"), "wei@lantern.example", of=who("jose"))


def test_a_partners_staff_ask_nobody_of_the_house(database, who) -> None:
    with pytest.raises(Invalid):
        ask(database, who("rosa"), "amina@lantern.example")


def test_three_are_asked_once_each_and_who_declines_makes_room(database, who) -> None:
    amina = who("amina")
    refs = {name: ask(database, amina, f"{name}@lantern.example") for name in ("wei", "jose", "nadia")}
    with pytest.raises(Conflict):
        ask(database, amina, "olga@lantern.example")
    answer(database, who("jose"), refs["jose"], None)
    with pytest.raises(Invalid):
        ask(database, amina, "wei@lantern.example")
    ask(database, amina, "olga@lantern.example")
    with database.read() as session:
        page = get_peers_page(session, amina, cycle_start=CYCLE)
        assert session.scalar(select(func.count()).select_from(PeerRating)) == 0
    assert [(one.name, one.outcome) for one in page.asked] == [
        ("Li Wei", ""), ("José García", "declined"), ("Nadia", ""), ("Olga Petrova", ""),
    ]  # fmt: skip
    assert not page.has_room


@pytest.mark.parametrize("competencies", [(), ("ZZ9",)])
def test_what_is_asked_about_is_of_the_framework(database, who, competencies) -> None:
    with pytest.raises(Invalid) as refused:
        ask(database, who("amina"), "wei@lantern.example", competencies=competencies)
    assert set(refused.value.fields) == {"competencies"}


def test_a_rating_has_a_level_a_situation_and_how_sure_they_are(database, who) -> None:
    ref = ask(database, who("amina"), "wei@lantern.example")
    for rated, field in (
        (Rated("PC1", None, "In May", (), "sure"), "PC1-level"), (Rated("PC1", 2, "", (), "sure"), "PC1-words"),
        (Rated("PC1", 2, "In May"), "PC1-confidence"), (Rated("ZZ9", 2, "In May", (), "sure"), ""),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused, steps.unchanged(database):
            answer(database, who("wei"), ref, [rated])
        assert set(refused.value.fields) == {field}


def test_a_request_ends_with_the_cycle_and_when_the_peer_becomes_the_manager(database, who, tmp_path) -> None:
    ingrids = ask(database, who("amina"), "ingrid@lantern.example")
    weis = ask(database, who("amina"), "wei@lantern.example")
    later = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, later)  # Ingrid is Amina's manager now
    assert waiting(database, who("ingrid", later)) == []
    with pytest.raises(Conflict):
        answer(database, who("ingrid", later), ingrids)
    assert waiting(database, who("wei", later)) == ["Amina Diallo"]
    with database.read() as session:
        ends_on = session.scalar(select(func.max(Assessment.ends_on)))
    over = later + (ends_on - later.date()) + timedelta(days=1)
    assert waiting(database, who("wei", over)) == []
    with pytest.raises(Conflict):
        answer(database, who("wei", over), weis)
