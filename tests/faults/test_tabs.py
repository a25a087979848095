"""Several tabs and devices with one attempt, by generated schedules: offline, sent again, in another order, twice.

Everything that arrives is in the log; what stands is what the pure rule says; and nobody's answer gives way to one that
was given without knowing of it, unless they are told.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from lms.errors import Invalid
from lms.models import AnswerEvent, AnswerValue
from lms.services.answers import Answer, Receipt, record_answers
from lms.services.attempts import get_quiz
from tests import world
from tests.faults import field as fields
from tests.faults.field import SLUG, Field
from tests.faults.sizes import FORM, SEED, SIZE
from tests.faults.tabs import Model, Tab
from tests.services import steps

TABS = ("telephone", "laptop", "laptop, second tab")
tabs = st.sampled_from(range(len(TABS)))


class Pages(RuleBasedStateMachine):
    """Three pages of one attempt. One transaction a schedule, rolled back at its end: the rulings see what is flushed,
    and the next schedule finds the attempt without answers."""

    field: Field
    actor: Any
    ref: str
    schedules = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).schedules += 1
        self.held = self.field.database.transaction()
        self.session = self.held.__enter__()
        self.model, self.tabs = Model(), [Tab(name) for name in TABS]

    def teardown(self) -> None:
        try:
            self.everything_sent_is_in_the_log()
        finally:
            self.session.rollback()
            self.held.__exit__(None, None, None)

    @rule(tab=tabs, event=st.uuids(), position=st.integers(1, 3), place=st.sampled_from(("", "1", "2", "3")))
    def give(self, tab: int, event: Any, position: int, place: str) -> None:
        """Answer, or take an answer away; it waits."""
        self.tabs[tab].give(event, position, (place,) if place else ())

    @precondition(lambda self: any(tab.waiting for tab in self.tabs))
    @rule(tab=tabs, random=st.randoms(use_true_random=False), answered=st.booleans())
    def come_online(self, tab: int, random: Random, answered: bool) -> None:
        """Send some of what waits, in any order; without an answer it goes on waiting."""
        page = self.tabs[tab]
        answers = random.sample(page.waiting, random.randint(0, len(page.waiting)))
        if answers:
            self.deliver(page, answers, answered)

    @precondition(lambda self: any(tab.sent for tab in self.tabs))
    @rule(tab=tabs, random=st.randoms(use_true_random=False))
    def send_again(self, tab: int, random: Random) -> None:
        """The network, or a page that was brought back, sends what is stored already."""
        page = self.tabs[tab]
        if page.sent:
            again = random.choices(page.sent, k=random.randint(1, 3))
            self.deliver(page, list({answer.event_id: answer for answer in again}.values()), False)

    @rule(tab=tabs)
    def load_again(self, tab: int) -> None:
        """The page shows what stands."""
        for drawn in get_quiz(self.session, self.actor, ref=self.ref).drawn:
            self.tabs[tab].known[drawn.position] = drawn.answer_id

    def deliver(self, page: Tab, answers: list[Answer], answered: bool) -> None:
        """Hand a save to the server, compare it with the model, and let the page know where the answer arrives."""
        receipt = record_answers(self.session, self.actor, ref=self.ref, answers=answers)
        assert list(receipt.numbers) == [answer.event_id for answer in answers]
        for answer in sorted(answers, key=lambda answer: receipt.numbers[answer.event_id]):
            self.model.arrive(answer, receipt.numbers[answer.event_id])
        self.nothing_is_set_aside_in_silence(page, answers, receipt)
        page.sent += [answer for answer in answers if answer not in page.sent]
        if answered:
            page.waiting = [answer for answer in page.waiting if answer not in answers]
            for answer in answers:
                newest = max(page.known.get(answer.position, 0), receipt.numbers[answer.event_id])
                page.known[answer.position] = newest
            for other in receipt.set_aside.values():
                page.known[other.position] = max(page.known.get(other.position, 0), other.number)

    def nothing_is_set_aside_in_silence(self, page: Tab, answers: list[Answer], receipt: Receipt) -> None:
        """Told are those in whose place stands another page's answer that says something else."""
        for answer in answers:
            standing = self.model.standing(answer.position)
            assert standing is not None
            differs = standing.tab != page.name and self.model.values[standing.id] != answer.values
            is_told = not self.model.effect(answer.event_id, answer.position) and differs
            assert (answer.event_id in receipt.set_aside) == is_told, (answer, standing)
            if is_told:
                told = receipt.set_aside[answer.event_id]
                assert (told.number, told.values) == (standing.id, self.model.values[standing.id])

    @invariant()
    def what_stands_is_what_the_rule_says(self) -> None:
        for drawn in get_quiz(self.session, self.actor, ref=self.ref).drawn:
            standing = self.model.standing(drawn.position)
            assert drawn.sent == (self.model.values[standing.id] if standing else ())

    def everything_sent_is_in_the_log(self) -> None:
        query = select(AnswerEvent.id, AnswerEvent.event_id, AnswerEvent.takes_effect, AnswerValue.value)
        rows = self.session.execute(query.join(AnswerValue, AnswerValue.answer_id == AnswerEvent.id)).all()
        assert {row.event_id: row.id for row in rows} == self.model.numbers
        ruled = {given.id: given.takes_effect for log in self.model.log.values() for given in log}
        assert {row.id: row.takes_effect for row in rows} == ruled
        assert {row.id: row.value is None for row in rows} == {n: not v for n, v in self.model.values.items()}


