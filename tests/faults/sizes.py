"""How much of each fault, and by which seed.

`FAULTS` is short (in `make test`), long (`make faults`), or seeded: as little as finds the one fault that was put in on
purpose. It has no LMS_ in front, because the program refuses such a variable when it does not know it.
"""

import os
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The numbers of a form."""

    takers: int  # people who can be sent into the storm
    kills: int  # on each database
    step: int  # a cut after every so-manieth byte
    fresh: int  # of how many bytes one attempt is cut after each
    schedules: int  # of several tabs, on SQLite
    schedules_postgresql: int
    in_order: int  # attempts of which the order on the disk is looked at
    every_error: bool  # each kind of error at each point, or one of them in turn
    late: int  # answers around the deadline
    worker_kills: int  # of workers, on each database, alone and three together
    tamperings: int  # with sealed records, on each database
    pairs: int  # of dates, of which the figure is compared with that of a saved copy


KILLS = os.environ.get("FAULTS_KILLS")
SIZES = {
    "short": Size(48, 25, 3, 24, 200, 20, 10, False, 200, 25, 60, 30),
    "long": Size(400, int(KILLS or 500), 1, 1, 3000, 300, 50, True, 1000, int(KILLS or 200), 1000, 200),
    # A spoilt copy stops at its first find; 60 schedules missed one in five times what 600 do not.
    "seeded": Size(12, 5, 60, 60, 600, 10, 3, False, 200, 60, 20, 10),
}
FORM = os.environ.get("FAULTS") or "short"
SIZE = SIZES[FORM]
SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(2**31))


def chance(name: str) -> random.Random:
    """The chances of one test; printed, so that a failure can be had again."""
    print(f"{name}: FAULTS_SEED={SEED}")
    return random.Random(f"{SEED} {name}")
