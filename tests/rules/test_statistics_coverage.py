"""The intervals against a truth that is known: each covers it as often as it says.

The short form runs with every test; `FAULTS=long` (make faults) has ten times the runs, and all questions.
"""

import os
from math import exp
from random import Random

import pytest

from lms.rules.statistics import correlation, facility, median_time, reliability
from tests.rules.two_parameters import FORM, ROUGH, Form, answer, ends, truth

LONG = os.environ.get("FAULTS") == "long"
TIMES = 10 if LONG else 1
RUNS = {50: 3000, 100: 2400, 300: 1500}  # a share of 95 % is then known within one percentage point
SOME = {FORM: (1, 4, 9), ROUGH: (1, 2)}  # an easy, a middling and a hard question; two sharp ones


def covered(form: Form, people: int, runs: int, seed: int) -> tuple[float, float]:
    """How often facility and discrimination cover the truth, of the cases in which there is an interval."""
    facilities, discriminations, _alpha = truth(form)
    random, found = Random(seed), {"facility": [0, 0], "discrimination": [0, 0]}
    for _ in range(runs):
        rows = answer(form, people, random)
        totals = [sum(row) for row in rows]
        for i in range(len(form)) if LONG else SOME[form]:
            marks = [row[i] for row in rows]
            rests = [total - mark for total, mark in zip(totals, marks, strict=True)]
            pairs = (("facility", facility(marks), facilities[i]),
                     ("discrimination", correlation(marks, rests), discriminations[i]))  # fmt: skip
            for name, estimate, true in pairs:
                if estimate is not None:
                    low, _value, high = ends(estimate)
                    found[name][0] += low <= true <= high
                    found[name][1] += 1
    return tuple(hits / all_ for hits, all_ in found.values())  # type: ignore[return-value]


@pytest.mark.parametrize("people", RUNS)
@pytest.mark.parametrize("form", [FORM, ROUGH], ids=["usual questions", "sharp and dull questions"])
def test_facility_and_discrimination_cover_the_truth_in_93_to_97_of_100_samples(form: Form, people: int) -> None:
    shares = covered(form, people, RUNS[people] * TIMES // (1 if form is FORM else 2), seed=people)
    assert all(0.93 <= share <= 0.97 for share in shares), shares


@pytest.mark.parametrize("people", [50, 100])
def test_reliability_covers_the_truth_in_90_of_100_samples_and_more(people: int) -> None:
    runs, hits, random = 250 * TIMES, 0, Random(people)
    for run in range(runs):
        low, _alpha, high = ends(reliability(answer(FORM, people, random), seed=run))
        hits += low <= truth(FORM)[2] <= high
    assert hits / runs >= 0.90, hits / runs


@pytest.mark.parametrize("people", [12, 50, 300])
def test_the_median_time_is_covered_in_93_of_100_samples_and_more(people: int) -> None:
    hits, random, runs = 0, Random(people), 1000 * TIMES
    for _ in range(runs):
        low, _median, high = ends(median_time([random.lognormvariate(3, 1) for _ in range(people)]))
        hits += low <= exp(3) <= high
    assert hits / runs >= 0.93, hits / runs
