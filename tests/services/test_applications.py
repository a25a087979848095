"""Handing in a task at work, its review, and what follows from it: on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lms.documents.received import Kind, Received
from lms.errors import Conflict, Invalid, NotFound
from lms.models import (
    Evidence,
    Mail,
    ReportingLine,
    ReviewRequest,
    Upload,
    UploadBody,
)
from lms.rules.applying import State
from lms.rules.standing import application_state, status
from lms.services import standings
from lms.services.applications import get_application, get_own_file
from lms.services.reviews import Door, get_review, get_reviewed_file, list_waiting
from tests import world
from tests.services import applying, steps
from tests.services.applying import answer, asked, complete, give

FILE = Received("photo.jpg", Kind.JPEG, b"pixels")


def stands(database, name: str = "amina") -> tuple[str, str]:
    """The status and the state of the task today."""
    with database.read() as session:
        known = standings.as_rule(steps.standing(session, name))
    return status(known, world.TODAY), application_state(known, world.TODAY)


def told(database) -> list[tuple[str, str]]:
    """Who is told what, in order: kind and key's second part aside."""
    with database.read() as session:
        return [(mail.kind, mail.key.split(":")[0]) for mail in session.scalars(select(Mail).order_by(Mail.id))]


def tasks(database) -> list[Evidence]:
    with database.read() as session:
        return list(session.scalars(select(Evidence).where(Evidence.kind == "task").order_by(Evidence.id)))


def test_handed_in_seen_and_certified(database, who) -> None:
    ref = complete(database, who("amina"))
    assert stands(database) == ("completed", State.DUE)
    give(database, who("amina"), ref, files=(FILE,), link="https://example.org/notes")
    assert stands(database) == ("completed", State.HANDED_IN)
    with database.read() as session:
        (waiting,) = list_waiting(session, who("kofi"))
        assert (waiting.learner, waiting.ref) == ("Amina Diallo", asked(database))
        page = get_review(session, who("kofi"), ref=asked(database))
        assert page.door is Door.OPEN
        assert page.shown.words == applying.GIVEN.words
        assert page.shown.files[0].name == "photo.jpg"
        file = get_reviewed_file(session, who("kofi"), ref=page.ref, file=page.shown.files[0].ref)
        assert (file.name, file.body, file.content_type) == ("photo.jpg", b"pixels", "image/jpeg")
    answer(database, who("kofi"), asked(database), beyond_own_team=True)
    assert stands(database) == ("certified", State.CONFIRMED)
    evidence = tasks(database)
    assert {(one.competency, one.situation, one.partner_voice, one.beyond_own_team) for one in evidence} == {
        ("PC1", "Budget talk", False, True)
    }
    with database.read() as session:
        standing = steps.standing(session, "amina")
        assert (standing.certified_on, standing.confirmed_as) == (world.TODAY, "line_manager")
        (asked_one,) = get_application(session, who("amina"), ref=ref).rounds[0].asked
        assert (asked_one.name, asked_one.decision) == ("Kofi Mensah", "seen")
    assert [kind for kind, _ in told(database)] == ["review_asked", "reviewed"]


def test_not_yet_comes_back_and_is_handed_in_again(database, who) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref)
    with pytest.raises(Conflict, match="waits for your reviewer"):
        give(database, who("amina"), ref)
    with pytest.raises(Invalid) as refused:
        answer(database, who("kofi"), asked(database), "not_yet")
    assert set(refused.value.fields) == {"comment"}
    answer(database, who("kofi"), asked(database), "not_yet", comment="Whom did you ask?")
    assert stands(database) == ("completed", State.RETURNED)
    assert tasks(database) == []
    give(database, who("amina"), ref, words="I asked Rosa.")
    assert stands(database) == ("completed", State.HANDED_IN)
    with database.read() as session:
        newest, first = get_application(session, who("amina"), ref=ref).rounds
        assert (newest.shown.words, first.asked[0].comment) == ("I asked Rosa.", "Whom did you ask?")
    answer(database, who("kofi"), asked(database))
    assert stands(database) == ("certified", State.CONFIRMED)


