"""Time in the demonstration: one person's diary, and many stories told in one order of time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

# A story yields the moment of its next act, and acts when it is resumed.
Story = Iterator[datetime]


class Diary:
    """A person's moments, one after the other, in working hours of a place `zone` hours from UTC."""

    def __init__(self, at: datetime, random: Random, zone: int = 0) -> None:
        self.at, self.random, self._zone = at, random, timedelta(hours=zone)

    def minutes(self, low: float, high: float) -> datetime:
        """Some minutes later."""
        self.at += timedelta(seconds=round(60 * self.random.uniform(low, high)))
        return self.at

    def days(self, low: int, high: int) -> datetime:
        """Some days later, in the working hours of a working day."""
        day = self.at + self._zone + timedelta(days=self.random.randint(low, high))
        day += timedelta(days=2 if day.weekday() >= 5 else 0)
        hour, minute = self.random.randint(8, 16), self.random.randint(0, 59)
        self.at = max(self.at, day.replace(hour=hour, minute=minute, second=0, microsecond=0) - self._zone)
        return self.at

    def skip_to(self, at: datetime) -> None:
        """Nothing happens until then."""
        self.at = max(self.at, at)


def until(story: Story, latest: datetime) -> Story:
    """The story, broken off before its first moment after `latest`."""
    for at in story:
        if at > latest:
            return
        yield at


def tell(stories: Iterable[Story], now: datetime) -> None:
    """Let every story act, the earliest moment first, so that logs grow in the order of time; what is left at `now`
    has not happened yet."""
    queue: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _queue(queue, number, story)
    while queue and queue[0][0] <= now:
        _, number, story = heapq.heappop(queue)
        _queue(queue, number, story)


def _queue(queue: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    """Let the story run up to its next moment; the number keeps equal moments in a fixed order."""
    at = next(story, None)
    if at is not None:
        heapq.heappush(queue, (at, number, story))
