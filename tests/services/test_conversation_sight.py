"""Which conversations a manager reads: those of the present cycle, and those in which they took part."""

from datetime import timedelta

import pytest

from lms.errors import Conflict, NotFound
from lms.services.assessments import get_rating_page
from tests import world
from tests.services import steps
from tests.services.assessing import CYCLE, accept, both, look, propose, ref_of, see_differently
from tests.services.test_assessments import MOVED


def test_a_later_manager_reads_no_conversation_that_ended_before(database, who, tmp_path) -> None:
    old = both(database, who("amina"), who("kofi"))
    later = world.NOW + timedelta(days=366)
    amina, kofi, ingrid = (who(name, later) for name in ("amina", "kofi", "ingrid"))
    assert look(database, kofi, old).name == "Amina Diallo", "who took part reads on"
    world.take_people(database, tmp_path, MOVED, later)
    new = both(database, amina, ingrid)
    assert look(database, amina, new).earlier == old
    assert look(database, ingrid, new).earlier is None
    with database.read() as session:
        pages = [
            get_rating_page(session, actor, cycle_start=CYCLE, person_ref=of)
            for actor, of in ((amina, None), (ingrid, ref_of(database, amina)))
        ]
    assert [page.earlier for page in pages] == [old, None]
    assert look(database, amina, old).name == "Amina Diallo"
    with pytest.raises(NotFound):
        look(database, ingrid, old)


def test_who_spoke_in_a_conversation_reads_it_later(database, who, tmp_path) -> None:
    ref = both(database, who("amina"), who("kofi"))
    then = world.NOW + timedelta(days=1)
    world.take_people(database, tmp_path, MOVED, then)
    propose(database, who("ingrid", then), ref, 0)
    later = world.NOW + timedelta(days=366)
    assert look(database, who("ingrid", later), ref).name == "Amina Diallo"


def test_an_old_proposal_overturns_no_newer_agreement(database, who) -> None:
    amina, kofi = who("amina"), who("kofi")
    steps.take(database, amina)
    old = both(database, amina, kofi)
    waiting = propose(database, kofi, old, 0)
    now = both(database, amina, kofi, cycle="09-01")  # the unit has another year from now on
    assert now != old
    accept(database, amina, now, propose(database, kofi, now, 1))
    with steps.unchanged(database), pytest.raises(Conflict, match="is over"):
        accept(database, amina, old, waiting)


def test_a_conversation_of_a_cycle_that_ended_stays_as_it_is(database, who) -> None:
    ref = both(database, who("amina"), who("kofi"))
    waiting = propose(database, who("kofi"), ref, 0)
    later = world.NOW + timedelta(days=366)
    assert look(database, who("amina", later), ref).is_over
    with steps.unchanged(database), pytest.raises(Conflict, match="is over"):
        accept(database, who("amina", later), ref, waiting)
    with steps.unchanged(database), pytest.raises(Conflict, match="is over"):
        see_differently(database, who("amina", later), ref)
