"""A rating is on nobody else's page before both sides are in, and afterwards on the two sides' conversation alone."""

import pytest

from tests.filled import PEOPLE
from tests.permissions.policy import KNOWN, POLICY
from tests.site import Site

MINE, THEIRS = "CANARYOFAMINA", "CANARYOFKOFI"
RATED = {"PC1-level": "3", "PC1-confidence": "sure", "hand_in": "1"}


def hand_in(site: Site, person: str) -> str:
    """Amina rates herself, or Kofi rates her; returns where it led."""
    path = "/assessment" if person == "amina" else f"/team/{site.refs['person']['amina']}/assessment"
    words = MINE if person == "amina" else THEIRS
    return site.post(person, path, {**RATED, "PC1-words": words}).location.removeprefix("/learn")


def pages_with(site: Site, text: str, extra: str = "") -> set[tuple[str, str]]:
    """Who finds the text on which page: of everybody, on every page of the plugin, each on what is Amina's."""
    found = set()
    for person in PEOPLE:
        paths = {extra} if extra else set()
        for (_endpoint, method), cell in POLICY.items():
            objects = KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})
            ref = objects.get("amina", next(iter(objects.values())))
            paths |= {cell.path.format(ref)} if method == "GET" else set()
        for path in paths:
            response = site.get(person, path)
            if text.encode() in response.data:
                found.add((person, path))
            response.close()
    return found


@pytest.mark.parametrize(("first", "canary"), [("amina", MINE), ("kofi", THEIRS)])
def test_a_rating_is_on_its_writers_page_alone(site: Site, first: str, canary: str) -> None:
    path = hand_in(site, first)
    assert pages_with(site, canary) == {(first, path)}


def test_afterwards_both_ratings_are_in_the_conversation_of_the_two_alone(site: Site) -> None:
    hand_in(site, "amina")
    conversation = hand_in(site, "kofi")
    assert conversation.startswith("/assessments/")
    for canary in (MINE, THEIRS):
        assert pages_with(site, canary, conversation) == {("amina", conversation), ("kofi", conversation)}


def test_before_both_are_in_the_conversation_is_closed(site: Site) -> None:
    hand_in(site, "amina")
    with site.database.engine.connect() as connection:
        newest = "SELECT ref FROM lms_assessments ORDER BY id DESC LIMIT 1"
        ref = connection.exec_driver_sql(newest).scalar()
    for person, status in (("amina", 409), ("kofi", 409), ("wei", 404), ("ingrid", 404), ("nadia", 404)):
        response = site.get(person, f"/assessments/{ref}")
        assert response.status_code == status
        assert MINE not in response.text
        assert site.post(person, f"/assessments/{ref}/PC1", {"act": "propose", "level": "1"}).status_code == status


def test_a_second_click_leads_where_the_first_did(site: Site) -> None:
    hand_in(site, "amina")
    path = f"/team/{site.refs['person']['amina']}/assessment"
    fields = {**RATED, "PC1-words": THEIRS, "form_id": "one"}
    assert site.post("kofi", path, fields).location.startswith("/learn/assessments/")
    assert site.post("kofi", path, fields).location == f"/learn{path}"
    assert "Go to the conversation" in site.get("kofi", path).text
    assert site.post("kofi", path, {**fields, "form_id": "two"}).status_code == 409


def test_a_focus_of_one_or_four_is_kept_with_a_hint(site: Site) -> None:
    assert site.post("amina", "/focus", {"competencies": "PC1"}).location == "/learn/levels#focus"
    assert "Two or three are usual" in site.get("amina", "/levels").text
    assert "PC1 Relationship</strong>" in site.get("amina", "/plan").text
    assert site.post("amina", "/focus", {}).status_code == 302
    assert site.post("amina", "/focus", {"competencies": "PC9"}).status_code == 422
    assert "Choose my focus" in site.get("amina", "/plan").text
