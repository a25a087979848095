"""The focus of a cycle: suggested from the gaps, chosen by the person, seen by the manager in the conversation."""

from datetime import timedelta

import pytest

from lms.errors import Invalid
from lms.services.focus import choose_focus, suggest_focus
from lms.services.levels import get_levels
from lms.services.plans import get_plan, start_plan
from tests import world
from tests.services import steps
from tests.services.assessing import CYCLE, both, look


def test_the_focus_is_suggested_chosen_and_seen_in_the_conversation(database, who) -> None:
    amina = who("amina")
    with database.read() as session:
        assert suggest_focus(get_levels(session, amina)) == ["PC1"]
    with database.transaction() as session:
        assert choose_focus(session, amina, cycle_start=CYCLE, competencies=["PC1"]) == ["PC1"]
    ref = both(database, amina, who("kofi"))
    assert look(database, who("kofi"), ref).focus == ("PC1",)
    with database.transaction() as session:
        choose_focus(session, amina, cycle_start=CYCLE, competencies=[])
    assert look(database, amina, ref).focus == ()
    with steps.unchanged(database), pytest.raises(Invalid), database.transaction() as session:
        choose_focus(session, amina, cycle_start=CYCLE, competencies=["PC9"])


def test_the_focus_stays_with_the_plan_whose_year_is_another(database, who) -> None:
    """The assessment's year ends in June, the plan's in October."""
    amina = who("amina")
    with database.transaction() as session:
        start_plan(session, amina, cycle_start="11-01")
        choose_focus(session, amina, cycle_start=CYCLE, competencies=["PC1"])
    for days, expected in ((0, ("PC1",)), (250, ("PC1",)), (350, ())):
        with database.read() as session:
            then = who("amina", world.NOW + timedelta(days=days))
            assert get_plan(session, then, cycle_start="11-01").focus == expected, days


def test_a_focus_from_before_the_plan_holds_for_its_own_year(database, who) -> None:
    amina, later = who("amina"), who("amina", world.NOW + timedelta(days=60))
    with database.transaction() as session:
        choose_focus(session, amina, cycle_start=CYCLE, competencies=["PC1"])
        assert get_plan(session, amina, cycle_start="01-01").focus == ("PC1",)
        start_plan(session, later, cycle_start="01-01")
        assert get_plan(session, later, cycle_start="01-01").focus == ("PC1",)
