"""Tasks at work by unit and course: of any two numbers that are shown, those behind the rest are none, or five."""

from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from lms.rules.applying import State
from lms.rules.counts import FEWEST, Counts, Unit
from lms.rules.task_counts import STAGES, Share, count_tasks

Task = tuple[int, int, str, State]  # person, unit, course, state
BELOW = {"1": {1, 2, 3}, "2": {2}, "3": {3}, "4": {4}, "0": {0}}  # 1 holds 2 and 3; 0 is nobody's unit


def tree(groups) -> list[Unit]:
    leaf = {key: Unit(str(key), groups.get(key, 0)) for key in (0, 2, 3, 4)}
    return [Unit("1", groups.get(1, 0), (leaf[2], leaf[3])), leaf[4], leaf[0]]


def counted(tasks: list[Task]) -> Counts:
    """As the service reads them: how many tasks, and of whom nothing more."""
    found: dict[tuple[int, str, State], list[int]] = defaultdict(list)
    for person, unit, course, state in tasks:
        found[unit, course, state].append(person)
    return count_tasks(
        [Share(unit, course, 1, state, len(people)) for (unit, course, state), people in sorted(found.items())], tree
    )


def of(tasks: list[Task], unit: int, course: str, state: State, people: range) -> list[Task]:
    return [*tasks, *((person, unit, course, state) for person in people)]


def test_a_unit_of_few_joins_the_others_and_what_few_reached_is_counted_with_its_neighbours() -> None:
    tasks = of([], 2, "A", State.CONFIRMED, range(10))
    tasks = of(tasks, 2, "A", State.DUE, range(13, 18))
    tasks = of(tasks, 3, "A", State.DUE, range(10, 13))
    tasks = of(tasks, 4, "B", State.DUE, range(20, 30))
    found = counted(tasks)
    assert found.total is not None
    assert found.bands == (0, 1, 2, 3, 4)
    assert (found.total.size, sum(found.total.cells)) == (28, 28)
    assert [(row.key, row.size) for row in found.units] == [("1", 18), ("4", 10)]  # 3 would be 1 less 2
    assert [(row.key, row.size) for row in found.parts] == [("A", 18), ("B", 10)]


def test_many_tasks_of_one_person_are_one_person() -> None:
    tasks = [(1, 2, course, State.DUE) for course in "ABCDEFGH"]
    assert counted(tasks).total is None


SOMEBODY = st.tuples(
    st.integers(0, 4), st.dictionaries(st.sampled_from("ABC"), st.sampled_from(STAGES), min_size=1, max_size=3)
)


@settings(max_examples=400, deadline=None)
@given(st.lists(SOMEBODY, min_size=1, max_size=60))
def test_no_two_views_tell_fewer_than_five_people_apart(population) -> None:
    """Unit from unit, course from course, unit from course, state from state: every pair of what is offered."""
    tasks = [
        (person, unit, course, state)
        for person, (unit, taken) in enumerate(population)
        for course, state in taken.items()
    ]
    found = counted(tasks)
    if found.total is None:
        return
    views = sets_of(found, tasks)
    for one in views:
        for other in [*views, frozenset[Task]()]:
            apart = {person for person, *_ in one ^ other}
            assert not one - other or len(apart) >= FEWEST, (sorted(one), sorted(other))


def sets_of(found: Counts, tasks: list[Task]) -> list[frozenset[Task]]:
    """Which tasks are behind every number that is shown, worked out anew."""
    everything = frozenset(tasks)
    groups, inside, told = [everything], [("", everything)], [frozenset[Task]()]
    for row in found.units:  # in the order of a tree
        del inside[row.depth + 1 :], told[row.depth + 1 :]
        told += [frozenset()] * (row.depth + 1 - len(told))
        parent, whole = inside[row.depth]
        if row.key is None:
            group = whole - told[row.depth]
        else:
            units = BELOW[row.key] if row.key else {int(parent)}
            group = frozenset(task for task in everything if task[1] in units)
        told[row.depth] = told[row.depth] | group
        inside.append((row.key or "", group))
        groups.append(group)
    by_course = {
        row.key: frozenset(task for task in everything if task[2] == row.key) for row in found.parts if row.key
    }
    rest = everything - frozenset[Task]().union(*by_course.values())
    groups += [by_course[row.key] if row.key else rest for row in found.parts]
    ends, shown = (*found.bands[1:], 5), []
    for group, row in zip(groups, [found.total, *found.units, *found.parts], strict=True):
        cells = [
            frozenset(task for task in group if first <= STAGES.index(task[3]) < end)
            for first, end in zip(found.bands, ends, strict=True)
        ]
        assert row is not None
        assert (row.size, row.cells) == (len(group), tuple(map(len, cells)))
        shown += [group, *cells]
    return shown