def test_what_stands_is_never_replaced_unknowingly(field: Field) -> None:
    actor = world.actor(field.database, fields.email(0), datetime.now(UTC))
    kind, wanted = ("SQLite", SIZE.schedules) if field.database.is_sqlite else ("PostgreSQL", SIZE.schedules_postgresql)
    machine: Callable[[], Pages] = type(
        "Pages", (Pages,), {"field": field, "actor": actor, "ref": steps.begin(field.database, actor, SLUG)}
    )
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    phases = [Phase.generate] if FORM == "seeded" else [Phase.generate, Phase.shrink]
    run = settings(
        max_examples=wanted, stateful_step_count=14, deadline=None, database=None, suppress_health_check=checks,
        phases=phases, report_multiple_bugs=False,
    )  # fmt: skip
    run_state_machine_as_test(seeded(SEED)(machine), settings=run)
    print(f"{kind}: {machine.schedules} schedules of 3 pages, FAULTS_SEED={SEED}")
    assert machine.schedules >= wanted


def test_an_id_is_not_good_for_a_second_answer(field: Field) -> None:
    """A page that was brought back sends a stored id with another answer: it is told so, and nothing changes."""
    actor = world.actor(field.database, fields.email(0), datetime.now(UTC))
    ref, first = steps.begin(field.database, actor, SLUG), Answer(str(uuid4()), 1, ("1",))
    with field.database.transaction() as session:
        record_answers(session, actor, ref=ref, answers=[first])
    others = [replace(first, values=("2",)), replace(first, values=()), replace(first, position=2)]
    for other in others:
        with pytest.raises(Invalid, match="used for another answer"), field.database.transaction() as session:
            record_answers(session, actor, ref=ref, answers=[other])
    with field.database.read() as session:
        assert get_quiz(session, actor, ref=ref).drawn[0].sent == ("1",)


def test_answers_of_two_pages_in_one_save_know_of_each_other(field: Field) -> None:
    """As a file of sealed answers brings them: of two pages that knew nothing of each other, the first one stands."""
    actor = world.actor(field.database, fields.email(0), datetime.now(UTC))
    ref = steps.begin(field.database, actor, SLUG)
    first, second = (Answer(str(uuid4()), 1, (place,), tab, 1, 0) for place, tab in (("1", TABS[0]), ("2", TABS[1])))
    with field.database.transaction() as session:
        receipt = record_answers(session, actor, ref=ref, answers=[first, second])
        assert list(receipt.set_aside) == [second.event_id]
        assert get_quiz(session, actor, ref=ref).drawn[0].sent == ("1",)
