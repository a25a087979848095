"""What holds for the levels whatever the evidence is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.levels import SHIPPED_RULE, Rule, Verdict, explain, level_and_change, read_rule
from lms.rules.needs import Kind, Proof

ON = date(2026, 11, 23)
REACH = 60
DAYS = st.dates(ON - timedelta(days=REACH), ON + timedelta(days=REACH))
ENDS = st.none() | DAYS
IDLE = {Verdict.WITHDRAWN, Verdict.EXPIRED, Verdict.NOT_YET}


@st.composite
def proofs(drawn: st.DrawFn) -> list[Proof]:
    found = drawn(
        st.lists(
            st.builds(
                Proof, st.just(""), st.sampled_from(Kind), DAYS, expires_on=ENDS, withdrawn_on=ENDS,
                situation=st.sampled_from(["one", "two", ""]), partner_voice=st.booleans(),
                beyond_own_team=st.booleans(),
            ),
            max_size=8,
        )
    )  # fmt: skip
    return [replace(proof, ref=f"p{number}") for number, proof in enumerate(found)]


PROOFS = proofs()
TREE = {
    "levels": [
        {"needs": {"any": [{"kinds": ["course", "agreed"]}, {"kinds": ["outside"], "pieces": 2}]}},
        {"needs": {"all": [{"level": 1}, {"kinds": ["task"]}]}},
        {"needs": {"at_least": 2, "of": [{"kinds": ["task"], "situations": 2}, {"kinds": ["observation"]},
                                         {"kinds": ["task", "observation"], "partner_voice": True}]}},
        {"needs": {"all": [{"level": 3}, {"kinds": ["task"], "beyond_own_team": True}]}},
    ],
}  # fmt: skip
RULES = st.sampled_from([SHIPPED_RULE, read_rule(TREE), read_rule({**TREE, "aggregation": "cumulative"})])
COUNTS = (Verdict.NEEDED, Verdict.SUPPORTS)


def level(of: Sequence[Proof], on: date = ON) -> int:
    return explain(of, on).level


@settings(max_examples=2000)
@given(PROOFS, RULES)
def test_needed_lowers_the_level_when_it_goes_and_the_others_do_not(given_proofs: list[Proof], rule: Rule) -> None:
    found = explain(given_proofs, ON, rule)
    assert len(found.judged) == len(given_proofs)
    for judged in found.judged:
        without = explain([proof for proof in given_proofs if proof is not judged.proof], ON, rule).level
        if judged.verdict is Verdict.NEEDED:
            assert without < found.level
        else:
            assert without == found.level
    assert bool(found.level) == any(judged.verdict in COUNTS for judged in found.judged)  # no level without a trace


@given(PROOFS, RULES)
def test_what_counts_is_asked_for_by_a_level_up_to_this_one(given_proofs: list[Proof], rule: Rule) -> None:
    found = explain(given_proofs, ON, rule)
    for judged in found.judged:
        if judged.verdict in COUNTS:
            assert judged.towards is not None
        if judged.verdict is Verdict.UNUSED:
            assert judged.towards is None
        if judged.verdict is Verdict.TOWARDS:
            assert (judged.towards or 0) > found.level


@given(PROOFS, RULES)
def test_the_stored_level_is_the_explained_one(given_proofs: list[Proof], rule: Rule) -> None:
    now, changes_on = level_and_change(given_proofs, ON, rule)
    assert now == explain(given_proofs, ON, rule).level
    days = [ON + timedelta(days=number) for number in range(1, REACH + 2)]
    assert changes_on == next((day for day in days if explain(given_proofs, day, rule).level != now), None)


@given(PROOFS, st.randoms(use_true_random=False))
def test_the_order_is_irrelevant(given_proofs: list[Proof], random: Random) -> None:
    mixed = list(given_proofs)
    random.shuffle(mixed)
    assert explain(mixed, ON) == explain(given_proofs, ON)


@given(PROOFS)
def test_what_is_withdrawn_expired_or_not_yet_true_never_counts(given_proofs: list[Proof]) -> None:
    found = explain(given_proofs, ON)
    live = [judged.proof for judged in found.judged if judged.verdict not in IDLE]
    assert all(proof.effective_on <= ON for proof in live)
    assert all(end is None or end > ON for proof in live for end in (proof.expires_on, proof.withdrawn_on))
    assert explain(live, ON).level == found.level
    assert explain(live, ON).missing == found.missing


@given(PROOFS, PROOFS)
def test_more_evidence_never_lowers_the_level(given_proofs: list[Proof], more: list[Proof]) -> None:
    added = [replace(proof, ref=f"more-{proof.ref}") for proof in more]
    assert level(given_proofs + added) >= level(given_proofs)


@given(PROOFS)
def test_it_lapses_on_the_first_day_on_which_it_is_lower(given_proofs: list[Proof]) -> None:
    found = explain(given_proofs, ON)
    days = [ON + timedelta(days=number) for number in range(1, REACH + 2)]
    assert found.lapses_on == next((day for day in days if level(given_proofs, day) < found.level), None)


@given(PROOFS)
def test_something_is_missing_below_the_top_only(given_proofs: list[Proof]) -> None:
    found = explain(given_proofs, ON)
    assert 0 <= found.level <= 4
    assert bool(found.missing) == (found.level < 4)
