"""What the answers say of the questions: classical item statistics, each with an interval that holds 95 of 100 times.

Marks are numbers up to 1 (below 0 only where wrong answers cost marks). Everything is deterministic: sums are exact
(`math.fsum`), and the one bootstrap draws with a seed that the caller takes from stable ids.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, fsum, sqrt, tanh
from operator import itemgetter
from random import Random
from statistics import median

SMALLEST_GROUP = 10  # nothing is said of fewer attempts
FEWEST_APART = 3  # so many marks must differ from the commonest one, for a correlation to have an interval
Z95 = 1.959963984540054  # the normal quantile of 0.975
GROUPS = 3


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval; the ends are None where the data allow none."""

    value: float
    low: float | None = None
    high: float | None = None


def steady_count(handed_in: int) -> int:
    """How many attempts are counted: figures move in steps of ten, so that two days' difference tells of nobody."""
    return handed_in - handed_in % SMALLEST_GROUP


def facility(marks: Sequence[float]) -> Estimate | None:
    """The mean mark, with Wilson's score interval (Wilson 1927, JASA 22, 209-212).

    Partial marks vary less than marks of 0 and 1 with the same mean, so n is divided by the ratio of the variances, the
    design effect (Korn & Graubard 1998, Survey Methodology 24, 193-201); for 0 and 1 that ratio is 1.
    """
    if len(marks) < SMALLEST_GROUP:
        return None
    lowest = min(0.0, min(marks))
    span, count = 1 - lowest, len(marks)
    shares = [(mark - lowest) / span for mark in marks]
    mean = fsum(shares) / count
    spread = fsum((share - mean) ** 2 for share in shares) / count
    size = count * mean * (1 - mean) / spread if spread > 0 else count
    centre = (mean + Z95**2 / (2 * size)) / (1 + Z95**2 / size)
    half = Z95 / (1 + Z95**2 / size) * sqrt(mean * (1 - mean) / size + Z95**2 / (4 * size**2))
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Estimate(mean * span + lowest, low * span + lowest, high * span + lowest)


def correlation(x: Sequence[float], y: Sequence[float]) -> Estimate | None:
    """Pearson's correlation, its interval by the jackknife on Fisher's z; None where either does not vary enough.

    With x an item's marks and y the mean marks of the other questions, this is the discrimination. Fisher's own
    standard error 1/sqrt(n-3) supposes normal data: for marks of 0 and 1 it covers the truth in 90 to 98 % of samples.
    The jackknife's (Efron & Stein 1981, Annals of Statistics 9, 586-596; on z: Arvesen 1969, Annals of Mathematical
    Statistics 40, 2076-2100) supposes no distribution and covers it in 93 to 97 % at n of 50 and more
    (tests/rules/test_statistics_coverage.py; decision 0020), where at least three marks differ from the commonest.
    """
    count = len(x)
    if count < SMALLEST_GROUP or not _varies(x) or not _varies(y):
        return None
    mean_x, mean_y = fsum(x) / count, fsum(y) / count
    products = [(a - mean_x, b - mean_y) for a, b in zip(x, y, strict=True)]
    xy, xx, yy = fsum(a * b for a, b in products), fsum(a * a for a, _ in products), fsum(b * b for _, b in products)
    grown = count / (count - 1)  # leaving one out takes its square, so much enlarged, from the sum of squares
    left_out = []
    for a, b in products:
        rest = (xx - grown * a * a) * (yy - grown * b * b)
        left_out.append(_z((xy - grown * a * b) / sqrt(rest)) if rest > 0 else 0.0)
    middle = fsum(left_out) / count
    error = sqrt((count - 1) / count * fsum((z - middle) ** 2 for z in left_out))
    value = xy / sqrt(xx * yy)
    return Estimate(value, tanh(_z(value) - Z95 * error), tanh(_z(value) + Z95 * error))


def _varies(values: Sequence[float]) -> bool:
    return len(values) - Counter(values).most_common(1)[0][1] >= FEWEST_APART


def _z(r: float) -> float:
    """Fisher's transformation, finite at the ends."""
    return atanh(max(-0.999999, min(0.999999, r)))


def median_time(seconds: Sequence[float]) -> Estimate | None:
    """The median, between the order statistics that hold it with 95 % (binomial, normal approximation; Conover 1999,
    Practical Nonparametric Statistics, 3rd ed., 3.2)."""
    if len(seconds) < SMALLEST_GROUP:
        return None
    ordered, count = sorted(seconds), len(seconds)
    low = max(0, int(count / 2 - Z95 * sqrt(count) / 2))
    return Estimate(median(ordered), ordered[low], ordered[count - 1 - low])


def reliability(rows: Sequence[Sequence[float]], seed: int) -> Estimate | None:
    """Cronbach's alpha (Cronbach 1951, Psychometrika 16, 297-334; KR-20 where marks are 0 and 1) of the questions that
    everyone met, a row of marks per attempt; its interval by the percentile bootstrap over attempts (Efron &
    Tibshirani 1993, An Introduction to the Bootstrap, 13), which covers the truth in 91 to 95 % of samples of 50.

    None for fewer than ten attempts or two questions, or where all totals are equal.
    """
    if len(rows) < SMALLEST_GROUP or len(rows[0]) < 2:
        return None
    columns = [*zip(*rows, strict=True)]
    totals = [fsum(row) for row in rows]
    sums = [*columns, totals, [fsum(mark * mark for mark in row) for row in rows], [total**2 for total in totals]]
    everyone = _alpha([fsum(column) for column in sums], len(rows))
    if everyone is None:
        return None
    random, places = Random(seed), range(len(rows))
    times = max(200, min(500, 200_000 // len(rows)))
    drawn = []
    for _ in range(times):
        pick = itemgetter(*random.choices(places, k=len(rows)))
        again = _alpha([sum(pick(column)) for column in sums], len(rows))
        drawn += [] if again is None else [again]
    drawn.sort()
    cut = len(drawn) // 40
    return Estimate(everyone, drawn[cut], drawn[-1 - cut])


def _alpha(sums: Sequence[float], count: int) -> float | None:
    """Alpha from the sums of each question's marks, of the totals, of all marks' squares and of the totals' squares."""
    *marks, total, squares, total_squares = sums
    of_questions = squares - sum(mark * mark for mark in marks) / count
    of_totals = total_squares - total * total / count
    if of_totals <= 1e-9:
        return None
    return len(marks) / (len(marks) - 1) * (1 - of_questions / of_totals)


def score_groups(scores: Sequence[float]) -> list[int]:
    """Each score's third, 0 the lowest; equal scores are in the same one, that of the middle of their ranks."""
    ordered = sorted(scores)
    first: dict[float, int] = {}
    counts = Counter(scores)
    for rank, score in enumerate(ordered):
        first.setdefault(score, rank)
    thirds = {s: int(GROUPS * (first[s] + counts[s] / 2) / len(scores)) for s in counts}
    return [min(GROUPS - 1, thirds[score]) for score in scores]
