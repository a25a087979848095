"""A page asks at most six times, for one row and for fifty alike."""

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.content import load_library
from lms.db import Database
from lms.models import Standing
from lms.permissions import operator
from lms.services import plan_words
from lms.services.assignments import assign_course
from lms.services.enrolments import start_course
from lms.services.exports import begin_export
from lms.services.publishing import publish_library
from lms.services.records import MOST_COUNTED, PAGE_SIZE, RecordFilter
from lms.services.roles import grant_role
from tests import world
from tests.content.sample import OTHER_COURSE, OTHER_QUIZ, write_library
from tests.filled import Filled, email
from tests.permissions.policy import KNOWN, LINK, POLICY, owner_for
from tests.site import Counted, Site, checksums

MOST, MANY = 6, 50
# `own_data` is a file of every table that holds something of a person: a query a table.
NO_PAGES = ("static", "welcome", "own_data")
PAGES = [endpoint for endpoint, method in POLICY if method == "GET" and endpoint not in NO_PAGES]
READERS = ("amina", "kofi", "ingrid", "olga", "sam")


def _library(folder: Path) -> Path:
    files: dict[str, str | bytes] = {}
    for n in range(10, 10 + MANY):
        course = OTHER_COURSE.replace("M02", f"M{n}").replace("Listening", f"Course {n}").replace("[M01]", "[]")
        files |= {f"c{n}/course.yaml": course, f"c{n}/quiz.yaml": OTHER_QUIZ}
        files[f"c{n}/01-ears.md"] = "---\ntitle: Ears\nminutes: 5\n---\nTwo ears.\n"
    return write_library(folder, files)


def _people() -> str:
    lines = [f"1{n:03},,Person,N{n},p{n}@lantern.example,KE,,,,,,,grants,Officer,0002" for n in range(MANY)]
    return world.PEOPLE + "\n".join(lines) + "\n"


def _plan(database: Database) -> None:
    amina = world.actor(database, email("amina"))
    with database.transaction() as session:
        for n in range(MANY):
            objective = plan_words.save_objective(
                session, amina, ref=None, text=f"Aim {n}", measure="", due_on=None, competency="PC1"
            )
            for kind, slug in (("people", ""), ("course", f"c{n + 10}")):
                plan_words.add_item(
                    session, amina, objective_ref=objective.ref, kind=kind, text="Step", course_slug=slug
                )


@pytest.fixture(scope="module")
def grown(filled_world: Filled, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """The organisation at work with fifty more of everything that a page lists."""
    folder = tmp_path_factory.mktemp("grown")
    path = folder / "grown.sqlite3"
    shutil.copy(filled_world.path, path)
    database = Database(f"sqlite:///{path}")
    amina, ingrid = (world.actor(database, email(name)) for name in ("amina", "ingrid"))
    with database.transaction() as session:
        shutil.copytree(filled_world.path.with_name("filled-courses"), folder / "courses")
        publish_library(session, operator(world.NOW), library=load_library(_library(folder / "courses")))
    world.take_people(database, folder, _people())
    with database.transaction() as session:
        for n in range(MANY):
            start_course(session, amina, slug=f"c{n + 10}")
            grant_role(session, operator(world.NOW), email=f"p{n}@lantern.example", role="author")
            begin_export(session, ingrid, layout="full_v1", format="csv", wanted=RecordFilter(), purpose=f"Run {n}")
            person = filled_world.refs["person"]["wei"]
            assign_course(
                session, ingrid, course_slug=f"c{n + 10}", people=[person], due_on=date(2027, 1, 31), mandatory=True
            )
        assign_course(session, ingrid, course_slug="third", unit_code="KE", due_on=None, mandatory=False)
    _plan(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return Filled(path, filled_world.refs)


@pytest.fixture
def large(grown: Filled, tmp_path: Path) -> Iterator[Site]:
    """A host over it."""
    made = Site(grown, tmp_path)
    yield made
    made.close()


def statements(site: Site, endpoint: str, query: str = "") -> dict[str, list[str]]:
    """Person -> what their page asked of the database."""
    cell, asked = POLICY[endpoint, "GET"], {}
    for person in READERS:
        objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})
        is_barred = set(objects) <= cell.barred(person)
        if person in cell.who and not is_barred and (cell.door != LINK or person in objects):
            ref = objects.get(owner_for(cell, person, objects), next(iter(objects.values())))
            with Counted(site.database) as counted:
                response = site.get(person, cell.path.format(ref) + query)
            assert response.status_code in (200, 404), f"{endpoint} {person}"
            asked[person] = counted.statements
    return asked


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_page_asks_as_often_for_fifty_rows_as_for_one(site: Site, large: Site, endpoint: str) -> None:
    few, many = statements(site, endpoint), statements(large, endpoint)
    for person in few:
        assert len(few[person]) == len(many[person]), f"{person}: {len(few[person])} and {len(many[person])}"
        assert len(many[person]) <= MOST, f"{person} asks {len(many[person])} times:\n" + "\n".join(many[person])


