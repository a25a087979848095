"""A kill, or an error, before and after every statement and every commit of starting, saving and handing in.

Whatever the point: all of it happened or nothing, what was acknowledged happened, and sending the same once more gives
the whole effect, once.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests import world
from tests.conftest import BOTH
from tests.faults import field as fields
from tests.faults.checking import fits_together
from tests.faults.conftest import ON
from tests.faults.field import SLUG, Field
from tests.faults.points import ERRORS, RESET, ask
from tests.faults.sizes import FORM, SIZE, chance
from tests.faults.striking import Striker, counts
from tests.faults.taker import FORM as FORM_KIND
from tests.faults.taker import PREFIX
from tests.services import steps

ACTS = ("start", "save", "submit")
# What an error may be answered with: try again in a moment; a disk that cannot be read is nobody's moment.
REFUSALS = {kind: (500, 503) if "input" in kind else (503,) for kind in (*ERRORS, RESET)}


def prepare(field: Field, act: str) -> dict[str, Any]:
    """Bring a taker to where the act is next; returns the act as a request."""
    number = ACTS.index(act)
    cookie, token = field.sign_in(number)
    who = world.actor(field.database, fields.email(number), datetime.now(UTC))
    request = {"cookie": cookie, "token": token, "kind": FORM_KIND}
    if act == "start":
        return {**request, "path": f"{PREFIX}/courses/{SLUG}/attempts", "body": ""}
    ref = steps.begin(field.database, who, SLUG)
    if act == "submit":
        steps.answer(field.database, who, ref)
        return {**request, "path": f"{PREFIX}/attempts/{ref}/submit", "body": urlencode({"unanswered_ok": "1"})}
    answers = [{"id": str(uuid4()), "question": n, "values": ["1"], "sequence": n, "base": 0} for n in (1, 2)]
    body = json.dumps({"tab": str(uuid4()), "answers": answers})
    return {**request, "path": f"{PREFIX}/attempts/{ref}/answers", "body": body, "kind": "application/json"}


class Trials:
    """The acts on one field, each by a taker of its own, and what each changes where nothing goes wrong."""

    def __init__(self, field: Field, folder: Path) -> None:
        self.field, self.kind = field, "sqlite" if field.database.is_sqlite else "postgresql"
        self.requests = {act: prepare(field, act) for act in ACTS}
        self.before = counts(field)
        self.striker = Striker(field, folder)
        self.after: dict[str, dict[str, int]] = {}
        self.points: dict[str, list[str]] = {}
        for act in ACTS:
            assert self.striker.ask(self.requests[act], how="warm")["status"] < 400
        for act in ACTS:
            self._learn(act)

    def _learn(self, act: str) -> None:
        self.striker.put_back()
        clean = self.striker.ask(self.requests[act])
        self.after[act], self.points[act] = counts(self.field), clean["passed"]
        assert is_good(clean["answer"])
        assert self.after[act] != self.before
        assert self.faults() == []

    def faults(self) -> list[str]:
        """What does not fit together now."""
        return fits_together(self.field.database)

    def chosen(self, act: str) -> list[int]:
        """All points; against a seeded fault the commits alone, for that is where each of these faults lies."""
        return [n for n, name in enumerate(self.points[act], 1) if FORM != "seeded" or "commit" in name]

    def strike(self, act: str, at: int, how: str) -> list[str]:
        """Strike an act at a point, beginning from the first state; returns what is wrong."""
        self.striker.put_back()
        told = self.striker.ask(self.requests[act], at, how)
        faults = self._killed(act, told) if how == "kill" else self._refused(told, how)
        found = counts(self.field)
        if found != self.after[act]:
            faults.append(f"sent again, the effect differs: {difference(self.after[act], found)}")
        return [f"{act}, {how} at {at}, {self.points[act][at - 1]}: {fault}" for fault in faults + self.faults()]

    def _killed(self, act: str, told: dict[str, Any]) -> list[str]:
        faults, found = self.faults(), counts(self.field)
        if not told["killed"]:
            faults.append("nobody was killed")
        if found not in (self.before, self.after[act]):
            faults.append(f"half of it happened: {difference(self.before, found)}")
        if is_good(told["answer"]) and found != self.after[act]:
            faults.append(f"acknowledged, and it has not happened: {difference(self.after[act], found)}")
        code = ask(self.field.app, self.requests[act], lambda what: None)  # this process is as good as a new server
        return faults if code < 400 else [*faults, f"sent again, it is answered {code}"]

    def _refused(self, told: dict[str, Any], how: str) -> list[str]:
        """The child has sent it again itself."""
        faults = [] if told["usable"] else ["the session is not usable after it"]
        if is_good(told["answer"]) and not told["first"]:
            faults.append("acknowledged, and it was not committed")
        if not is_good(told["answer"]) and told["answer"]["status"] not in REFUSALS[how]:
            faults.append(f"answered {told['answer']}")
        return faults


def _begins(point: str) -> bool:
    return point.startswith("before") or "commit" in point


def is_good(answer: dict[str, Any] | None) -> bool:
    """Whether a client takes it for done."""
    return answer is not None and answer["status"] < 400


def difference(wanted: dict[str, int], found: dict[str, int]) -> dict[str, int]:
    """Rows too many or too few, by table."""
    return {name: found[name] - wanted[name] for name in wanted if found[name] != wanted[name]}


@pytest.fixture(scope="module", params=BOTH)
def trials(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trials]:
    """The three acts on each database; prepared once."""
    folder = tmp_path_factory.mktemp("points")
    with ON[request.param](request, folder) as field:
        made = Trials(field, folder)
        yield made
        made.striker.stop()


@pytest.mark.parametrize("act", ACTS)
def test_a_kill_at_every_point_leaves_all_or_nothing(trials: Trials, act: str) -> None:
    at = trials.chosen(act)
    faults = [fault for number in at for fault in trials.strike(act, number, "kill")]
    print(f"{trials.kind}, {act}: {len(at)} kills at {len(trials.points[act])} points")
    assert faults == []


@pytest.mark.parametrize("act", ACTS)
def test_an_error_at_every_point_is_never_told_as_success(trials: Trials, act: str) -> None:
    random = chance("errors")
    kinds = [kind for kind in REFUSALS if kind.startswith(trials.kind)]
    # In the short form PostgreSQL fails before each statement, not after the one before as well: its line is the same.
    points, everywhere = trials.points[act], trials.kind == "sqlite" or SIZE.every_error
    at = [n for n in trials.chosen(act) if everywhere or _begins(points[n - 1])]
    plan = [(number, kind) for number in at for kind in (kinds if SIZE.every_error else [random.choice(kinds)])]
    faults = [fault for number, kind in plan for fault in trials.strike(act, number, kind)]
    print(f"{trials.kind}, {act}: {len(plan)} errors at {len(at)} of {len(points)} points")
    assert faults == []
