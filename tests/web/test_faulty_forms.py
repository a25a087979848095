"""A form with every field wrong: 422, a summary that leads to each field, and everything entered still there."""

import re
from html import unescape

import pytest

from tests.site import Site, changed

LONG = "x" * 1001
WRONG: dict[str, tuple[str, str, dict[str, str], set[str]]] = {
    "profile": ("amina", "/profile", {"display_name": "y" * 201, "language": "tlh"}, {"display_name", "language"}),
    "objective": (
        "amina", "/plan/objectives", {"text": LONG, "measure": LONG, "due_on": "31.12.2026", "competency": "PC9"},
        {"new-text", "new-measure", "new-due_on", "new-competency"},
    ),
    "empty objective": ("amina", "/plan/objectives", {"text": " "}, {"new-text"}),
    "assignment": (
        "ingrid", "/assignments/new", {"course": "none", "unit": "none", "people": "<b>100%</b>", "due_on": "soon"},
        {"course", "unit", "people", "due_on"},
    ),
    "assignment in the past": (
        "ingrid", "/assignments/new", {"course": "third", "unit": "KE", "due_on": "2020-01-01"}, {"due_on"},
    ),
    "attendance": (
        "ingrid", "/hr/attendance",
        {"course": "third", "held_on": "2099-01-01", "place": "y" * 201, "people": "<b>100%</b> %(x)s\n0003"},
        {"course", "place"},
    ),
    "attendance of nobody": (
        "ingrid", "/hr/attendance",
        {"course": "inside", "held_on": "2020-01-01", "place": "Hall", "people": "<b>100%</b> %(x)s\n0003"}, {"people"},
    ),
    "attendance to come": (
        "nadia", "/hr/attendance", {"course": "inside", "held_on": "2099-01-01", "place": "Hall", "people": "0003"},
        {"held_on"},
    ),
    "own attendance": (
        "nadia", "/hr/attendance", {"course": "inside", "held_on": "2026-11-20", "place": "Hall", "people": "0006"},
        {"people"},
    ),
    "export": (
        "ingrid", "/exports",
        {"layout": "x", "format": "x", "purpose": "y" * 501, "unit": "x", "course": "x", "status": "x", "q": "y" * 101,
         "completed_from": "x", "completed_to": "x"},
        {"layout", "format", "purpose", "unit", "course", "status", "q", "completed_from", "completed_to"},
    ),
    "self-rating": (
        "amina", "/assessment",
        {"PC1-level": "9", "PC1-confidence": "very", "PC1-points": "none", "PC1-words": LONG, "hand_in": "1"},
        {"PC1-level", "PC1-confidence", "PC1-points", "PC1-words"},
    ),
    "self-rating without reasons": (
        "amina", "/assessment", {"PC1-level": "2", "hand_in": "1"}, {"PC1-confidence", "PC1-words"},
    ),
}  # fmt: skip


def check(page: str, wanted: set[str]) -> None:
    """Each fault is named in the summary, leads to its field, and is told to who cannot see it."""
    summary = re.search(r'<div class="lms-faults" role="alert".*?</div>', page, re.DOTALL)
    assert summary
    targets = re.findall(r'href="#([^"]+)"', summary.group())
    assert set(targets) == wanted
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "an id stands for one thing"
    for field in wanted:
        tag = re.search(rf'<[a-z]+[^>]*\bid="{re.escape(field)}"[^>]*>', page)
        assert tag, f"the summary leads to {field}, which is nowhere"
        assert f"{field}-error" in tag.group()
        assert f'id="{field}-error"' in page


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_is_named_and_nothing_is_lost(site: Site, name: str) -> None:
    person, path, fields, wanted = WRONG[name]
    before = site.checksums()
    response = site.post(person, path, fields)
    assert response.status_code == 422
    check(response.text, wanted)
    typed = {key: value for key, value in fields.items() if key in ("text", "measure", "purpose", "display_name", "q")}
    typed |= {key: value for key, value in fields.items() if key.endswith(("_on", "_from", "_to"))}
    for value in typed.values():
        assert value in unescape(response.text)
    assert "<b>100%" not in response.text
    assert changed(before, site.checksums()) == set()


def test_a_changed_objective_and_a_new_step_keep_their_place(site: Site) -> None:
    ref = site.refs["objective"]["amina"]
    page = site.post("amina", f"/plan/objectives/{ref}", {"text": LONG, "due_on": "soon"}).text
    check(page, {"edit-text", "edit-due_on"})
    assert page.count(LONG) == 1, "what was entered stands in its own form alone"
    page = site.post("amina", f"/plan/objectives/{ref}/items", {"kind": "dance", "text": LONG, "course": "none"}).text
    check(page, {"kind", "text", "course"})
    assert page.count(LONG) == 1


def test_a_rating_of_somebody_keeps_what_was_written(site: Site) -> None:
    path = f"/team/{site.refs['person']['amina']}/assessment"
    before = site.checksums()
    response = site.post("kofi", path, {"PC1-words": "Half a sentence", "PC1-points": "2a", "hand_in": "1"})
    assert response.status_code == 422
    check(response.text, {"PC1-level"})
    assert "Half a sentence" in response.text
    assert re.search(r'value="2a" checked', response.text)
    response = site.post("kofi", path, {"hand_in": "1"})
    assert response.status_code == 422
    assert "Rate one competency at least." in response.text
    assert changed(before, site.checksums()) == set()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [({"act": "propose", "level": "", "reason": LONG}, {"PC1-propose-level", "PC1-propose-reason"}),
     ({"act": "propose", "level": "4", "reason": "We saw it"}, {"PC1-propose-level"}),
     ({"act": "differ", "reason": " "}, {"PC1-differ-reason"})],
)  # fmt: skip
def test_a_move_that_is_refused_stands_in_its_place(site: Site, fields: dict[str, str], wanted: set[str]) -> None:
    before = site.checksums()
    response = site.post("kofi", f"/assessments/{site.refs['assessment']['amina']}/PC1", fields)
    assert response.status_code == 422
    check(response.text, wanted)
    assert fields["reason"] in unescape(response.text)
    assert changed(before, site.checksums()) == set()


def test_a_withdrawal_without_reason(site: Site) -> None:
    path = f"/hr/completions/{site.refs['completion']['amina']}/withdraw"
    for reason in ("", " ", LONG):
        response = site.post("ingrid", path, {"reason": reason, "record": site.refs["record"]["amina"]})
        assert response.status_code == 422
        check(response.text, {"reason-1"})
    assert LONG in response.text


def test_filters_that_cannot_be_read_are_named(site: Site) -> None:
    page = site.get("ingrid", "/hr/records?completed_from=soon&unit=none&status=none&course=none&q=" + "y" * 101).text
    check(page, {"completed_from", "unit", "status", "course", "q"})
