"""Assessments from two sides: whose sheet stands, what was agreed; in whatever order the facts arrive."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.rules.assessments import Act, Move, Sheet, Side, Stage, Talk, stage, standing, talk

SELF, MANAGER = Side.SELF, Side.MANAGER
ME, BOSS, NEXT = 1, 2, 3

SHEETS = [
    ("nothing", "", {}),
    ("a draft is nothing", "s", {}),
    ("one side", "S", {SELF: 0}),
    ("a later one follows", "SS", {SELF: 1}),
    ("a draft after it does not", "Ss", {SELF: 0}),
    ("both", "SM", {SELF: 0, MANAGER: 1}),
    ("the manager first", "MS", {MANAGER: 0, SELF: 1}),
    ("changed before the other is in", "SSM", {SELF: 1, MANAGER: 2}),
    ("what comes after both does not count", "SMSM", {SELF: 0, MANAGER: 1}),
    ("a former manager's, changed by the new one", "MMS", {MANAGER: 1, SELF: 2}),
]


def sheets(text: str) -> list[Sheet]:
    """S and M are handed in by the person and the manager, s and m are drafts."""
    return [Sheet(n, SELF if letter in "sS" else MANAGER, letter.isupper()) for n, letter in enumerate(text)]


@pytest.mark.parametrize(("_name", "text", "wanted"), SHEETS, ids=[row[0] for row in SHEETS])
def test_which_sheet_stands(_name, text, wanted) -> None:
    assert {side: sheet.id for side, sheet in standing(sheets(text)).items()} == wanted


@given(st.text(alphabet="SsMm", max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_arrival_of_sheets_does_not_matter(text, random) -> None:
    given_sheets = sheets(text)
    shuffled = random.sample(given_sheets, len(given_sheets))
    assert standing(shuffled) == standing(given_sheets)


@given(st.text(alphabet="SsMm", max_size=8), st.text(alphabet="SsMm", max_size=4))
def test_once_both_are_in_nothing_changes(before, after) -> None:
    found = standing(sheets(before))
    if len(found) == 2:
        assert standing(sheets(before + after)) == found


@pytest.mark.parametrize(
    ("sides", "wanted"),
    [([], Stage.OPEN), ([SELF], Stage.SELF_IN), ([MANAGER], Stage.MANAGER_IN), ([SELF, MANAGER], Stage.BOTH_IN)],
)
def test_stages(sides, wanted) -> None:
    assert stage(sides) is wanted
    assert stage(dict.fromkeys(reversed(sides))) is wanted


def moves(*steps: tuple[str, ...]) -> list[Move]:
    """("S", "2") proposes level 2, ("M", "ok", "0") accepts move 0, ("S", "no") sees it differently."""
    found = []
    for number, (who, what, *more) in enumerate(steps):
        side, by = (SELF, ME) if who == "S" else (MANAGER, NEXT if who == "N" else BOSS)
        if what == "ok":
            found.append(Move(number, Act.ACCEPT, side, by, answers=int(more[0])))
        elif what == "no":
            found.append(Move(number, Act.DIFFER, side, by))
        else:
            found.append(Move(number, Act.PROPOSE, side, by, level=int(what)))
    return found


TALKS = [
    # name, moves, agreed level, level that waits, who differs, settled
    ("nothing said", [], None, None, "", False),
    ("proposed", [("M", "2")], None, 2, "", False),
    ("accepted by the other side", [("M", "2"), ("S", "ok", "0")], 2, None, "", True),
    ("the other way round", [("S", "1"), ("M", "ok", "0")], 1, None, "", True),
    ("nobody accepts their own", [("S", "1"), ("S", "ok", "0")], None, 1, "", False),
    ("a proposal that was followed cannot be accepted", [("M", "2"), ("S", "1"), ("S", "ok", "0")], None, 1, "", False),
    ("a counter-proposal", [("M", "2"), ("S", "1"), ("M", "ok", "1")], 1, None, "", True),
    ("one sees it differently", [("M", "2"), ("S", "no")], None, None, "S", False),
    ("both do", [("M", "2"), ("S", "no"), ("M", "no")], None, None, "SM", True),
    ("it opens again", [("M", "2"), ("S", "no"), ("M", "no"), ("M", "1")], None, 1, "", False),
    ("and is agreed on", [("S", "no"), ("M", "1"), ("S", "ok", "1")], 1, None, "", True),
    ("a later proposal does not undo it", [("M", "2"), ("S", "ok", "0"), ("M", "1")], 2, 1, "", False),
    ("only a later agreement does", [("M", "2"), ("S", "ok", "0"), ("M", "1"), ("S", "ok", "2")], 1, None, "", True),
    ("refusing leaves what was agreed", [("M", "2"), ("S", "ok", "0"), ("M", "1"), ("S", "no")], 2, None, "S", False),
    ("level 0 can be agreed on", [("M", "0"), ("S", "ok", "0")], 0, None, "", True),
    ("accepted twice", [("M", "2"), ("S", "ok", "0"), ("S", "ok", "0")], 2, None, "", True),
    ("a new manager's proposal of before", [("N", "2")], None, None, "", False),
    ("one's own waits for the new manager, too", [("S", "2")], None, 2, "", False),
    ("what a former manager agreed on stays", [("N", "2"), ("S", "ok", "0")], 2, None, "", True),
]


@pytest.mark.parametrize(("_name", "steps", "agreed", "waits", "differ", "settled"), TALKS, ids=[r[0] for r in TALKS])
def test_what_a_talk_came_to(_name, steps, agreed, waits, differ, settled) -> None:
    found = talk(moves(*steps), BOSS)
    assert (found.agreed and found.agreed.level, found.proposal and found.proposal.level) == (agreed, waits)
    assert set(found.differing) == {SELF if letter == "S" else MANAGER for letter in differ}
    assert found.is_settled == settled


STEPS = st.lists(
    st.tuples(
        st.sampled_from("SMN"), st.sampled_from(["0", "1", "2", "3", "no", "ok"]), st.integers(0, 8).map(str)
    ), max_size=9,
)  # fmt: skip


@given(STEPS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_of_moves_does_not_matter(steps, random) -> None:
    said = moves(*steps)
    assert talk(random.sample(said, len(said)), BOSS) == talk(said, BOSS)


@given(STEPS)
def test_an_agreement_has_two_sides_and_only_another_takes_its_place(steps) -> None:
    said = moves(*steps)
    before = Talk()
    for number in range(1, len(said) + 1):
        after, last = talk(said[:number], BOSS), said[number - 1]
        if after.agreed != before.agreed:
            assert last.act is Act.ACCEPT
            assert after.agreed is not None
            assert after.agreed.side is last.side.other
            assert after.agreed.id == last.answers
        before = after


@given(STEPS)
def test_nobody_is_asked_for_what_would_change_nothing(steps) -> None:
    found = talk(moves(*steps), BOSS)
    number = len(steps)
    for side, by in ((SELF, ME), (MANAGER, BOSS)):
        if found.may_accept(side):
            assert found.proposal is not None
            accepted = Move(number, Act.ACCEPT, side, by, answers=found.proposal.id)
            assert talk([*moves(*steps), accepted], BOSS).agreed == found.proposal
        if found.may_differ(side):
            assert talk([*moves(*steps), Move(number, Act.DIFFER, side, by)], BOSS) != found
    assert not (found.may_accept(SELF) and found.may_accept(MANAGER))


def test_the_sides_face_each_other() -> None:
    assert (SELF.other, MANAGER.other) == (MANAGER, SELF)
