"""Time in the demonstration: one person's diary, and many stories told in one order of time."""

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

# A story yields the moment of its next act, and acts when it is resumed.
Story = Iterator[datetime]


class Diary:
    """A person's moments, one after the other; none lies after `latest`."""

    def __init__(self, at: datetime, latest: datetime, random: Random) -> None:
        self.at, self.latest, self.random = min(at, latest), latest, random

    def minutes(self, low: float, high: float) -> datetime:
        """Some minutes later."""
        return self._move(self.at + timedelta(seconds=round(60 * self.random.uniform(low, high))))

    def days(self, low: int, high: int) -> datetime:
        """Some days later, in the working hours of a working day."""
        day = self.at + timedelta(days=self.random.randint(low, high))
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)
        hour, minute = self.random.randint(7, 16), self.random.randint(0, 59)
        return self._move(max(self.at, day.replace(hour=hour, minute=minute, second=0, microsecond=0)))

    def days_left(self) -> int:
        """Whole days until `latest`."""
        return (self.latest - self.at).days

    def _move(self, at: datetime) -> datetime:
        self.at = min(at, self.latest)
        return self.at


def tell(stories: Iterable[Story]) -> None:
    """Let every story act, the earliest moment first, so that logs grow in the order of time."""
    queue: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _queue(queue, number, story)
    while queue:
        _, number, story = heapq.heappop(queue)
        _queue(queue, number, story)


def _queue(queue: list[tuple[datetime, int, Story]], number: int, story: Story) -> None:
    """Let the story run up to its next moment; the number keeps equal moments in a fixed order."""
    at = next(story, None)
    if at is not None:
        heapq.heappush(queue, (at, number, story))
