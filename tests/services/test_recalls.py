"""A question was marked by a wrong key: recalled by its author, decided by HR, followed by everything, and undone."""

import pytest
from sqlalchemy import func, select

from lms.errors import Conflict, Forbidden, Invalid, NotFound
from lms.models import AttemptResult, Completion, CompletionReinstatement, Mail
from lms.permissions import operator
from lms.rules.mails import Reason
from lms.services import standings
from lms.services.levels import get_level
from lms.services.mails import get_letter
from lms.services.plans import get_plan
from lms.services.results import get_result
from tests import world
from tests.many_attempts import SLUG, take_many
from tests.services import recalling as act
from tests.services import steps


def standing(database, email):
    with database.read() as session:
        row = steps.standing(session, email, SLUG)
        return row.completed_on, row.score_percent, row.withdrawn_on


def test_a_recall_alone_changes_no_result(wide, who, mended) -> None:
    ref = act.take(wide, who("amina"), 1, "b")
    mended()
    act.recall(wide, who("olga"))
    assert act.percent(wide, ref) == (66, False)
    with wide.read() as session:
        sixth = next(r for r in get_result(session, who("amina"), ref=ref).reviewed if r.recalled)
    assert (sixth.recalled.reason, sixth.follows, sixth.mark) == ("Option b is right", False, 0)


def test_what_is_handed_in_from_then_on_is_marked_by_it(wide, who, mended) -> None:
    actor = who("wei")
    mended()
    act.recall(wide, who("olga"), number=1)
    act.recall(wide, who("olga"), kind="credit", number=2)
    ref = act.take(wide, actor, 1, "c")
    assert act.percent(wide, ref) == (83, True)  # of the second version, whose q6 earns everybody its mark
    with wide.read() as session:
        assert [r.follows for r in get_result(session, actor, ref=ref).reviewed].count(True) == 1
    assert [row.waiting for row in act.listed(wide, who("ingrid"))] == []


def test_the_author_sees_counts_of_each_way_and_no_names(wide, who, mended) -> None:
    act.take(wide, who("amina"), 1, "b")  # 66 %: would pass
    act.take(wide, who("wei"), 1, "a")  # 83 %: would fail
    act.take(wide, who("jose"), 0, "a")  # 100 %: would have less and pass
    act.take(wide, who("nadia"), 2, "c")  # 50 %: nothing
    page = act.page(wide, who("olga"))
    assert (page.ways, page.counts, page.met) == (["credit", "drop"], [], None)  # four are too few to tell of
    for name in ("kofi", "ingrid", "olga", "sam"):
        act.take(wide, who(name), 2, "c")
    for name in ("kofi", "sam"):
        act.take(wide, steps.later(who(name), hours=1), 2, "c")
    mended()
    page = act.page(wide, who("olga"))
    by_kind = {c.kind: (c.better, c.worse, c.newly_passed, c.no_longer_passed) for c in page.counts}
    assert by_kind == {"key": (1, 2, 1, 1), "credit": (8, 0, 1, 0), "drop": (8, 1, 1, 0)}
    assert (page.ways, page.met, page.other.number) == (["key", "credit", "drop"], 10, 2)
    assert "Amina" not in repr(page)
    for name in ("ingrid", "kofi"):
        with pytest.raises(Forbidden):
            act.page(wide, who(name))
    with pytest.raises(NotFound):
        act.page(wide, who("olga"), "q7")


def test_hr_of_the_scope_sees_names_before_and_after_and_decides(wide, who, mended) -> None:
    amina, jose = act.take(wide, who("amina"), 1, "b"), act.take(wide, who("jose"), 1, "b")
    mended()
    ref = act.recall(wide, who("olga"))
    (found,) = act.listed(wide, who("nadia"))  # the east alone
    assert (found.ref, found.waiting, found.decided, found.reason) == (ref, 1, 0, "Option b is right")
    (effect,) = act.detail(wide, who("nadia"), ref).changed
    assert (effect.attempt.display_name, effect.attempt.percent, effect.after.percent) == ("Amina Diallo", 66, 83)
    act.decide(wide, who("nadia"), ref)
    assert (act.percent(wide, amina), act.percent(wide, jose)) == ((83, True), (66, False))
    assert [(r.waiting, r.decided) for r in act.listed(wide, who("ingrid"))] == [(1, 1)]
    act.decide(wide, who("ingrid"), ref, "refused")
    assert act.percent(wide, jose) == (66, False)
    with steps.unchanged(wide), pytest.raises(Conflict):
        act.decide(wide, who("ingrid"), ref)
    with pytest.raises(Forbidden):
        act.listed(wide, who("kofi"))


