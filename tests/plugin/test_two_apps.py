"""Two hosts in one process, each with a plugin of its own: another database, prefix, way to know its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms import migrations
from lms.db import Database
from tests import world
from tests.plugin.conftest import Move
from tests.plugin.visitor import Visitor

AMINA = "amina@lantern.example"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    """A second database; one person of the other's name is in it."""
    database = Database(f"sqlite:///{tmp_path}/other.sqlite3")
    migrations.upgrade(database)
    header = "employee_number,external_ref,given_name,family_name,work_email,unit_code,unit_name\n"
    world.take_people(database, tmp_path, f"{header}9,,Another,Person,{AMINA},X,An office\n")
    yield database
    database.dispose()


@pytest.fixture
def two(sqlite: Database, other: Database, furnish: Move) -> tuple[Visitor, Visitor]:
    """Amina in both at once."""
    here, there = Visitor(furnish("intranet", sqlite)), Visitor(furnish("office", other))
    assert here.where(here.sign_in(AMINA)) == there.where(there.sign_in(AMINA)) == "/"
    return here, there


def test_each_shows_its_own(two: tuple[Visitor, Visitor]) -> None:
    here, there = two
    for _round in range(2):
        assert "Why we partner" in here.get("/courses").text
        assert "Why we partner" not in there.get("/courses").text
        assert "Amina Diallo" in here.get("/profile").text
        assert "Another Person" in there.get("/profile").text
        for path in ("/", "/courses", "/plan"):
            assert "/office" not in here.get(path).text
            assert '"/learn' not in there.get(path).text
            assert here.house.frame in here.get(path).text
            assert there.house.frame in there.get(path).text


def test_what_is_written_in_one_is_not_in_the_other(two: tuple[Visitor, Visitor], other: Database) -> None:
    here, there = two
    before = migrations.count_rows(other)
    here.send(here.get("/plan"), "/plan/start")
    assert migrations.count_rows(other) == before
    assert "/plan/objectives" in here.get("/plan").text
    assert "/plan/objectives" not in there.get("/plan").text


def test_commands_go_to_the_app_that_they_were_called_for(two: tuple[Visitor, Visitor], other: Database) -> None:
    here, there = two
    for visitor, answer in ((here, "holds"), (there, "Nobody has the e-mail")):
        result = visitor.house.app.test_cli_runner().invoke(args=["lms", "grant", "kofi@lantern.example", "author"])
        assert answer in result.output
