"""A double click, or the back button and the same form again, has one effect."""

import re

import pytest
from sqlalchemy import func, select

from lms.models import Assignment, Objective, PlanItem
from tests.world import DUE


def hidden(page: str, name: str) -> str:
    """The value of the page's first hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def count(database, model) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("times", [2, 3])
def test_objective_and_step_sent_again_are_there_once(browse, sqlite, times) -> None:
    browser = browse("amina")
    page = browser.get("/learn/plan").text
    browser.post("/learn/plan/start", data={"csrf_token": hidden(page, "csrf_token")})
    page = browser.get("/learn/plan").text
    form = {name: hidden(page, name) for name in ("csrf_token", "form_id")}
    answers = [browser.post("/learn/plan/objectives", data={**form, "text": "Listen more"}) for _ in range(times)]
    assert [answer.status_code for answer in answers] == [302] * times
    assert count(sqlite, Objective) == 1
    with sqlite.read() as session:
        ref = session.scalar(select(Objective.ref))
    step = {**form, "form_id": "another", "kind": "people", "text": "Ask Li Wei"}
    for _ in range(times):
        browser.post(f"/learn/plan/objectives/{ref}/items", data=step)
    assert count(sqlite, PlanItem) == 1


def test_refused_form_can_be_sent_again_with_the_same_id(browse, sqlite) -> None:
    browser = browse("ingrid")
    page = browser.get("/learn/assignments/new").text
    form = {name: hidden(page, name) for name in ("csrf_token", "form_id")} | {"course": "basics", "unit": "KE"}
    assert browser.post("/learn/assignments/new", data={**form, "due_on": "2020-01-01"}).status_code == 422
    for _ in range(2):
        assert browser.post("/learn/assignments/new", data={**form, "due_on": DUE.isoformat()}).status_code == 302
    assert count(sqlite, Assignment) == 1