@pytest.mark.parametrize(
    ("endpoint", "query"),
    [("hr_records", "?q=p&unit=KE&status=assigned&page=2"), ("courses", "?q=course&competency=PC1&minutes=30"),
     ("assignments", "?page=2"), ("new_assignment", "?search=person"), ("exports", "?unit=KE"), ("audit", "?page=3"),
     ("hr_messages", "?show=to_come&unit=KE&page=2"),
     ("known_on", "?as_of=2026-12-01&known_on=2026-11-23&unit=KE")],
)  # fmt: skip
def test_filters_and_further_pages_ask_no_more(large: Site, endpoint: str, query: str) -> None:
    assert all(len(asked) <= MOST for asked in statements(large, endpoint, query).values())


def test_fifty_are_there(large: Site) -> None:
    assert large.get("kofi", "/team").text.count('<section class="lms-card"') > MANY
    assert large.get("amina", "/courses").text.count('<li class="lms-card"') > MANY
    assert large.get("amina", "/plan").text.count('aria-labelledby="o-') > MANY
    for listed in ("/hr/records", "/assignments"):
        rows = [large.get("ingrid", f"{listed}?page={page}").text.count("<tr>") - 1 for page in (1, 2)]
        assert rows == [PAGE_SIZE, PAGE_SIZE]
        assert sum(rows) >= MANY
    assert checksums(large.database)


def test_the_pages_of_a_long_list_hold_each_record_once(large: Site) -> None:
    found, number, text = [], 0, 'rel="next"'
    while 'rel="next"' in text:
        number += 1
        text = large.get("ingrid", f"/hr/records?page={number}").text
        found += re.findall(r'href="/learn/hr/records/([^"]+)">([^<]+)</a>', text)
        assert ("More than" in text) == ('rel="next"' in text), number
    with large.database.read() as session:
        total = session.scalar(select(func.count()).select_from(Standing)) or 0
    assert total > MOST_COUNTED
    assert f"{total} records" in text
    assert len(found) == len(set(found)) == total
    assert [name for _, name in found] == sorted(name for _, name in found)


def test_a_saved_answer_asks_four_times(site: Site) -> None:
    """Who it is, the locked attempt with its question, the event, its value; the host's own question is not counted."""
    ref = site.refs["open attempt"]["amina"]
    tab = "0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f00"
    for number in (1, 2):
        answer = {"id": f"0c7f1d7e-4b3c-4f3a-9f43-7a6a9b3b2f0{number}", "question": number, "values": ["1"]}
        with Counted(site.database) as counted:
            saved = site.send("amina", f"/attempts/{ref}/answers", {"tab": tab, "answers": [answer]})
        assert saved.get_json()["stored"].keys() == {answer["id"]}
        assert len(counted.statements) == 4, counted.statements
