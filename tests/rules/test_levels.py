"""The competency level that evidence supports, by table: each level, what is missing, what counts, when it lapses."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lms.rules.levels import Kind, Missing, Proof, Verdict, explain

ON = date(2026, 11, 23)
DAY = timedelta(days=1)


def course(ref: str = "course", **more: Any) -> Proof:
    return Proof(ref, Kind.COURSE, ON - 30 * DAY, **more)


def task(ref: str = "task", situation: str = "one", **more: Any) -> Proof:
    return Proof(ref, Kind.TASK, ON - 20 * DAY, situation=situation, **more)


VOICE = {"partner_voice": True}
BEYOND = {"beyond_own_team": True}

LEVELS: dict[str, tuple[list[Proof], int, set[Missing]]] = {
    "nothing": ([], 0, {Missing.COURSE}),
    "a course": ([course()], 1, {Missing.TASK}),
    "five courses are no task": ([course(str(n)) for n in range(5)], 1, {Missing.TASK}),
    "a task": ([task()], 2, {Missing.SECOND_SITUATION, Missing.PARTNER_VOICE}),
    "a course and a task": ([course(), task()], 2, {Missing.SECOND_SITUATION, Missing.PARTNER_VOICE}),
    "a partner's voice alone": ([task(**VOICE)], 2, {Missing.SECOND_SITUATION}),
    "the same situation twice": ([task("a", **VOICE), task("b", **VOICE)], 2, {Missing.SECOND_SITUATION}),
    "a situation without a name may be the same": (
        [task("a", **VOICE), task("b", "")],
        2,
        {Missing.SECOND_SITUATION},
    ),
    "two situations, no partner's voice": ([task("a"), task("b", "two")], 2, {Missing.PARTNER_VOICE}),
    "two situations, a partner's voice": ([task("a", **VOICE), task("b", "two")], 3, {Missing.BEYOND_OWN_TEAM}),
    "effect beyond the team, one situation": (
        [task(**VOICE, **BEYOND)],
        2,
        {Missing.SECOND_SITUATION},
    ),
    "effect beyond the team, no partner's voice": (
        [task("a", **BEYOND), task("b", "two", **BEYOND)],
        2,
        {Missing.PARTNER_VOICE},
    ),
    "a course's word for it counts for no level above 1": ([course(**VOICE, **BEYOND)], 1, {Missing.TASK}),
    "all of it": ([course(), task("a", **VOICE), task("b", "two", **BEYOND)], 4, set()),
    "all of it in two tasks": ([task("a", **VOICE, **BEYOND), task("b", "two")], 4, set()),
}


@pytest.mark.parametrize(("proofs", "level", "missing"), LEVELS.values(), ids=LEVELS)
def test_level(proofs: list[Proof], level: int, missing: set[Missing]) -> None:
    found = explain(proofs, ON)
    assert found.level == level
    assert set(found.missing) == missing
    assert len(found.missing) == len(missing)


def test_every_level_and_every_gap_is_in_the_table() -> None:
    assert {level for _proofs, level, _missing in LEVELS.values()} == set(range(5))
    assert set().union(*(missing for _proofs, _level, missing in LEVELS.values())) == set(Missing)


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
