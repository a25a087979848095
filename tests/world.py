"""A small organisation for tests: it comes in through HR's file and the operator's commands, as a real one does."""

from datetime import UTC, date, datetime
from pathlib import Path

from lms.content import load_library
from lms.content.people_file import read_people_file
from lms.db import Database
from lms.permissions import Actor, operator
from lms.services.actors import find_actor
from lms.services.people import import_people
from lms.services.publishing import publish_library
from lms.services.roles import grant_role
from tests.content.sample import GOOD, write_library

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SIGNING_KEY = "tests-only-" + "x" * 32  # of the hosts
DUE = date(2026, 12, 31)

PEOPLE = """\
employee_number,external_ref,given_name,family_name,work_email,unit_code,unit_name,unit_parent_code,unit_country,\
unit_tags,partner_code,partner_name,function,job_title,manager
,,,,,HUB,Global hub,,,global_hub,,,,,
,,,,,EAST,Eastern region,HUB,,regional_hub,,,,,
0001,,Ingrid,Larsen,ingrid@lantern.example,HUB,,,,,,,grants,HR lead,
0002,,Kofi,Mensah,kofi@lantern.example,KE,Country office east,EAST,KE,country_office,,,grants,Team lead,0001
0003,,Amina,Diallo,amina@lantern.example,KE,,,,,,,grants,Officer,0002
0004,,Li,Wei,wei@lantern.example,KE,,,,,,,grants,Officer,0002
0005,,José,García,jose@lantern.example,PE,Country office west,HUB,PE,country_office,,,grants,Officer,0001
0006,,Nadia,,nadia@lantern.example,EAST,,,,,,,grants,HR officer,0001
0007,,Olga,Petrova,olga@lantern.example,HUB,,,,,,,grants,Editor,0001
0008,,Sam,Otieno,sam@lantern.example,HUB,,,,,,,grants,Administrator,0001
,P-1,Rosa,Quispe,rosa@rioclaro.example,PE,,,,,RC,Rio Claro network,,Coordinator,P-2
,P-2,Tupac,Flores,tupac@rioclaro.example,PE,,,,,RC,,,Director,
"""
# HR of everything, HR of one region, the author of all courses, the administrator
ROLES = (
    ("ingrid@lantern.example", "hr_officer", ""),
    ("nadia@lantern.example", "hr_officer", "EAST"),
    ("olga@lantern.example", "author", ""),
    ("sam@lantern.example", "administrator", ""),
)


def fill(database: Database, folder: Path) -> None:
    """Publish the sample courses, import the people, grant the roles."""
    library = load_library(write_library(folder / "courses", GOOD))
    with database.transaction() as session:
        publish_library(session, operator(NOW), library=library)
    take_people(database, folder, PEOPLE)
    with database.transaction() as session:
        for email, role, unit in ROLES:
            grant_role(session, operator(NOW), email=email, role=role, unit_code=unit)


def take_people(database: Database, folder: Path, text: str, at: datetime = NOW) -> None:
    """Import HR's file from its text."""
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    with database.transaction() as session:
        import_people(session, operator(at), file=read_people_file(path))


def actor(database: Database, email: str, at: datetime = NOW) -> Actor:
    """The person with the e-mail, as the gate would find them."""
    with database.read() as session:
        found = find_actor(session, provider="host", subject=email, email=email, at=at)
    assert found is not None, f"nobody has the e-mail {email}"
    return found
