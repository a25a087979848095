"""When which course is asked of which region: the rollout of two years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lms.demonstration.places import AFRICA, AMERICAS_ASIA, HUB, Places
from lms.demonstration.published import PublishedCourse
from lms.demonstration.world import DAYS, World

# Region -> days before the present on which its first course was asked. Africa is asked last, so that its due date lies
# ahead; for Americas and Asia it is just over. The regions of a larger organisation began before.
_BEGAN = {HUB: 145, AMERICAS_ASIA: 145, AFRICA: 50}
_BEGAN_LARGER, _LATER, _APART = DAYS - 20, 50, 80
_LAST, _TIME = 20, 75  # days before the present of the last campaign; days until it is due


@dataclass(frozen=True)
class Campaign:
    """A course that is asked of a region on a day of the story, and until when."""

    region: str
    course: PublishedCourse
    day: int
    due_on: date


def list_campaigns(world: World, places: Places) -> Iterator[Campaign]:
    """Region by region, course after course."""
    larger = [hub for hub in places.tagged("regional_hub") if hub not in _BEGAN]
    began = _BEGAN | {hub: _BEGAN_LARGER - _LATER * number for number, hub in enumerate(larger)}
    for region, days_ago in began.items():
        for number, course in enumerate(world.courses):
            ago = days_ago - number * _APART
            if ago >= _LAST:
                yield Campaign(region, course, DAYS - ago, (world.now - timedelta(days=ago - _TIME)).date())