def test_out_of_scope_there_is_nothing(wide, who) -> None:
    act.take(wide, who("jose"), 1, "b")
    ref = act.recall(wide, who("olga"), "credit")
    assert act.listed(wide, who("nadia")) == []
    with steps.unchanged(wide), pytest.raises(NotFound):
        act.decide(wide, who("nadia"), ref)
    with pytest.raises(NotFound):
        act.detail(wide, who("nadia"), ref)


def test_completion_level_and_plan_follow_and_undo_brings_all_back(wide, who, mended) -> None:
    amina, hr = who("amina"), steps.later(who("ingrid"), hours=3)
    steps.plan_course(wide, amina, SLUG)
    ref = act.take(wide, amina, 1, "b")
    mended()
    recall, before = act.recall(wide, who("olga")), standing(wide, "amina")

    def derived():
        with wide.read() as session:
            level = get_level(session, amina, code="PC1")[1].explanation.level
            outcome = get_plan(session, amina, cycle_start=steps.CYCLE).objectives[0].items[0].state.is_closed
            return standing(wide, "amina"), level, outcome

    undone = derived()
    act.decide(wide, hr, recall)
    done = derived()
    assert undone == ((None, 66, None), 0, False)
    assert done == ((world.TODAY, 83, None), 1, True)
    with wide.read() as session:
        page = get_result(session, amina, ref=ref)
        assert (page.result.passed, page.result.cause, bool(page.completion_ref)) == (True, "recall", True)
        number = session.scalar(select(Completion.certificate_number))
    act.decide(wide, hr, recall, "undone")
    assert derived() == undone
    assert standing(wide, "amina") == before
    with wide.read() as session:
        page = get_result(session, amina, ref=ref)
        assert (page.result.percent, page.completion_ref, page.withdrawn, page.attempts_left) == (66, None, False, 1)
    act.decide(wide, hr, recall)
    assert derived() == done
    with wide.read() as session:  # the same certificate counts again
        assert session.scalars(select(Completion.certificate_number)).all() == [number]
        assert session.scalar(select(func.count()).select_from(CompletionReinstatement)) == 1


def test_nobody_gets_worse_unless_hr_says_so(wide, who, mended) -> None:
    wei, jose = act.take(wide, who("wei"), 1, "a"), act.take(wide, who("jose"), 0, "a")
    mended()
    recall, before = act.recall(wide, who("olga")), act.follows(wide)
    act.decide(wide, who("ingrid"), recall)
    assert (act.percent(wide, wei), act.percent(wide, jose)) == ((83, True), (100, True))
    assert act.follows(wide) == before
    act.decide(wide, who("ingrid"), recall, "undone")
    act.decide(wide, who("ingrid"), recall, policy="as_marked")
    assert (act.percent(wide, wei), act.percent(wide, jose)) == ((66, False), (83, True))
    assert standing(wide, "wei") == (None, 66, None)
    act.decide(wide, who("ingrid"), recall, "undone")
    assert (act.percent(wide, wei), act.percent(wide, jose)) == ((83, True), (100, True))
    assert standing(wide, "wei") == (world.TODAY, 83, None)


def test_who_has_another_result_is_told_by_mail(wide, who, mended) -> None:
    act.take(wide, who("amina"), 1, "b")
    act.take(wide, who("wei"), 1, "c")  # the same before and after
    mended()
    recall = act.recall(wide, who("olga"))
    act.decide(wide, who("ingrid"), recall)
    (told,) = letters(wide)
    assert (told.name, told.values["before"], told.values["after"]) == ("Amina Diallo", 66, 83)
    assert (told.values["course"], told.values["undone"]) == ("Wide", False)
    act.decide(wide, who("ingrid"), recall, "undone")
    first, second = letters(wide)
    assert first.reason == Reason.NOT_TRUE
    assert (second.values["before"], second.values["after"], second.values["undone"]) == (83, 66, True)


