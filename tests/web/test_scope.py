"""Names of objects in bodies and queries pass the same scope as those in paths."""

import csv
import io
import sqlite3

import pytest

from tests.filled import NAMES, PEOPLE
from tests.permissions.policy import ALL, HR, MANAGERS, OVERSEEN, OVERSEEN_UNITS, REPORTS
from tests.site import Site, changed, without_tokens

ASSIGN = {"course": "third", "due_on": "2026-12-31"}
EXPORT = {"layout": "full_v1", "format": "csv", "purpose": "For the quarterly report"}


def people_of(person: str) -> set[str]:
    return REPORTS.get(person, set()) | OVERSEEN.get(person, set())


@pytest.mark.parametrize("person", sorted(MANAGERS | HR))
def test_people_are_assigned_to_in_scope_alone(site: Site, person: str) -> None:
    refused = set()
    for other in (*PEOPLE, "absent"):
        before = site.checksums()
        response = site.post(person, "/assignments/new", {**ASSIGN, "people": site.refs["person"].get(other, "absent")})
        if other in people_of(person):
            assert response.status_code == 302
            assert changed(before, site.checksums()) >= {"assignments", "audit_entries"}
            assert "The course is assigned." in site.get(person, response.location.removeprefix("/learn")).text
        else:
            assert response.status_code == 422
            assert changed(before, site.checksums()) == set()
            refused.add(without_tokens(response.text).replace(site.refs["person"].get(other, "absent"), ""))
    assert len(refused) <= 1, "a foreign and an absent person must read alike"


@pytest.mark.parametrize("person", sorted(MANAGERS | HR))
def test_units_are_assigned_to_in_scope_alone(site: Site, person: str) -> None:
    for unit in ("HUB", "EAST", "KE", "PE", "ABSENT"):
        before = site.checksums()
        response = site.post(person, "/assignments/new", {**ASSIGN, "unit": unit})
        known = {"ingrid": {"HUB", "EAST", "KE", "PE"}, "nadia": {"EAST", "KE"}}.get(person, set())
        assert response.status_code == (302 if unit in known else 422), unit
        assert bool(changed(before, site.checksums())) == (unit in known)


def test_one_foreign_person_refuses_the_whole_list(site: Site) -> None:
    before = site.checksums()
    people = [site.refs["person"]["amina"], site.refs["person"]["jose"]]
    assert site.post("kofi", "/assignments/new", {**ASSIGN, "people": people}).status_code == 422
    assert changed(before, site.checksums()) == set()


@pytest.mark.parametrize("person", sorted(MANAGERS | HR))
def test_the_form_offers_nobody_else(site: Site, person: str) -> None:
    for query in ("", "?search=a", "?search=%25", "?people=" + site.refs["person"]["jose"]):
        page = site.get(person, f"/assignments/new{query}").text
        offered = {other for other in PEOPLE if site.refs["person"][other] in page}
        assert offered <= people_of(person)


FILTERS = ("unit=PE", "q=Garc%C3%ADa", "q=jose%40", "q=0005", "course=M01&unit=PE", "page=2", "unit=HUB", "status=")


@pytest.mark.parametrize("query", FILTERS)
def test_filters_narrow_the_scope_and_never_widen_it(site: Site, query: str) -> None:
    page = site.get("nadia", f"/hr/records?{query}").text
    assert not [person for person in ALL - OVERSEEN["nadia"] if f"{NAMES[person]}</a>" in page]
    assert site.refs["record"]["jose"] not in page
    assert "Country office west" not in page
    if query == "unit=PE":
        assert site.refs["record"]["jose"] in site.get("ingrid", f"/hr/records?{query}").text


@pytest.mark.parametrize("person", sorted(HR))
def test_an_export_holds_the_scope_and_is_received(site: Site, person: str) -> None:
    response = site.post(person, "/exports", EXPORT)
    assert response.status_code == 200
    rows = list(csv.DictReader(io.StringIO(response.get_data().decode("utf-8-sig"))))
    assert len(rows[0]) == 65
    found = {other for other in ALL for row in rows if row["work_email"].startswith(f"{other}@")}
    assert found == OVERSEEN[person]
    page = site.get(person, "/exports").text
    assert "For the quarterly report" in page
    assert "broke off" not in page


def test_an_export_cannot_be_widened(site: Site) -> None:
    before = site.checksums()
    for more in ({"unit": "PE"}, {"unit": "HUB"}, {"layout": "everything"}, {"format": "exe"}, {"status": "x"}):
        assert site.post("nadia", "/exports", {**EXPORT, **more}).status_code == 422, more
    assert changed(before, site.checksums()) == set()
    narrow = site.post("nadia", "/exports", {**EXPORT, "q": "jose"}).get_data().decode("utf-8-sig")
    assert len(narrow.splitlines()) == 1


@pytest.mark.parametrize(
    ("person", "completion", "record"),
    [("nadia", "jose", "amina"), ("nadia", "amina", "jose"), ("ingrid", "amina", "wei"), ("ingrid", "amina", "absent")],
)
def test_a_completion_belongs_to_its_record(site: Site, person: str, completion: str, record: str) -> None:
    before = site.checksums()
    path = f"/hr/completions/{site.refs['completion'][completion]}/withdraw"
    fields = {"reason": "It was another person.", "record": site.refs["record"].get(record, "absent")}
    assert site.post(person, path, fields).status_code == 404
    assert changed(before, site.checksums()) == set()


def test_after_withdrawing_one_is_back_at_the_record(site: Site) -> None:
    record = site.refs["record"]["amina"]
    path = f"/hr/completions/{site.refs['completion']['amina']}/withdraw"
    response = site.post("ingrid", path, {"reason": "It was another person.", "record": record})
    assert response.location == f"/learn/hr/records/{record}"
    assert "It was another person." in site.get("ingrid", response.location.removeprefix("/learn")).text


def test_a_partner_meets_no_inside_course(site: Site) -> None:
    for query in ("", "?q=Inside", "?competency=PC1", "?minutes=30"):
        page = site.get("rosa", f"/courses{query}").text
        assert "/courses/inside" not in page
        assert "/courses/other" not in page
    plan = site.get("rosa", "/plan").text
    assert 'value="inside"' not in plan
    path = f"/plan/objectives/{site.refs['objective']['rosa']}/items"
    before = site.checksums()
    assert site.post("rosa", path, {"kind": "course", "course": "inside"}).status_code == 422
    assert changed(before, site.checksums()) == set()


def test_a_reader_is_told_who_looked(site: Site) -> None:
    assert "Nobody has looked." in site.get("amina", "/profile").text
    site.get("ingrid", f"/hr/records/{site.refs['record']['amina']}")
    assert "Ingrid Larsen looked at a learning record" in site.get("amina", "/profile").text
    for person in ("wei", "rosa", "kofi", "nadia", "sam", "ingrid"):
        assert "Nobody has looked." in site.get(person, "/profile").text
    with sqlite3.connect(str(site.database.url.database)) as connection:
        assert connection.execute("SELECT count(*) FROM lms_access_entries").fetchone() == (1,)
    connection.close()


def test_units_of_the_policy_are_those_of_the_world(site: Site) -> None:
    assert {name for names in OVERSEEN_UNITS.values() for name in names} < set(site.refs["assignment"])
