"""The filled world's files of people: of both HR officers one that was read, and one whose headers are unknown; and
pairs of records that are said to be one person's."""

from typing import Any

from lms.db import Database
from lms.services import people_imports
from tests import world
from tests.filled_rules import write_rules
from tests.services import sending, unions

HEAD = "given_name,family_name,work_email,unit_code,grade"
UNITS = {"ingrid": "", "nadia": "KE"}


def rules_and_files(made: Any, database: Database) -> None:
    """What HR set up: rules of assignment, files of people, and records that are one person's."""
    write_rules(made, database)
    send_people(made, database)
    unite_people(made, database)


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


def unite_people(made: Any, database: Database) -> None:
    """A pair that each HR officer says is one person, and waits; and one that is united, of somebody in no unit."""
    of = {person: world.actor(database, f"{person}@lantern.example") for person in ("ingrid", "nadia", "sam", "wei")}
    unions.second_record(database, "second@lantern.example", of["wei"])
    with database.transaction() as session:
        made.put("union", "ingrid", unions.propose(session, of["ingrid"], "0003", "0005"))
        made.put("union", "nadia", unions.propose(session, of["nadia"], "0003", "0004"))
        made.put("united", "ingrid", unions.unite(session, of["ingrid"], of["sam"], "second@lantern.example", "0004"))
