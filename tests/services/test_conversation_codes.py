"""A conversation goes on under the codes of a framework that renames a competency in the midst of a cycle."""

from lms.services.agreeing import accept_level
from lms.services.focus import choose_focus
from lms.services.plans import get_plan
from tests.content.sample import ROLES
from tests.services import steps
from tests.services.assessing import CYCLE, accept, both, look, propose
from tests.services.test_agreeing import evidence
from tests.services.test_framework_versions import Published, renamed


def test_a_conversation_outlives_a_new_code(database, who, tmp_path) -> None:
    amina, kofi = who("amina"), who("kofi")
    steps.take(database, amina)
    with database.transaction() as session:
        choose_focus(session, amina, cycle_start=CYCLE, competencies=["PC1"])
    ref = both(database, amina, kofi)
    accept(database, amina, ref, propose(database, kofi, ref, 1))
    propose(database, amina, ref, 0)
    published = Published(database, tmp_path)
    published.publish(published.library(renamed("PX1"), ROLES.replace("PC1", "PX1"), code="PX1"))
    found = look(database, kofi, ref)
    (talk,) = found.talks
    assert (talk.competency["code"], len(talk.rated), talk.agreed.level, talk.proposal.level) == ("PX1", 2, 1, 0)
    assert (found.focus, len(talk.said)) == (("PX1",), 3)
    with database.read() as session:
        assert get_plan(session, amina, cycle_start=CYCLE).focus == ("PX1",)
    with database.transaction() as session:
        accept_level(session, kofi, ref=ref, code="PX1", proposal=talk.proposal.ref)
    assert look(database, amina, ref).talks[0].agreed.level == 0
    assert evidence(database) == [(1, "both_sides", True)], "what was agreed under the old code counts no more"
