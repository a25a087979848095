"""In each host a person signs in as there, and learns as anywhere: catalogue, course, quiz, result."""

import pytest

from lms.db import Database
from tests import world
from tests.filled import right_values
from tests.plugin.conftest import Move
from tests.plugin.houses import House
from tests.plugin.visitor import Visitor

AMINA = "amina@lantern.example"


def learn(house: House, database: Database) -> None:
    """The whole way through the course `basics`."""
    visitor, actor = Visitor(house), world.actor(database, AMINA)
    home = visitor.sign_in(AMINA)
    assert visitor.where(home) == "/"
    assert "Amina Diallo" in visitor.get("/profile").text
    assert "Why we partner" in visitor.get("/courses").text
    course = visitor.get("/courses/basics")
    page = visitor.send(course, "/courses/basics/start")
    for key in ("why-we-partner", "listen-first"):
        page = visitor.get(f"/courses/basics/sections/{key}")
        page = visitor.send(page, f"/sections/{key}")
    quiz = visitor.send(visitor.get("/courses/basics"), "/courses/basics/attempts")
    ref = visitor.where(quiz).removeprefix("/attempts/")
    first, *others = right_values(database, actor, ref)
    saved = visitor.send(
        quiz,
        "/submit$",
        target=f"{house.learning}/attempts/{ref}/answers",
        **{f"q{first.position}": list(first.values)},
    )
    assert visitor.where(saved) == f"/attempts/{ref}"
    assert "Your answers are saved" in saved.text
    result = visitor.send(saved, "/submit$", **{f"q{one.position}": list(one.values) for one in [first, *others]})
    assert visitor.where(result) == f"/attempts/{ref}/result"
    assert "100 % of the marks" in result.text
    assert "Why we partner" in visitor.get("/records").text


def test_a_person_learns(house: House, sqlite: Database) -> None:
    learn(house, sqlite)


@pytest.mark.postgresql
def test_a_person_learns_in_the_hosts_postgresql(postgresql: Database, furnish: Move) -> None:
    learn(furnish("intranet", postgresql), postgresql)


def test_the_host_decides_who_is_signed_in(house: House) -> None:
    visitor = Visitor(house)
    asked = visitor.get("/courses/basics?from=mail")
    assert "password" in asked.text
    wrong = visitor.send(asked, "sign-in", email=AMINA, password="wrong")
    assert "password" in visitor.get("/courses/basics").text, "still a guest"
    back = visitor.send(wrong, "sign-in", email=AMINA, password="open")
    assert visitor.where(back) == "/courses/basics"
    assert back.request.query_string == b"from=mail"
    visitor.sign_out()
    assert "password" in visitor.get("/courses/basics").text


def test_somebody_whom_hr_does_not_know_begins_a_record(house: House) -> None:
    visitor = Visitor(house)
    welcome = visitor.sign_in("stranger@elsewhere.example", "/courses")
    assert visitor.where(welcome) == "/welcome"
    assert visitor.where(visitor.send(welcome, "/welcome$")) == "/"
    assert visitor.get("/courses").status_code == 200
