"""The stage of a plan follows from the dated acts of both sides and from its words, whatever the order of arrival."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.plan_stages import Act, Kind, Side, Stage, plan_state

START = datetime(2026, 9, 1, tzinfo=UTC)
LETTERS = {
    "s": (Kind.SHARED, Side.LEARNER), "a": (Kind.AGREED, Side.LEARNER), "A": (Kind.AGREED, Side.MANAGER),
    "n": (Kind.NOTED, Side.LEARNER), "N": (Kind.NOTED, Side.MANAGER), "c": (Kind.CLOSED, Side.LEARNER),
    "C": (Kind.CLOSED, Side.MANAGER), "x": (Kind.CLOSED_ALONE, Side.LEARNER), "t": (Kind.COMMENT, Side.LEARNER),
}  # fmt: skip


def acts(story: str) -> list[Act]:
    """A word for each act: a letter, "-" where it is taken back, and the number of the words that it is about."""
    made = []
    for place, word in enumerate(story.split()):
        kind, side = LETTERS[word[0]]
        words = word.lstrip("saAnNcCxt-") or "1"
        made.append(Act(place, kind, side, START + timedelta(hours=place), "-" not in word, words))
    return made


@pytest.mark.parametrize(
    ("story", "words", "stage"),
    [
        ("", "1", Stage.DRAFT),
        ("s", "1", Stage.SHARED),
        ("s s-", "1", Stage.DRAFT),
        ("s t", "1", Stage.SHARED),
        ("s a", "1", Stage.SHARED),
        ("s A a", "1", Stage.AGREED),
        ("s a A", "2", Stage.CHANGED),
        ("s a A a2", "2", Stage.CHANGED),
        ("s a A a2 A2", "2", Stage.AGREED),
        ("s a A a2 A2", "1", Stage.CHANGED),
        ("s a A a2 A2 A1 a1", "1", Stage.AGREED),
        ("s a A a-", "1", Stage.SHARED),
        ("s a A2", "2", Stage.SHARED),
        ("s a A n", "1", Stage.AGREED),
        ("s a A n N", "1", Stage.NOTED),
        ("s a A n N", "2", Stage.CHANGED),
        ("s a A c", "1", Stage.AGREED),
        ("s a A c C", "1", Stage.CLOSED),
        ("s a A c C c-", "1", Stage.CLOSED),
        ("s a A c c- C", "1", Stage.AGREED),
        ("s a A c C2", "2", Stage.CHANGED),
        ("s a A c C", "2", Stage.CLOSED),
        ("x", "1", Stage.CLOSED),
    ],
)
def test_stages(story: str, words: str, stage: Stage) -> None:
    some = acts(story)
    for mixed in permutations(some) if len(some) < 6 else (some, some[::-1]):
        assert plan_state(mixed, words).stage is stage


@pytest.mark.parametrize(
    ("story", "words", "waits"),
    [
        ("", "1", ()),
        ("s", "1", (Side.LEARNER, Side.MANAGER)),
        ("s a", "1", (Side.MANAGER,)),
        ("s a A", "1", ()),
        ("s a A A2", "2", (Side.LEARNER,)),
        ("s a A c C", "1", ()),
    ],
)
def test_who_is_waited_for(story: str, words: str, waits: tuple[Side, ...]) -> None:
    assert plan_state(acts(story), words).waits_for == waits


def test_an_act_is_found_while_it_holds_for_the_present_words() -> None:
    state = plan_state(acts("s a A"), "2")
    assert state.found(Kind.AGREED, Side.LEARNER) is None
    assert state.found(Kind.SHARED, Side.LEARNER) is not None
    assert plan_state(acts("s a A"), "1").found(Kind.AGREED, Side.MANAGER) is not None


ACTS = st.lists(
    st.builds(
        lambda letter, hours, holds, words: (*LETTERS[letter], START + timedelta(hours=hours), holds, str(words)),
        st.sampled_from("saAnNcCt"), st.integers(0, 9), st.booleans(), st.integers(1, 2),
    ),
    max_size=20,
).map(lambda made: [Act(n, *what) for n, what in enumerate(made)])  # fmt: skip


@settings(max_examples=2000)
@given(ACTS, st.sampled_from(["1", "2"]), st.randoms(use_true_random=False))
def test_2000_histories_have_one_outcome_each(some: list[Act], words: str, random) -> None:
    """Whatever the order in which the acts arrive; and a closed plan stays closed, whatever comes later."""
    before = plan_state(some, words)
    random.shuffle(some)
    assert plan_state(some, words) == before
    if before.stage is Stage.CLOSED:
        later = Act(99, Kind.CLOSED, Side.LEARNER, START + timedelta(days=9), holds=False)
        assert plan_state([*some, later], "3").stage is Stage.CLOSED
