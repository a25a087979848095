"""The focus of a cycle: suggested from the gaps, chosen by the person, seen by the manager in the conversation."""

import pytest

from lms.errors import Invalid
from lms.services.focus import choose_focus, suggest_focus
from lms.services.levels import get_levels
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
