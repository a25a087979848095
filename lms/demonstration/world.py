"""What every story of the demonstration needs: the courses, the time, and the acts by which it is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.demonstration.acts import Acts
from lms.demonstration.published import PublishedCourse

DAYS = 730  # from the start to the present


@dataclass(frozen=True)
class World:
    """The time runs from `start` to `now`; the first course is the one that is asked of everybody."""

    acts: Acts
    courses: tuple[PublishedCourse, ...]
    start: datetime
    now: datetime
    cycle_start: str

    @property
    def course(self) -> PublishedCourse:
        """The course that is asked of everybody."""
        return self.courses[0]

    def day(self, number: int, hour: int = 9) -> datetime:
        """A moment on a day of the story, counted from its start; not on a weekend, but two days later."""
        day = self.start + timedelta(days=number)
        day += timedelta(days=2 if day.weekday() >= 5 else 0)
        return min(self.now, day.replace(hour=hour, minute=0))