def letters(database):
    with database.read() as session:
        refs = session.scalars(select(Mail.ref).where(Mail.kind == "marked_again").order_by(Mail.id)).all()
        return [get_letter(session, operator(world.NOW), ref=ref) for ref in refs]


def test_nobody_decides_on_their_own(wide, who, mended) -> None:
    own = act.take(wide, who("nadia"), 1, "b")
    act.take(wide, who("amina"), 1, "b")
    mended()
    recall = act.recall(wide, who("olga"))
    detail = act.detail(wide, who("nadia"), recall)
    assert ([e.attempt.display_name for e in detail.changed], detail.own) == (["Amina Diallo"], 1)
    act.decide(wide, who("nadia"), recall)
    assert act.percent(wide, own) == (66, False)
    act.decide(wide, who("ingrid"), recall)
    assert act.percent(wide, own) == (83, True)


def test_a_recall_can_be_taken_back_and_followed_by_another(wide, who, mended) -> None:
    ref = act.take(wide, who("amina"), 1, "c")
    mended()
    first = act.recall(wide, who("olga"))
    act.decide(wide, who("ingrid"), first)
    second = act.recall(wide, who("olga"), "credit")
    assert [(r.ref, r.is_current, r.waiting) for r in act.listed(wide, who("ingrid"))] == [
        (second, True, 1), (first, False, 0),
    ]  # fmt: skip
    act.decide(wide, who("ingrid"), second)
    assert act.percent(wide, ref) == (83, True)
    act.take_back(wide, who("olga"))
    with steps.unchanged(wide), pytest.raises(Conflict):
        act.take_back(wide, who("olga"))
    act.decide(wide, who("ingrid"), second, "undone")
    assert act.percent(wide, ref) == (66, False)
    with wide.read() as session:  # and it follows the first again, whose key says b
        sixth = [r for r in get_result(session, who("amina"), ref=ref).reviewed if r.follows]
        assert len(sixth) == 1
    with steps.unchanged(wide), pytest.raises(Conflict):
        act.decide(wide, who("ingrid"), second)  # the author has taken it back


def test_what_hr_withdrew_stays_withdrawn(wide, who, mended) -> None:
    act.take(wide, who("amina"), 1, "b")
    passed = act.take(wide, steps.later(who("amina"), hours=1), 0, "b")
    steps.withdraw(wide, steps.later(who("ingrid"), hours=2), "amina", SLUG)
    mended()
    act.decide(wide, steps.later(who("ingrid"), hours=3), act.recall(wide, who("olga")))
    assert act.percent(wide, passed) == (100, True)
    assert standing(wide, "amina")[0] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"act": "?"}, "act"),
        ({"policy": "?"}, "policy"),
    ],
)
def test_what_is_missing_is_said(wide, who, change, field) -> None:
    act.take(wide, who("amina"), 1, "b")
    recall = act.recall(wide, who("olga"), "credit")
    with steps.unchanged(wide), pytest.raises(Invalid) as refused:
        act.decide(wide, who("ingrid"), recall, **change)
    assert list(refused.value.fields) == [field]


def test_a_key_can_only_come_from_a_version_with_the_same_options(wide, who) -> None:
    with steps.unchanged(wide), pytest.raises(Invalid) as refused:
        act.recall(wide, who("olga"), "key")
    assert list(refused.value.fields) == ["kind"]


def test_many_are_marked_again_in_slices_and_what_is_stored_equals_the_facts(wide, who, mended) -> None:
    take_many(wide, 450)
    mended()
    recall = act.recall(wide, who("olga"))
    detail = act.detail(wide, who("ingrid"), recall)
    assert detail.changes > 200
    assert len(detail.changed) == 50
    assert act.decide(wide, who("ingrid"), recall, policy="as_marked") == 3
    with wide.read() as session:
        causes = session.execute(select(AttemptResult.cause, func.count()).group_by(AttemptResult.cause)).all()
        assert dict(map(tuple, causes)) == {"submitted": 450, "recall": 450}
    before = act.follows(wide)
    with wide.transaction() as session:
        standings.rebuild(session, operator(world.NOW))
    assert act.follows(wide) == before
    assert act.decide(wide, who("ingrid"), recall, "undone") == 3
