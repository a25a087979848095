"""Random histories of recalls and decisions: when all is undone, everything is as before."""

from contextlib import suppress
from random import Random

import pytest

from lms.errors import Conflict, NotFound
from lms.rules.recalling import Act, Policy
from lms.services import standings
from lms.services.levels import get_level
from tests.many_attempts import SLUG
from tests.services import recalling as act
from tests.services import steps


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_was_decided_when_all_is_undone_everything_is_as_before(wide, who, mended, seed) -> None:
    random, people = Random(seed), ("amina", "wei", "jose", "nadia")
    refs = []
    for name in people:
        refs.append(act.take(wide, who(name), random.randrange(3), random.choice("abc")))
        if not act.percent(wide, refs[-1])[1]:
            refs.append(act.take(wide, steps.later(who(name), hours=1), random.randrange(3), random.choice("abc")))
    mended()
    before = state(wide, who, people, refs)
    made: list[str] = []
    for hour in range(2, 16):
        hr, policy = steps.later(who(random.choice(["ingrid", "nadia"])), hours=hour), random.choice(list(Policy))
        with suppress(Conflict, NotFound):
            if not made or random.random() < 0.2:
                made.append(act.recall(wide, who("olga"), random.choice(["key", "credit", "drop"])))
            elif random.random() < 0.1:
                act.take_back(wide, who("olga"))
            else:
                act.decide(wide, hr, random.choice(made), random.choice([*Act, Act.APPLIED]), policy)
    for ref in reversed(made):
        for name in ("ingrid", "nadia"):
            with suppress(Conflict, NotFound):
                act.decide(wide, steps.later(who(name), hours=20), ref, "undone")
    assert state(wide, who, people, refs) == before


def state(wide, who, people, refs):
    """What was earned, where everybody stands, and their level."""
    with wide.read() as session:
        levels = [
            get_level(session, steps.later(who(name), days=2), code="PC1")[1].explanation.level for name in people
        ]
        stands = [vars(standings.as_rule(steps.standing(session, name, SLUG))) for name in people]
    return [act.percent(wide, ref) for ref in refs], stands, levels
