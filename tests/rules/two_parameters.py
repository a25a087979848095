"""Simulated answers whose truth is known: the two-parameter logistic model, integrated over a normal ability."""

from functools import cache
from math import exp, fsum, sqrt
from random import Random

from lms.rules.statistics import Estimate

# Discriminations and difficulties of a form of ten questions: facilities of 0.87 down to 0.14.
FORM = tuple(zip((1, 1.5, 0.7, 1.2, 2, 1, 1.3, 0.9, 1.6, 1.1), (-2.2, -1.5, -1, -0.7, -0.3, 0, 0.3, 0.8, 1.2, 2),
                 strict=True))  # fmt: skip
# Sharper and duller questions, one of which tells nothing at all.
ROUGH = ((3.0, -1.3), (3.0, 0.0), (2.0, 1.6), (0.5, 2.5), (0.3, -3.0), (0.0, 0.0), (2.0, -1.0), (1.0, 0.0))
Form = tuple[tuple[float, float], ...]


def chance(question: tuple[float, float], ability: float) -> float:
    """How probably somebody of this ability is right."""
    return 1 / (1 + exp(-question[0] * (ability - question[1])))


@cache
def _abilities() -> list[tuple[float, float]]:
    """Points of the normal distribution with their weights."""
    points = [step / 50 for step in range(-400, 401)]
    weights = [exp(-(point**2) / 2) for point in points]
    whole = fsum(weights)
    return [(point, weight / whole) for point, weight in zip(points, weights, strict=True)]


def _moments(form: Form) -> tuple[list[float], list[list[float]]]:
    """Means and covariances of the marks in the population."""
    table = [[chance(question, ability) for question in form] for ability, _ in _abilities()]
    weights = [weight for _, weight in _abilities()]
    size = range(len(form))
    means = [fsum(w * row[i] for w, row in zip(weights, table, strict=True)) for i in size]
    shared = [[fsum(w * r[i] * r[j] for w, r in zip(weights, table, strict=True)) - means[i] * means[j] for j in size]
              for i in size]  # fmt: skip
    for i in size:
        shared[i][i] = means[i] * (1 - means[i])
    return means, shared


@cache
def truth(form: Form) -> tuple[list[float], list[float], float]:
    """Facilities, discriminations (item with rest) and Cronbach's alpha of the population."""
    means, shared = _moments(form)
    size, whole = range(len(form)), fsum(map(fsum, shared))
    discriminations = []
    for i in size:
        with_rest = fsum(shared[i]) - shared[i][i]
        rest = whole - 2 * with_rest - shared[i][i]
        discriminations.append(with_rest / sqrt(shared[i][i] * rest))
    own = fsum(shared[i][i] for i in size)
    return means, discriminations, len(form) / (len(form) - 1) * (1 - own / whole)


def answer(form: Form, people: int, random: Random) -> list[list[float]]:
    """The marks of so many people, a row for each."""
    rows = []
    for _ in range(people):
        ability, draw = random.gauss(), random.random
        rows.append([float(draw() < chance(question, ability)) for question in form])
    return rows


def ends(estimate: Estimate | None) -> tuple[float, float, float]:
    """The figure with its interval, which must be there."""
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low, estimate.value, estimate.high
