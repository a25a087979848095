"""The competency level that evidence supports, by table: each level, what is missing, what counts, when it lapses."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lms.rules.levels import SHIPPED_RULE, Aggregation, Freshness, Verdict, explain, level_and_change, read_rule
from lms.rules.needs import Kind, Lack, LackSome, Proof, read_need

ON = date(2026, 11, 23)
DAY = timedelta(days=1)


def course(ref: str = "course", **more: Any) -> Proof:
    return Proof(ref, Kind.COURSE, ON - 30 * DAY, **more)


def task(ref: str = "task", situation: str = "one", **more: Any) -> Proof:
    return Proof(ref, Kind.TASK, ON - 20 * DAY, situation=situation, **more)


VOICE = {"partner_voice": True}
BEYOND = {"beyond_own_team": True}

PRACTICE = (Kind.TASK, Kind.OBSERVATION)
# What can be missing by the rule that is shipped.
COURSE = Lack((Kind.COURSE, Kind.OUTSIDE, Kind.EQUIVALENCY, Kind.TASK), 1)
TASK = Lack((Kind.TASK,), 1)
SECOND = Lack(PRACTICE, 1, from_another=True)
PARTNER = Lack(PRACTICE, 1, partner_voice=True)
WIDER = Lack(PRACTICE, 1, beyond_own_team=True)


def other(kind: Kind, situation: str = "two", **more: Any) -> Proof:
    return Proof(kind.value, kind, ON - 10 * DAY, situation=situation, **more)


LEVELS: dict[str, tuple[list[Proof], int, set[Lack]]] = {
    "nothing": ([], 0, {COURSE}),
    "a course": ([course()], 1, {TASK}),
    "five courses are no task": ([course(str(n)) for n in range(5)], 1, {TASK}),
    "a task": ([task()], 2, {SECOND, PARTNER}),
    "a course and a task": ([course(), task()], 2, {SECOND, PARTNER}),
    "a partner's voice alone": ([task(**VOICE)], 2, {SECOND}),
    "the same situation twice": ([task("a", **VOICE), task("b", **VOICE)], 2, {SECOND}),
    "the same situation in other capitals and spaces": (
        [task("a", "Joint review", **VOICE), task("b", " joint  REVIEW")],
        2,
        {SECOND},
    ),
    "a situation without a name may be the same": (
        [task("a", **VOICE), task("b", "")],
        2,
        {SECOND},
    ),
    "two situations, no partner's voice": ([task("a"), task("b", "two")], 2, {PARTNER}),
    "two situations, a partner's voice": ([task("a", **VOICE), task("b", "two")], 3, {WIDER}),
    "effect beyond the team, one situation": (
        [task(**VOICE, **BEYOND)],
        2,
        {SECOND},
    ),
    "effect beyond the team, no partner's voice": (
        [task("a", **BEYOND), task("b", "two", **BEYOND)],
        2,
        {PARTNER},
    ),
    "a course's word for it counts for no level above 1": ([course(**VOICE, **BEYOND)], 1, {TASK}),
    "all of it": ([course(), task("a", **VOICE), task("b", "two", **BEYOND)], 4, set()),
    "learned elsewhere": ([other(Kind.OUTSIDE)], 1, {TASK}),
    "taken as equal": ([other(Kind.EQUIVALENCY)], 1, {TASK}),
    "an observation alone": ([other(Kind.OBSERVATION, **VOICE, **BEYOND)], 0, {COURSE}),
    "an agreement alone": ([other(Kind.AGREED)], 0, {COURSE}),
    "an observation in another situation": ([task(**VOICE), other(Kind.OBSERVATION)], 3, {WIDER}),
    "an observation with a partner's voice": ([task(), other(Kind.OBSERVATION, **VOICE)], 3, {WIDER}),
    "an agreement is not a second situation": ([task(**VOICE), other(Kind.AGREED)], 2, {SECOND}),
    "all of it in two tasks": ([task("a", **VOICE, **BEYOND), task("b", "two")], 4, set()),
}


@pytest.mark.parametrize(("proofs", "level", "missing"), LEVELS.values(), ids=LEVELS)
def test_level(proofs: list[Proof], level: int, missing: set[Lack]) -> None:
    found = explain(proofs, ON)
    assert found.level == level
    assert set(found.missing) == missing
    assert len(found.missing) == len(missing)


def test_every_level_and_every_gap_is_in_the_table() -> None:
    assert {level for _proofs, level, _missing in LEVELS.values()} == set(range(5))
    gaps = set().union(*(missing for _proofs, _level, missing in LEVELS.values()))
    assert gaps == {COURSE, TASK, SECOND, PARTNER, WIDER}
    assert {proof.kind for proofs, _level, _missing in LEVELS.values() for proof in proofs} == set(Kind)


@pytest.mark.parametrize(
    ("dates", "verdict"),
    [
        ({}, Verdict.NEEDED),
        ({"effective_on": ON}, Verdict.NEEDED),
        ({"effective_on": ON + DAY}, Verdict.NOT_YET),
        ({"expires_on": ON + DAY}, Verdict.NEEDED),
        ({"expires_on": ON}, Verdict.EXPIRED),
        ({"withdrawn_on": ON}, Verdict.WITHDRAWN),
        ({"withdrawn_on": ON + DAY}, Verdict.NEEDED),
        ({"withdrawn_on": ON, "expires_on": ON}, Verdict.WITHDRAWN),
        ({"withdrawn_on": ON, "effective_on": ON + DAY}, Verdict.WITHDRAWN),
    ],
)
def test_verdict(dates: dict[str, date], verdict: Verdict) -> None:
    found = explain([replace(course(), **dates)], ON)
    assert [judged.verdict for judged in found.judged] == [verdict]
    assert found.level == (1 if verdict is Verdict.NEEDED else 0)


def test_which_evidence_the_level_rests_on() -> None:
    proofs = [course(), task("a", **VOICE), task("b", "two"), task("c", "two")]
    found = {judged.proof.ref: judged.verdict for judged in explain(proofs, ON).judged}
    # Without "a" there is no partner's voice; "b" and "c" stand in for each other, and a task proves level 1 too.
    assert found == {
        "course": Verdict.SUPPORTS,
        "a": Verdict.NEEDED,
        "b": Verdict.SUPPORTS,
        "c": Verdict.SUPPORTS,
    }


def test_what_counts_towards_a_higher_level_only_and_what_the_rule_does_not_ask_for() -> None:
    proofs = [course(), other(Kind.OBSERVATION), other(Kind.AGREED)]
    found = {judged.proof.kind: (judged.verdict, judged.towards) for judged in explain(proofs, ON).judged}
    assert found == {
        Kind.COURSE: (Verdict.NEEDED, 1),
        Kind.OBSERVATION: (Verdict.TOWARDS, 3),
        Kind.AGREED: (Verdict.UNUSED, None),
    }


@pytest.mark.parametrize(
    ("expires_on", "aged"),
    [
        (None, Freshness.LASTING),
        (ON, Freshness.RUN_OUT),
        (ON + DAY, Freshness.AGEING),
        (ON + 60 * DAY, Freshness.AGEING),
        (ON + 61 * DAY, Freshness.FRESH),
    ],
)
def test_freshness(expires_on: date | None, aged: Freshness) -> None:
    assert [judged.freshness for judged in explain([course(expires_on=expires_on)], ON).judged] == [aged]


def test_the_evidence_is_told_in_the_order_of_time() -> None:
    proofs = [task("b"), task("a", "two"), course("c")]
    assert [judged.proof.ref for judged in explain(proofs, ON).judged] == ["c", "a", "b"]


LAPSES: dict[str, tuple[list[Proof], date | None]] = {
    "for ever": ([course()], None),
    "nothing to lose": ([], None),
    "with the only course": ([course(expires_on=ON + 10 * DAY)], ON + 10 * DAY),
    "with the later of two": (
        [course("a", expires_on=ON + 10 * DAY), course("b", expires_on=ON + 20 * DAY)],
        ON + 20 * DAY,
    ),
    "held by a task": ([course(expires_on=ON + 10 * DAY), task()], None),
    "with the task, though the course stays": ([course(), task(expires_on=ON + 5 * DAY)], ON + 5 * DAY),
    "with the first of two that are both needed": (
        [task("a", **VOICE, expires_on=ON + 9 * DAY), task("b", "two", expires_on=ON + 5 * DAY)],
        ON + 5 * DAY,
    ),
    "what has expired plays no part": ([course("a", expires_on=ON), course("b")], None),
    "renewed in time": (
        [course("a", expires_on=ON + 10 * DAY), replace(course("b"), effective_on=ON + 8 * DAY)],
        None,
    ),
    "renewed too late": (
        [course("a", expires_on=ON + 10 * DAY), replace(course("b"), effective_on=ON + 12 * DAY)],
        ON + 10 * DAY,
    ),
    "seen from a day before the withdrawal": ([course(withdrawn_on=ON + 3 * DAY)], ON + 3 * DAY),
}


@pytest.mark.parametrize(("proofs", "lapses_on"), LAPSES.values(), ids=LAPSES)
def test_lapses_on(proofs: list[Proof], lapses_on: date | None) -> None:
    assert explain(proofs, ON).lapses_on == lapses_on


TREES: dict[str, tuple[dict[str, Any], list[Proof], bool]] = {
    "any of two, one is there": ({"any": [{"kinds": ["course"]}, {"kinds": ["task"]}]}, [task()], True),
    "any of two, none is there": ({"any": [{"kinds": ["course"]}, {"kinds": ["task"]}]}, [], False),
    "all of two, one is there": ({"all": [{"kinds": ["course"]}, {"kinds": ["task"]}]}, [task()], False),
    "two of three": (
        {"at_least": 2, "of": [{"kinds": ["course"]}, {"kinds": ["task"]}, {"kinds": ["agreed"]}]},
        [course(), other(Kind.AGREED)],
        True,
    ),
    "two of three, one is there": (
        {"at_least": 2, "of": [{"kinds": ["course"]}, {"kinds": ["task"]}, {"kinds": ["agreed"]}]},
        [course()],
        False,
    ),
    "three pieces of one kind": ({"kinds": ["course"], "pieces": 3}, [course(n) for n in "abc"], True),
    "three pieces, two are there": ({"kinds": ["course"], "pieces": 3}, [course(n) for n in "ab"], False),
    "trees in trees": (
        {"all": [{"any": [{"kinds": ["course"]}, {"kinds": ["agreed"]}]}, {"kinds": ["task"], "partner_voice": True}]},
        [other(Kind.AGREED), task(**VOICE)],
        True,
    ),
}


@pytest.mark.parametrize(("data", "proofs", "met"), TREES.values(), ids=TREES)
def test_a_condition_is_data(data: dict[str, Any], proofs: list[Proof], met: bool) -> None:
    rule = read_rule({"levels": [{"needs": data}, {}, {}, {}]})
    assert (explain(proofs, ON, rule).level > 0) == (met or any(p.kind is Kind.TASK for p in proofs))
    assert (read_need(data).lacks(proofs) is None) == met


def test_some_of_what_is_missing_would_do() -> None:
    data = {"at_least": 2, "of": [{"kinds": ["course"]}, {"kinds": ["task"]}, {"kinds": ["agreed"]}]}
    lack = read_need(data).lacks([course()])
    assert lack == LackSome(1, (Lack((Kind.TASK,), 1), Lack((Kind.AGREED,), 1)))


def test_the_aggregation_has_a_name() -> None:
    levels = [{"needs": {"kinds": ["course"]}}, {"needs": {"kinds": ["task"]}}, {}, {}]
    highest = read_rule({"levels": levels, "aggregation": "highest"})
    cumulative = read_rule({"levels": levels, "aggregation": "cumulative"})
    assert [explain([task()], ON, rule).level for rule in (highest, cumulative)] == [2, 0]
    assert explain([task()], ON, cumulative).missing == (Lack((Kind.COURSE,), 1),)
    assert SHIPPED_RULE.aggregation is Aggregation.HIGHEST


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "exactly one of the keys all, any, at_least (with of), level and kinds"),
        ({"kinds": ["task"], "all": [{"kinds": ["task"]}]}, "exactly one of"),
        ({"any": [{"kinds": ["task"]}], "partner_voice": True}, "partner_voice belongs to a condition with kinds"),
        ({"level": 2}, "level 2 is not below this one"),
        ({"at_least": 3, "of": [{"kinds": ["task"]}]}, "at least 3 of 1 conditions cannot be"),
        ({"at_least": 1}, "at least 1 of 0 conditions cannot be"),
    ],
)
def test_what_no_condition_can_be(data: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match="^.*" + told.replace("(", r"\(").replace(")", r"\)")):
        read_need(data)


def test_the_next_day_on_which_the_level_is_another() -> None:
    proofs = [course(expires_on=ON + 9 * DAY), replace(task(), effective_on=ON + 4 * DAY)]
    assert level_and_change(proofs, ON) == (1, ON + 4 * DAY)
    assert level_and_change(proofs, ON + 4 * DAY) == (2, None)
