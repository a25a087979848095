"""Which counts of people by level, or of their tasks by state, may be shown beside each other; pure.

People are bits of a whole number, so that a group is a number, and whom two groups do not share is their exclusive or.
A row is a group of people; its cells are those of them at each band of levels. What is shown are rows and cells, each
of nobody or of five people and more, and of any two of them those whom they do not share are nobody, or five and more:
whichever number is taken from whichever other, no fewer than five people are told apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from lms.rules.renewal import add_months

FEWEST = 5
HIGHEST = 4
# Neighbouring levels that are counted together, the finest first; each is the first level of its band.
BANDS: tuple[tuple[int, ...], ...] = ((0, 1, 2, 3, 4), (0, 1, 2, 3), (0, 1, 2), (0, 1), (0,))

Levels = Mapping[int, int]  # level -> the people at it


@dataclass(frozen=True)
class Tally:
    """How many a group is, and how many people are behind it at least; of bits that are not people it says its own."""

    size: Callable[[int], int] = int.bit_count
    people: Callable[[int], int] = int.bit_count


PEOPLE = Tally()


@dataclass(frozen=True)
class Row:
    """A group that is shown: how many, and how many in each band. `key` is None for the others together."""

    key: str | None
    depth: int
    size: int
    cells: tuple[int, ...]


@dataclass
class Offered:
    """What is shown so far, by the first level of each band."""

    bands: tuple[int, ...]
    tally: Tally = PEOPLE
    views: set[int] = field(default_factory=set)

    def cells(self, group: int, levels: Levels) -> list[int]:
        """The people of a group in each band."""
        ends = (*self.bands[1:], HIGHEST + 1)
        bands = [range(first, end) for first, end in zip(self.bands, ends, strict=True)]
        return [group & sum(levels.get(level, 0) for level in band) for band in bands]

    def may_show(self, group: int, levels: Levels) -> bool:
        """Whether a row can stand beside what is shown."""
        mine = {group, *self.cells(group, levels)}
        apart = (one ^ other for one in mine for other in mine | self.views)
        return all(some == 0 or self.tally.people(some) >= FEWEST for some in (*mine, *apart))

    def show(self, group: int, levels: Levels, key: str | None, depth: int = 0) -> Row:
        """Count a row among what is shown."""
        cells = self.cells(group, levels)
        self.views |= {group, *cells}
        return Row(key, depth, self.tally.size(group), tuple(self.tally.size(cell) for cell in cells))

    def break_down(self, groups: Mapping[str, int], levels: Levels) -> tuple[list[str], int]:
        """Which of the groups that make up a row are shown by themselves, and who the others together are (0: nobody).

        A group that cannot be shown joins the others; while they cannot, the next smallest joins them too. Nothing
        where all would be others.
        """
        shown: list[str] = []
        beside = Offered(self.bands, self.tally, set(self.views))
        for key in sorted(groups, key=lambda key: (-self.tally.size(groups[key]), key)):
            if groups[key] and beside.may_show(groups[key], levels):
                beside.show(groups[key], levels, key)
                shown.append(key)
        while shown:
            others = sum(group for key, group in groups.items() if key not in shown)
            beside = Offered(self.bands, self.tally, set(self.views))
            for key in shown:
                beside.show(groups[key], levels, key)
            if not others or beside.may_show(others, levels):
                return shown, others
            shown.pop()
        return [], 0


@dataclass(frozen=True)
class Unit:
    """A unit with the people who work in it itself, and the units below it."""

    key: str
    people: int
    below: tuple["Unit", ...] = ()

    @property
    def everybody(self) -> int:
        """The people in it and below."""
        return self.people | sum(unit.everybody for unit in self.below)


@dataclass(frozen=True)
class Counts:
    """What is shown: of one competency, or of tasks. `parts` are functions, or courses.

    `months` are those before, of the same people; no total: fewer than five people.
    """

    bands: tuple[int, ...]
    total: Row | None
    units: list[Row]
    parts: list[Row]
    months: list[Row]

    @property
    def rows(self) -> list[Row]:
        """The units, after all together where no unit is everybody."""
        if self.total is None:
            return []
        is_all = bool(self.units) and self.units[0].size == self.total.size
        return self.units if is_all else [self.total, *self.units]


def month_ends(today: date, count: int) -> list[date]:
    """The last days of the months before this one, the newest first."""
    first = today.replace(day=1)
    return [add_months(first, -number) - timedelta(days=1) for number in range(count)]


def count(
    units: Sequence[Unit], parts: Mapping[str, int], levels: Levels, months: Mapping[str, Levels], tally: Tally = PEOPLE
) -> Counts:  # fmt: skip
    """Of the people of some units: by unit, by function or course, and at earlier month ends, the newest first.

    The bands are those that say most: finer ones of fewer units, or coarser ones of more.
    """
    found = [_count(Offered(bands, tally), units, parts, levels, months) for bands in BANDS]
    shown = [counts for counts in found if counts.total]
    return max(shown, key=_says, default=found[-1])


def _says(counts: Counts) -> int:
    """How much a table says: a row of one band says nothing of levels."""
    return (len(counts.bands) - 1) * (len(counts.units) + len(counts.parts) + len(counts.months))


def _count(
    offered: Offered, units: Sequence[Unit], parts: Mapping[str, int], levels: Levels, months: Mapping[str, Levels]
) -> Counts:  # fmt: skip
    everybody = sum(unit.everybody for unit in units)
    if not everybody or not offered.may_show(everybody, levels):
        return Counts(offered.bands, None, [], [], [])
    total = offered.show(everybody, levels, "")
    tree = list(_tree(offered, units, levels, 0))
    earlier = _months(offered, everybody, months)
    return Counts(offered.bands, total, tree, _parts(offered, parts, levels), list(earlier))


def _tree(offered: Offered, units: Sequence[Unit], levels: Levels, depth: int, own: int = 0) -> Iterator[Row]:
    """The units that make up a row; those who work in the unit above itself are one more group, without units below."""
    found = {unit.key: unit for unit in units}
    groups = {unit.key: unit.everybody for unit in units} | ({"": own} if own else {})
    shown, others = offered.break_down(groups, levels)
    rows = {key: offered.show(groups[key], levels, key, depth) for key in groups if key in shown}
    rest = [offered.show(others, levels, None, depth)] if others else []
    for key, row in rows.items():
        yield row
        if key and found[key].below:
            yield from _tree(offered, found[key].below, levels, depth + 1, found[key].people)
    yield from rest


def _parts(offered: Offered, groups: Mapping[str, int], levels: Levels) -> list[Row]:
    shown, others = offered.break_down(groups, levels)
    rows = [offered.show(groups[key], levels, key) for key in groups if key in shown]
    return [*rows, offered.show(others, levels, None)] if others else rows


def _months(offered: Offered, everybody: int, months: Mapping[str, Levels]) -> Iterator[Row]:
    for month, levels in months.items():
        if offered.may_show(everybody, levels):
            yield offered.show(everybody, levels, month)
