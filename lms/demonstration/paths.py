"""Which way each member goes through the first course: every state occurs, the rest is drawn."""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from random import Random

from lms.demonstration.cast import AMINA, INGRID, KOFI, MATEO, PRIYA, ROSA, WANJIRU
from lms.demonstration.organisation import Member
from lms.demonstration.places import AFRICA, AMERICAS_ASIA, HUB, region


class Path(Enum):
    """How far somebody comes. Whether that is overdue follows from the region's due date."""

    NOT_STARTED = auto()
    READING = auto()
    OPEN_ATTEMPT = auto()
    FAILED = auto()
    FAILED_THEN_PASSED = auto()
    PASSED = auto()
    WITHDRAWN = auto()  # completed, and withdrawn by HR
    TAKEN_BACK = auto()  # asked by mistake
    OWN_CHOICE = auto()  # not asked, enrolled themselves


# Africa is asked late, so that its due date lies ahead; for the others it is over.
_MUST = {
    AFRICA: (Path.OPEN_ATTEMPT, Path.NOT_STARTED, Path.READING, Path.PASSED),
    AMERICAS_ASIA: (Path.NOT_STARTED, Path.READING, Path.FAILED_THEN_PASSED, Path.WITHDRAWN, Path.FAILED),
    HUB: (Path.OWN_CHOICE, Path.TAKEN_BACK, Path.PASSED),
}
_WEIGHTS = {
    AFRICA: {Path.NOT_STARTED: 4, Path.READING: 4, Path.OPEN_ATTEMPT: 1, Path.PASSED: 6, Path.FAILED_THEN_PASSED: 2},
    AMERICAS_ASIA: {
        Path.NOT_STARTED: 2, Path.READING: 2, Path.FAILED: 1, Path.PASSED: 10, Path.FAILED_THEN_PASSED: 4,
    },
    HUB: {Path.READING: 1, Path.PASSED: 8, Path.FAILED_THEN_PASSED: 2, Path.OWN_CHOICE: 2},
}  # fmt: skip
_CAST = {
    AMINA: Path.READING, KOFI: Path.PASSED, INGRID: Path.PASSED, WANJIRU: Path.FAILED_THEN_PASSED,
    MATEO: Path.OWN_CHOICE, PRIYA: Path.PASSED, ROSA: Path.PASSED,
}  # fmt: skip


def choose_paths(random: Random, members: Sequence[Member]) -> Mapping[str, Path]:
    """E-mail -> path."""
    paths = dict(_CAST)
    for place, must in _MUST.items():
        here = [m for m in members if region(m.unit) == place and m.email not in paths]
        weights = _WEIGHTS[place]
        early = [member for member in here if not member.joins_late]
        random.shuffle(early)
        paths |= {member.email: path for member, path in zip(early, must, strict=False)}
        for member in here:
            if member.email not in paths:
                paths[member.email] = random.choices(list(weights), list(weights.values()))[0]
    return paths
