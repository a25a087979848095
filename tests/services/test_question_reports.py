"""Reports of bad questions: by whoever met them, without names for the author, answered in a sentence."""

import pytest

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.services.item_analysis import get_analysis
from lms.services.question_reports import report_question, settle_report
from lms.services.results import get_result
from tests.services import steps


def report(database, actor, ref, reason="unclear", text="Which partner?", position=1) -> None:
    with database.transaction() as session:
        report_question(session, actor, ref=ref, position=position, reason=reason, text=text)


def seen(database, author):
    with database.read() as session:
        page = get_analysis(session, author, slug="basics", number=2)
        return [one for question in page.questions for one in question.reports]


def settle(database, author, ref, reply="The wording is changed in the next version.") -> None:
    with database.transaction() as session:
        settle_report(session, author, slug="basics", number=2, ref=ref, reply=reply)


def own(database, actor, ref):
    with database.read() as session:
        return get_result(session, actor, ref=ref).reviewed[0].report


def test_the_author_reads_it_without_a_name_and_the_reporter_reads_the_answer(database, who) -> None:
    ref = steps.take(database, who("amina"))
    assert own(database, who("amina"), ref) is None
    report(database, who("amina"), ref)
    (one,) = seen(database, who("olga"))
    assert (one.reason, one.text, one.reply) == ("unclear", "Which partner?", None)
    assert "Amina" not in repr(one)
    settle(database, who("olga"), one.ref)
    assert own(database, who("amina"), ref).reply == "The wording is changed in the next version."
    with pytest.raises(Conflict):
        settle(database, who("olga"), one.ref)


def test_a_later_report_follows_the_earlier_and_asks_for_an_answer_of_its_own(database, who) -> None:
    ref = steps.take(database, who("amina"))
    report(database, who("amina"), ref)
    (first,) = seen(database, who("olga"))
    report(database, who("amina"), ref, "wrong_key", "")
    (second,) = seen(database, who("olga"))
    assert (second.reason, second.text) == ("wrong_key", "")
    with pytest.raises(Conflict):
        settle(database, who("olga"), first.ref)


def test_two_people_are_two_reports(database, who) -> None:
    report(database, who("amina"), steps.take(database, who("amina")))
    report(database, who("wei"), steps.take(database, who("wei")), text="")
    assert len(seen(database, who("olga"))) == 2


def test_what_is_refused(database, who) -> None:
    ref = steps.begin(database, who("amina"))
    with steps.unchanged(database), pytest.raises(Conflict):
        report(database, who("amina"), ref)
    steps.submit(database, who("amina"), ref)
    for wrong in ({"reason": "boring"}, {"text": "x" * 501}):
        with steps.unchanged(database), pytest.raises(Invalid):
            report(database, who("amina"), ref, **wrong)
    with steps.unchanged(database), pytest.raises(NotFound):
        report(database, who("wei"), ref)
    with steps.unchanged(database), pytest.raises(NotFound):
        report(database, who("amina"), ref, position=99)
    report(database, who("amina"), ref)
    (one,) = seen(database, who("olga"))
    for reply in ("  ", "x" * 301):
        with steps.unchanged(database), pytest.raises(Invalid):
            settle(database, who("olga"), one.ref, reply)
    with steps.unchanged(database), pytest.raises(Forbidden):
        settle(database, who("ingrid"), one.ref)
    with steps.unchanged(database), pytest.raises(NotFound):
        settle(database, who("olga"), "absent")
