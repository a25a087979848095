"""Which way each member goes through the first course: every state occurs, the rest is drawn."""

from collections.abc import Collection, Sequence
from enum import Enum, auto
from random import Random

from lms.demonstration.cast import AMINA, INGRID, KOFI, MATEO, PRIYA, ROSA, WANJIRU
from lms.demonstration.organisation import Member
from lms.demonstration.places import AFRICA, AMERICAS_ASIA, HUB, Places


class Path(Enum):
    """How far somebody comes. Whether that is overdue follows from the region's due date."""

    NOT_STARTED = auto()
    READING = auto()
    OPEN_ATTEMPT = auto()
    FAILED = auto()
    NEEDS_HELP = auto()  # failed every attempt, and asks for help
    FAILED_THEN_PASSED = auto()
    PASSED = auto()
    WITHDRAWN = auto()  # completed, and withdrawn by HR
    TAKEN_BACK = auto()  # asked by mistake
    OWN_CHOICE = auto()  # not asked, enrolled themselves


# Africa is asked late, so that its due date lies ahead; for the others it is over.
_MUST = {
    AFRICA: (Path.OPEN_ATTEMPT, Path.NOT_STARTED, Path.READING, Path.PASSED, Path.NEEDS_HELP),
    AMERICAS_ASIA: (Path.NOT_STARTED, Path.READING, Path.FAILED_THEN_PASSED, Path.WITHDRAWN, Path.FAILED),
    HUB: (Path.OWN_CHOICE, Path.TAKEN_BACK, Path.PASSED),
}
_WEIGHTS: dict[str, dict[Path, float]] = {
    AFRICA: {Path.NOT_STARTED: 4, Path.READING: 4, Path.OPEN_ATTEMPT: 1, Path.PASSED: 6, Path.FAILED_THEN_PASSED: 2},
    AMERICAS_ASIA: {
        Path.NOT_STARTED: 2, Path.READING: 2, Path.FAILED: 1, Path.PASSED: 10, Path.FAILED_THEN_PASSED: 4,
        Path.WITHDRAWN: 0.1,
    },
    HUB: {Path.READING: 1, Path.PASSED: 8, Path.FAILED_THEN_PASSED: 2, Path.OWN_CHOICE: 2},
}  # fmt: skip
_CAST = {
    AMINA: Path.READING, KOFI: Path.PASSED, INGRID: Path.PASSED, WANJIRU: Path.FAILED_THEN_PASSED,
    MATEO: Path.OWN_CHOICE, PRIYA: Path.PASSED, ROSA: Path.PASSED,
}  # fmt: skip


_LATER = {
    Path.NOT_STARTED: 30, Path.READING: 11, Path.FAILED: 2, Path.PASSED: 46, Path.FAILED_THEN_PASSED: 10,
}  # fmt: skip


def choose_paths(
    random: Random, members: Sequence[Member], places: Places, leavers: Collection[str]
) -> dict[str, Path]:
    """E-mail -> path through the first course; `leavers` are numbers of those whose story breaks off."""
    paths = dict(_CAST)
    here: dict[str, list[Member]] = {}
    for member in members:
        if member.email not in paths:
            here.setdefault(places.region(member.unit), []).append(member)
    for region, some in here.items():
        weights = _WEIGHTS.get(region, _WEIGHTS[AMERICAS_ASIA])
        staying = [member for member in some if not member.entrance and member.number not in leavers]
        random.shuffle(staying)
        paths |= {member.email: path for member, path in zip(staying, _MUST.get(region, ()), strict=False)}
        rest = [member.email for member in some if member.email not in paths]
        paths |= dict(zip(rest, random.choices(list(weights), list(weights.values()), k=len(rest)), strict=True))
    return paths


def later_path(random: Random) -> Path:
    """The path through a course that is not the first."""
    return random.choices(list(_LATER), list(_LATER.values()))[0]
