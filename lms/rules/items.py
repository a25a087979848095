"""Item analysis: what the first attempts at a quiz say of each of its questions, and what that warns of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import fsum
from typing import NamedTuple

from lms.rules.statistics import (
    GROUPS,
    SMALLEST_GROUP,
    Estimate,
    correlation,
    facility,
    median_time,
    reliability,
    score_groups,
)

NEARLY_ALL, FEW, NOBODY_OF = 0.95, 0.2, 20


@dataclass(frozen=True)
class Item:
    """A question: the ids that can be picked in it, those that are right, and whether it is marked."""

    id: int
    picks: tuple[str, ...]
    right: frozenset[str]
    is_marked: bool = True


class Response(NamedTuple):
    """What one attempt did with a question that it met."""

    mark: float
    picks: tuple[str, ...]
    is_answered: bool
    seconds: float | None = None


class Event(NamedTuple):
    """An answer in an attempt's log, in the order of arrival."""

    position: int
    tab: str
    received_at: datetime
    given_at: datetime | None


@dataclass(frozen=True)
class Pick:
    """How many chose an option, and the share of each third who did, where each third has ten people."""

    id: str
    is_right: bool
    count: int
    shares: list[float] | None


@dataclass(frozen=True)
class Warn:
    """A code, and the option that it is about."""

    code: str
    pick: str = ""


@dataclass(frozen=True)
class Figures:
    """What is known of a question; everything is None or empty below ten attempts that met it."""

    id: int
    met: int | None = None
    unanswered: int | None = None
    facility: Estimate | None = None
    discrimination: Estimate | None = None
    seconds: Estimate | None = None
    thirds: list[int] | None = None  # how many people each third has
    picks: tuple[Pick, ...] = ()
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """All questions of a version; reliability is that of the questions that every attempt met."""

    attempts: int
    items: tuple[Figures, ...]
    reliability: Estimate | None
    shared: int  # how many marked questions every attempt met
    most_marked: int  # how many an attempt met at most


Attempts = Sequence[Mapping[int, Response]]  # of each attempt the questions that it met


def times(started_at: datetime, log: Sequence[Event]) -> dict[int, float]:
    """Position -> seconds between the answer before and the first answer to the question, where the order allows it.

    It does where the last thing answered before was the question one place above (or, for the first, the attempt was
    just started). Two answers of one page are timed by that device's clock, others by when they arrived. What came
    together has no time of its own.
    """
    found: dict[int, float] = {}
    seen: set[int] = set()
    before: Event | None = None
    for event in log:
        if event.position not in seen and event.position == (before.position + 1 if before else 1):
            seconds = _between(started_at, before, event)
            if seconds > 0:
                found[event.position] = seconds
        seen.add(event.position)
        before = event
    return found


def _between(started_at: datetime, before: Event | None, event: Event) -> float:
    if before is None:
        return (event.received_at - started_at).total_seconds()
    if before.tab == event.tab and before.given_at and event.given_at:
        return (event.given_at - before.given_at).total_seconds()
    return (event.received_at - before.received_at).total_seconds()


def analyse(items: Sequence[Item], attempts: Attempts, seed: int) -> Analysis:
    """The figures of all questions; `attempts` are first attempts, one a person, that were handed in."""
    marked = {item.id for item in items if item.is_marked}
    totals = [fsum(r.mark for i, r in attempt.items() if i in marked) for attempt in attempts]
    sizes = [sum(1 for i in attempt if i in marked) for attempt in attempts]
    shared = [i for i in sorted(marked) if attempts and all(i in attempt for attempt in attempts)]
    return Analysis(
        attempts=len(attempts),
        items=tuple(_figures(item, attempts, totals, sizes) for item in items),
        reliability=reliability([[attempt[i].mark for i in shared] for attempt in attempts], seed),
        shared=len(shared),
        most_marked=max(sizes, default=0),
    )


def _figures(item: Item, attempts: Attempts, totals: Sequence[float], sizes: Sequence[int]) -> Figures:
    met = [place for place, attempt in enumerate(attempts) if item.id in attempt]
    if len(met) < SMALLEST_GROUP:
        return Figures(item.id)
    responses = [attempts[place][item.id] for place in met]
    own = [response.mark if item.is_marked else 0.0 for response in responses]
    others = [max(1, sizes[place] - item.is_marked) for place in met]
    # Rounded, so that scores that are equal but for the last bit are in the same third.
    rests = [round((totals[place] - mark) / size, 9) for place, mark, size in zip(met, own, others, strict=True)]
    thirds = _thirds(rests)
    seconds = [response.seconds for response in responses if response.seconds is not None]
    found = Figures(
        id=item.id,
        met=len(met),
        unanswered=sum(1 for response in responses if not response.is_answered),
        facility=facility(own) if item.is_marked else None,
        discrimination=correlation(own, rests) if item.is_marked else None,
        seconds=median_time(seconds),
        thirds=[thirds.count(group) for group in range(GROUPS)] if thirds else None,
        picks=tuple(_pick(item, pick, responses, thirds) for pick in item.picks),
    )
    return replace(found, warnings=tuple(_warnings(item, found, responses, rests)))


def _thirds(rests: Sequence[float]) -> list[int] | None:
    """Each person's third; None where one of the thirds has fewer than ten people."""
    thirds = score_groups(rests)
    return thirds if all(thirds.count(group) >= SMALLEST_GROUP for group in range(GROUPS)) else None


def _pick(item: Item, pick: str, responses: Sequence[Response], thirds: list[int] | None) -> Pick:
    chosen = [pick in response.picks for response in responses]
    shares = None
    if thirds:
        sizes = Counter(thirds)
        hits = Counter(third for third, is_chosen in zip(thirds, chosen, strict=True) if is_chosen)
        shares = [hits[group] / sizes[group] for group in range(GROUPS)]
    return Pick(pick, pick in item.right, sum(chosen), shares)


def _warnings(item: Item, found: Figures, responses: Sequence[Response], rests: Sequence[float]) -> list[Warn]:
    if not item.is_marked or found.facility is None or found.met is None:
        return []
    warnings = []
    if found.facility.value >= NEARLY_ALL:
        warnings.append(Warn("too_easy"))
    elif found.facility.value <= FEW:
        warnings.append(Warn("too_hard"))
    if found.discrimination and found.discrimination.high is not None and found.discrimination.high < 0:
        warnings.append(Warn("check_key"))
    for pick in found.picks:
        if pick.count == 0 and found.met >= NOBODY_OF:
            warnings.append(Warn("unchosen", pick.id))
        elif not pick.is_right and item.right:
            drawn = correlation([float(pick.id in response.picks) for response in responses], rests)
            if drawn and drawn.low is not None and drawn.low > 0:
                warnings.append(Warn("draws_best", pick.id))
    return warnings
