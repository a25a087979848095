"""Assessments of the small organisation from both sides, and two colleagues who are asked about each other."""

from typing import Any

from sqlalchemy import select

from lms.db import Database
from lms.models import PeerRequest
from lms.services.peers import ask_peer
from tests import world
from tests.services import assessing

CYCLE = "12-01"  # not that of the pages, so that there every sheet is to be written


def rate_each_other(made: Any, database: Database) -> None:
    """Everybody with a manager is rated from both sides; Amina and Wei wait for each other's word."""
    for person, assessment in assessing.everybody(database, CYCLE):
        made.put("assessment", person, assessment)
    for person, peer in (("amina", "wei"), ("wei", "amina")):
        actor, asked = (world.actor(database, f"{one}@lantern.example") for one in (person, peer))
        with database.transaction() as session:
            ask_peer(session, actor, cycle_start=CYCLE, email=f"{peer}@lantern.example", competencies=["PC1"])
            of_them = select(PeerRequest.ref).where(PeerRequest.peer_id == asked.person_id)
            made.put("peer request", peer, str(session.scalar(of_them)))
