"""HR writes down who took part; they read that they have completed the course."""

import pytest

from tests.filled import PEOPLE, email
from tests.permissions.policy import HR, OVERSEEN
from tests.site import Site, changed, without_tokens

SENT = {"course": "inside", "held_on": "2026-11-20", "place": "Town hall"}
RECORDED = {"completions", "attendances", "evidence", "fact_texts", "standings", "audit_entries"}


@pytest.mark.parametrize("person", sorted(HR))
def test_people_are_recorded_in_scope_alone_and_never_oneself(site: Site, person: str) -> None:
    for other in PEOPLE:
        before = site.checksums()
        response = site.post(person, "/hr/attendance", {**SENT, "people": email(other)})
        if other in OVERSEEN[person] - {person}:
            assert response.status_code == 302
            assert changed(before, site.checksums()) - {"enrolments", "form_receipts"} == RECORDED
        else:
            assert response.status_code == 422
            assert changed(before, site.checksums()) <= {"form_receipts"}


def test_a_foreign_person_and_nobody_read_alike(site: Site) -> None:
    pages = [
        without_tokens(site.post("nadia", "/hr/attendance", {**SENT, "people": address}).text).replace(address, "")
        for address in (email("jose"), "nobody@lantern.example")
    ]
    assert "There is nobody in your scope with:" in pages[0]
    assert pages[0] == pages[1]


def test_the_learner_reads_it_and_hr_sees_where(site: Site) -> None:
    waiting = site.get("amina", "/courses/inside").text
    assert "You complete this course by taking part in the session." in waiting
    assert "It is an entry check" in waiting
    sent = site.post("ingrid", "/hr/attendance", {**SENT, "people": "0003\n0004\n"})
    assert "Recorded now: 2. Had completed the course before: 0." in site.get("ingrid", "/hr/records").text
    assert sent.location.endswith("/hr/records")
    page = site.get("amina", "/courses/inside").text
    assert "You have completed this course." in page
    assert "Open your certificate" in page
    assert "Certificate" in site.get("amina", "/records").text
    found = site.get("ingrid", "/hr/records?course=M04&q=Diallo").text
    record = found.split("/hr/records/")[1].split('"')[0]
    assert "Town hall" in site.get("ingrid", f"/hr/records/{record}").text


def test_a_list_sent_twice_is_recorded_once(site: Site) -> None:
    for _ in range(2):
        site.post("ingrid", "/hr/attendance", {**SENT, "people": "0003", "form_id": "f"})
    before = site.checksums()
    again = site.post("ingrid", "/hr/attendance", {**SENT, "people": "0003", "form_id": "g"})
    assert again.status_code == 302
    assert changed(before, site.checksums()) <= {"form_receipts"}
    assert "Had completed the course before: 1." in site.get("ingrid", "/hr/records").text
