"""Which counts of tasks at work may be shown beside each other, by unit and by course; pure.

The rule is that of `lms.rules.counts`. Its bits are shares: the tasks of one unit, course, period and state, of which
only is known how many they are. Whatever is shown is made of whole shares.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lms.rules.applying import State
from lms.rules.counts import FEWEST, Counts, Levels, Tally, Unit, count

# The nearer to being confirmed, the lower; those that few have are counted with their neighbours, from the last up.
STAGES = (State.CONFIRMED, State.HANDED_IN, State.RETURNED, State.OVERDUE, State.DUE)


@dataclass(frozen=True)
class Share:
    """The tasks of one unit, course and period that are in one state; each is another person's."""

    unit: int
    course: str
    period: int
    state: State
    tasks: int


def count_tasks(shares: Sequence[Share], tree: Callable[[Mapping[int, int]], Sequence[Unit]]) -> Counts:
    """By unit, and by course as `parts`; `tree` makes the units of the bits of each."""
    units, courses, stages = defaultdict[int, int](int), defaultdict[str, int](int), defaultdict[int, int](int)
    for place, share in enumerate(shares):
        units[share.unit] |= 1 << place
        courses[share.course] |= 1 << place
        stages[STAGES.index(share.state)] |= 1 << place
    levels: Levels = stages
    return count(tree(units), courses, levels, {}, _tally(shares))


def _tally(shares: Sequence[Share]) -> Tally:
    many = sum(1 << place for place, share in enumerate(shares) if share.tasks >= FEWEST)

    def size(group: int) -> int:
        return sum(shares[place].tasks for place in _places(group))

    def people(group: int) -> int:
        """At least so many: somebody has one unit, and one state in each course and period."""
        if group & many:
            return FEWEST
        found: dict[int, Counter[tuple[str, int]]] = defaultdict(Counter)
        for share in (shares[place] for place in _places(group)):
            found[share.unit][share.course, share.period] += share.tasks
        return sum(max(counts.values()) for counts in found.values())

    return Tally(size, people)


def _places(group: int) -> Iterator[int]:
    while group:
        lowest = group & -group
        yield lowest.bit_length() - 1
        group ^= lowest
