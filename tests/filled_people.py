"""The filled world's files of people: of both HR officers one that was read, and one whose headers are unknown."""

from typing import Any

from lms.db import Database
from lms.services import people_imports
from tests import world
from tests.filled_rules import write_rules
from tests.services import sending

HEAD = "given_name,family_name,work_email,unit_code,grade"
UNITS = {"ingrid": "", "nadia": "KE"}


def rules_and_files(made: Any, database: Database) -> None:
    """What HR set up: rules of assignment, and files of people."""
    write_rules(made, database)
    send_people(made, database)


def send_people(made: Any, database: Database) -> None:
    """Put the refs of both into the filled world."""
    for person, unit in UNITS.items():
        actor = world.actor(database, f"{person}@lantern.example")
        line = "Amina,Diallo,amina@lantern.example,KE,G7\nNew,One,new@lantern.example,NOWHERE,"
        made.put("people file", person, sending.send(database, actor, f"{HEAD}\n{line}", unit=unit))
        with database.transaction() as session:
            body = b"First,Second,Third,Fourth\nAna,Ruiz,ana@lantern.example,KE"
            ref, _ = people_imports.send_file(session, actor, body=body, unit_code=unit, is_full=False, invites=False)
        made.put("unexplained file", person, ref)
