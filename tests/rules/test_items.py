"""What is counted of the attempts' logs: times where the order allows it, warnings where there is reason."""

from datetime import UTC, datetime, timedelta

from lms.rules.items import Event, Item, Response, analyse, times

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def event(position: int, received: float, given: float | None = None, tab: str = "one") -> Event:
    at = None if given is None else START + timedelta(seconds=given)
    return Event(position, tab, START + timedelta(seconds=received), at)


def test_in_order_each_question_has_its_time() -> None:
    assert times(START, [event(1, 30), event(2, 50), event(2, 70), event(3, 100)]) == {1: 30, 2: 20, 3: 30}


def test_two_answers_of_one_page_are_timed_by_its_clock() -> None:
    late = [event(1, 300, given=1030), event(2, 301, given=1050), event(3, 400, given=1, tab="two")]
    assert times(START, late) == {1: 300, 2: 20, 3: 99}


def test_a_jump_or_a_save_of_the_whole_page_has_no_time() -> None:
    assert times(START, [event(2, 30), event(1, 50), event(4, 60)]) == {}
    assert times(START, [event(1, 90), event(2, 90), event(3, 90)]) == {1: 90}
    assert times(START, []) == {}


def attempts(count: int, right: bool = True) -> list[dict[int, Response]]:
    return [
        {1: Response(float(right), ("a",), True, 10.0), 2: Response(n % 2, ("a" if n % 2 else "b",), True)}
        for n in range(count)
    ]


ITEMS = (Item(1, ("a", "b"), frozenset("a")), Item(2, ("a", "b"), frozenset("a")))


def test_a_question_that_everybody_gets_right_says_so_and_names_what_nobody_chooses() -> None:
    found = analyse(ITEMS, attempts(30), seed=1)
    assert [(warning.code, warning.pick) for warning in found.items[0].warnings] == [
        ("too_easy", ""),
        ("unchosen", "b"),
    ]
    assert found.items[0].discrimination is None
    assert found.items[1].warnings == ()
    hard = analyse(ITEMS, attempts(30, right=False), seed=1)
    assert "too_hard" in [warning.code for warning in hard.items[0].warnings]


def test_below_twenty_nobody_is_missed() -> None:
    found = analyse(ITEMS, attempts(19), seed=1)
    assert [warning.code for warning in found.items[0].warnings] == ["too_easy"]


def test_of_a_question_met_by_nine_nothing_is_known() -> None:
    some = [{1: row[1]} if n >= 9 else row for n, row in enumerate(attempts(30))]
    found = analyse(ITEMS, some, seed=1)
    assert vars(found.items[1]) == vars(type(found.items[1])(2))
    assert found.shared == 1


def test_a_rating_is_counted_and_has_no_mark() -> None:
    rating = Item(2, ("a", "b"), frozenset(), is_marked=False)
    found = analyse((ITEMS[0], rating), attempts(40), seed=1)
    assert found.items[1].facility is found.items[1].discrimination is None
    assert [pick.count for pick in found.items[1].picks] == [20, 20]
    assert found.most_marked == found.shared == 1