def test_a_request_takes_one_answer(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    answer(database, who("kofi"), asked(database))
    with steps.unchanged(database), pytest.raises(Conflict, match="answered this already"):
        answer(database, who("kofi"), asked(database), "not_yet", comment="No")
    with database.read() as session:
        page = get_review(session, who("kofi"), ref=asked(database))
        assert (page.door, page.shown) == (Door.DECIDED, None)
        assert list_waiting(session, who("kofi")) == []


def test_passed_on_to_a_colleague_who_can_judge(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    first = asked(database)
    for email in ("", *(f"{name}@lantern.example" for name in ("nobody", "amina", "kofi")), "tupac@rioclaro.example"):
        with steps.unchanged(database), pytest.raises(Invalid) as refused:
            answer(database, who("kofi"), first, "passed_on", pass_to=email)
        assert set(refused.value.fields) == {"pass_to"}
    answer(database, who("kofi"), first, "passed_on", pass_to="OLGA@lantern.example ")
    with database.read() as session:
        assert [one.learner for one in list_waiting(session, who("olga"))] == ["Amina Diallo"]
        assert list_waiting(session, who("kofi")) == []
    answer(database, who("olga"), asked(database))
    with database.read() as session:
        assert steps.standing(session, "amina").confirmed_as == "reviewer"


def test_partner_staff_have_their_supervisor_or_name_a_peer(database, who) -> None:
    give(database, who("rosa"), complete(database, who("rosa")))
    with database.read() as session:
        assert [one.learner for one in list_waiting(session, who("tupac"))] == ["Rosa Quispe"]
    ref = complete(database, who("tupac"))
    with database.read() as session:
        assert get_application(session, who("tupac"), ref=ref).names_peer
    for email in ("kofi@lantern.example", "tupac@rioclaro.example"):
        with pytest.raises(Invalid) as refused:
            give(database, who("tupac"), ref, reviewer=email)
        assert set(refused.value.fields) == {"reviewer"}
    give(database, who("tupac"), ref, reviewer="rosa@rioclaro.example")
    answer(database, who("rosa"), asked(database))
    with database.read() as session:
        assert steps.standing(session, "tupac").confirmed_as == "peer"


def test_the_other_side_adds_its_voice_before_or_after(database, who) -> None:
    for first, second in (("kofi", "tupac"), ("tupac", "kofi")):
        name = "amina" if first == "kofi" else "wei"
        give(database, who(name), complete(database, who(name)), other_side="tupac@rioclaro.example")
        requests = {"kofi": asked(database), "tupac": asked(database, "other")}
        before = len(tasks(database))
        answer(database, who(first), requests[first])
        assert stands(database, name)[0] == ("certified" if first == "kofi" else "completed")
        answer(database, who(second), requests[second])
        assert stands(database, name)[0] == "certified"
        made = tasks(database)[before:]
        assert sorted(one.partner_voice for one in made) == [False, True]
        assert {one.situation for one in made} == {"Budget talk"}


def test_a_partner_reads_no_name_beyond_its_own(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")), other_side="tupac@rioclaro.example")
    with database.read() as session:
        (waiting,) = list_waiting(session, who("tupac"))
        assert waiting.learner == ""
        assert get_review(session, who("tupac"), ref=waiting.ref).learner == ""
    give(database, who("rosa"), complete(database, who("rosa")), other_side="ingrid@lantern.example")
    with database.read() as session:
        assert [one.learner for one in list_waiting(session, who("ingrid"))] == ["Rosa Quispe"]


def test_the_other_side_is_of_the_other_side(database, who) -> None:
    ref = complete(database, who("amina"))
    for email in ("olga@lantern.example", "nobody@rioclaro.example"):
        with steps.unchanged(database), pytest.raises(Invalid) as refused:
            give(database, who("amina"), ref, other_side=email)
        assert set(refused.value.fields) == {"other_side"}


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"situation": ""}, "situation"), ({"situation": "x" * 81}, "situation"), ({"words": "x" * 4001}, "words"),
        ({"words": ""}, "words"), ({"link": "javascript:alert(1)"}, "link"), ({"link": "https://"}, "link"),
        ({"link": "https://a.example/" + "x" * 500}, "link"), ({"files": (FILE,) * 4}, "files"),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_in_is_said_at_its_field(database, who, more, field) -> None:
    ref = complete(database, who("amina"))
    with steps.unchanged(database), pytest.raises(Invalid) as refused:
        give(database, who("amina"), ref, **more)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("more", [{"is_observed": True}, {"link": "http://example.org"}, {"files": (FILE,)}])
def test_words_are_not_needed_beside_something_else(database, who, more) -> None:
    give(database, who("amina"), complete(database, who("amina")), words="", **more)
    assert stands(database)[1] is State.HANDED_IN


def test_whoever_manages_now_is_asked_and_who_did_is_not(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")))
    with database.transaction() as session:
        line = session.scalars(select(ReportingLine).where(ReportingLine.person_id == who("amina").person_id)).one()
        line.manager_id = who("ingrid").person_id
    with database.read() as session:
        assert get_review(session, who("kofi"), ref=asked(database)).door is Door.MOVED
        assert list_waiting(session, who("kofi")) == []
    with steps.unchanged(database), pytest.raises(Conflict, match="Somebody else is asked now"):
        answer(database, who("kofi"), asked(database))


def test_others_find_nothing(database, who) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref, files=(FILE,))
    with database.read() as session:
        file = session.scalars(select(Upload.ref)).one()
        for name in ("wei", "ingrid", "nadia", "olga", "sam", "tupac", "amina"):
            with pytest.raises(NotFound):
                get_review(session, who(name), ref=asked(database))
            with pytest.raises(NotFound):
                get_reviewed_file(session, who(name), ref=asked(database), file=file)
        for name in ("kofi", "ingrid", "wei"):
            with pytest.raises(NotFound):
                get_application(session, who(name), ref=ref)
            with pytest.raises(NotFound):
                get_own_file(session, who(name), ref=ref, file=file)
        assert get_own_file(session, who("amina"), ref=ref, file=file).body == b"pixels"


def test_after_an_answer_the_evidence_is_the_learners_alone(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")), files=(FILE,))
    request = asked(database)
    with database.read() as session:
        file = session.scalars(select(Upload.ref)).one()
    answer(database, who("kofi"), request)
    with database.read() as session, pytest.raises(NotFound):
        get_reviewed_file(session, who("kofi"), ref=request, file=file)


def test_late_still_counts(database, who) -> None:
    ref = complete(database, who("amina"))
    late = steps.later(who("amina"), days=40)
    with database.read() as session:
        assert get_application(session, late, ref=ref).state is State.OVERDUE
    give(database, late, ref)
    answer(database, steps.later(who("kofi"), days=41), asked(database))
    with database.read() as session:
        assert steps.standing(session, "amina").certified_on == world.TODAY + timedelta(days=41)


def test_an_erased_file_is_said_to_be_so(database, who) -> None:
    ref = complete(database, who("amina"))
    give(database, who("amina"), ref, files=(FILE,))
    with database.transaction() as session:
        session.delete(session.scalars(select(UploadBody)).one())
    with database.read() as session:
        (file,) = get_application(session, who("amina"), ref=ref).rounds[0].shown.files
        assert (file.name, file.kind) == ("", "jpg")
        with pytest.raises(NotFound):
            get_own_file(session, who("amina"), ref=ref, file=file.ref)


def test_of_a_hand_in_one_request_of_each_side_is_open(database, who) -> None:
    give(database, who("amina"), complete(database, who("amina")), other_side="tupac@rioclaro.example")
    answer(database, who("kofi"), asked(database), "not_yet", comment="More")
    with database.read() as session:
        assert session.scalars(select(ReviewRequest.id).where(ReviewRequest.is_open)).all() == []
