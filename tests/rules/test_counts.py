"""Counts of people by level: of any two numbers that are shown, those whom they do not share are none, or five."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.counts import BANDS, FEWEST, Counts, Row, Unit, count


def bits(*numbers: int) -> int:
    return sum(1 << number for number in numbers)


def at(level: int, *numbers: int) -> dict[int, int]:
    return {level: bits(*numbers)}


def people(first: int, last: int) -> int:
    return bits(*range(first, last + 1))


def keys(rows: list[Row]) -> list[tuple[str | None, int]]:
    return [(row.key, row.size) for row in rows]


def test_a_unit_under_five_joins_the_others_and_the_next_smallest_with_it() -> None:
    units = [Unit("A", people(1, 9)), Unit("B", people(10, 13)), Unit("C", people(14, 19))]
    found = count(units, {}, {0: people(1, 19)}, {})
    assert keys(found.units) == [("A", 9), (None, 10)]
    assert found.total == Row("", 0, 19, (19, 0, 0, 0, 0))


def test_fewer_than_five_people_are_not_counted() -> None:
    assert count([Unit("A", people(1, 4))], {}, {0: people(1, 4)}, {}).total is None
    assert count([], {}, {}, {}).total is None


def test_levels_that_few_have_are_counted_with_the_one_below() -> None:
    """Two people at level 4: with five at level 3 they are seven."""
    levels = {0: people(1, 9), 3: people(10, 14), 4: people(15, 16)}
    found = count([Unit("A", people(1, 16))], {}, levels, {})
    assert (found.bands, found.total) == ((0, 1, 2, 3), Row("", 0, 16, (9, 0, 0, 7)))


def test_a_unit_whose_levels_are_of_few_is_not_shown_by_itself() -> None:
    """Everybody reads how many are at level 1: 7 in all and 5 in A would leave two of B."""
    levels = {0: people(6, 15), 1: people(1, 5) | people(16, 17)}
    units = [Unit("A", people(1, 10)), Unit("B", people(11, 17))]
    found = count(units, {}, levels, {})
    assert not found.units or found.bands == (0,)


def test_a_function_that_is_nearly_a_unit_is_not_shown_beside_it() -> None:
    units = [Unit("A", people(1, 10)), Unit("B", people(11, 20))]
    functions = {"grants": people(1, 9), "field": people(10, 20)}
    found = count(units, functions, {0: people(1, 20)}, {})
    assert keys(found.units) == [("A", 10), ("B", 10)]
    assert found.parts == []


def test_a_month_in_which_few_moved_is_left_out() -> None:
    unit = Unit("A", people(1, 20))
    now = {0: people(1, 10), 1: people(11, 20)}
    months = {
        "2026-10-31": {0: people(1, 12), 1: people(13, 20)},
        "2026-09-30": {0: people(1, 15), 1: people(16, 20)},
        "2026-08-31": {0: people(1, 15), 1: people(16, 20)},
        "2026-07-31": {0: people(1, 20)},
    }
    found = count([unit], {}, now, months)
    assert [row.key for row in found.months] == ["2026-09-30", "2026-08-31", "2026-07-31"]


LEVELS = st.integers(0, 4).map(lambda number: max(0, number - 1))
# Unit, function, and the level at four month ends.
SOMEBODY = st.tuples(st.integers(0, 6), st.integers(0, 2), st.lists(LEVELS, min_size=4, max_size=4))


def tree(groups: dict[int, int]) -> list[Unit]:
    """0 holds 1 and 2; 1 holds 3 and 4; 5 holds 6."""
    leaf = {key: Unit(str(key), groups.get(key, 0)) for key in (2, 3, 4, 6)}
    one = Unit("1", groups.get(1, 0), (leaf[3], leaf[4]))
    return [Unit("0", groups.get(0, 0), (one, leaf[2])), Unit("5", groups.get(5, 0), (leaf[6],))]


def sets_of(found: Counts, population, units: list[Unit]) -> list[frozenset[int]]:
    """Who is behind every number that is shown, worked out anew from the population, by names and not by bits."""
    everybody = frozenset(range(len(population)))
    below = {"0": {0, 1, 2, 3, 4}, "1": {1, 3, 4}, "2": {2}, "3": {3}, "4": {4}, "5": {5, 6}, "6": {6}}
    views: list[tuple[frozenset[int], int]] = [(everybody, 0)]
    inside, told = [("", everybody)], []
    for row in found.units:  # in the order of a tree
        del inside[row.depth + 1 :], told[row.depth + 1 :]
        told += [set()] * (row.depth + 1 - len(told))
        parent, whole = inside[row.depth]
        if row.key is None:
            group = whole - told[row.depth]
        elif row.key == "":
            group = frozenset(n for n in everybody if str(population[n][0]) == parent)
        else:
            group = frozenset(n for n in everybody if population[n][0] in below[row.key])
        told[row.depth] = told[row.depth] | group
        inside.append((row.key or "", group))
        views.append((group, 0))
    shown = set()
    for row in found.parts:
        by_key = {n for n in everybody if row.key is not None and str(population[n][1]) == row.key}
        group = frozenset(by_key) if row.key is not None else everybody - shown
        shown |= group
        views.append((group, 0))
    views += [(everybody, int(row.key or 0)) for row in found.months]
    ends = (*found.bands[1:], 5)
    counted = []
    for (group, month), row in zip(views, [found.total, *found.units, *found.parts, *found.months], strict=True):
        cells = [
            frozenset(n for n in group if first <= population[n][2][month] < end)
            for first, end in zip(found.bands, ends, strict=True)
        ]
        assert row is not None
        assert (row.size, row.cells) == (len(group), tuple(map(len, cells)))
        counted += [group, *cells]
    return counted


@settings(max_examples=600, deadline=None)
@given(st.lists(SOMEBODY, min_size=1, max_size=90))
def test_no_two_numbers_tell_fewer_than_five_people_apart(population) -> None:
    """Unit from unit, function from unit, month from month, level from level: every pair of what is offered."""
    groups: dict[int, int] = {}
    functions: dict[str, int] = {}
    months: dict[int, dict[int, int]] = {month: {} for month in range(4)}
    for number, (unit, function, levels) in enumerate(population):
        groups[unit] = groups.get(unit, 0) | bits(number)
        functions[str(function)] = functions.get(str(function), 0) | bits(number)
        for month, level in enumerate(levels):
            months[month][level] = months[month].get(level, 0) | bits(number)
    found = count(tree(groups), functions, months[0], {str(month): months[month] for month in (1, 2, 3)})
    if found.total is None:
        assert len(population) < FEWEST
        return
    views = sets_of(found, population, tree(groups))
    for one in views:
        for other in [*views, frozenset[int]()]:
            assert len(one - other) == 0 or len(one ^ other) >= FEWEST, (sorted(one), sorted(other))


def test_the_bands_begin_at_the_lowest_and_each_is_coarser_than_the_one_before() -> None:
    assert [bands[0] for bands in BANDS] == [0] * len(BANDS)
    assert all(set(after) < set(before) for before, after in pairwise(BANDS))
