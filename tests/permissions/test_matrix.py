"""Every route, method, person and object of the URL map against the table in policy.py; no cell is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from werkzeug.test import TestResponse

from tests.filled import NAMES, PEOPLE
from tests.permissions.policy import ABSENT, KNOWN, LINK, POLICY, PUBLIC, RECORDED, SIGNED_IN, Cell, visible
from tests.site import EVERYBODY, PREFIX, STRANGER, Site, changed, without_tokens

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
CACHES = {"access_entries"}  # the one thing that a GET may write
IDS = [f"{method} {endpoint}" for endpoint, method in POLICY]


@dataclass(frozen=True)
class Try:
    """One cell: who sends what to where, and what has to come of it."""

    person: str | None
    path: str
    fields: dict[str, str]
    verdict: str


def verdict(cell: Cell, person: str | None, owner: str) -> str:
    """What the table says; `owner` is empty for an object that does not exist."""
    exists = not cell.kind or bool(owner)
    if cell.door == PUBLIC:
        return "allowed" if exists else "absent"
    if cell.door == LINK:
        opens = exists and person in (None, owner)
        return "allowed" if opens else "forbidden" if exists and cell.kind == "link" else "absent"
    if person is None:
        return "sign in"
    if cell.door == SIGNED_IN:
        return "allowed"
    if person == STRANGER:
        return "welcome"
    if person not in cell.who:
        return "forbidden"
    if cell.kind and owner not in cell.reach(person):
        return "absent"
    return "barred" if owner in cell.barred(person) else "allowed"


def tries(site: Site, cell: Cell) -> Iterator[Try]:
    """Every person on every object of the kind, and on names that nothing has."""
    objects = dict(KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""}))
    names = list(objects.items())
    names += [("", ref) for ref in ABSENT.get(cell.kind, ("absent-0123456789abcdef",) if cell.kind else ())]
    for person in EVERYBODY:
        for owner, ref in names:
            fields = dict(cell.send)
            if cell.kind in RECORDED:
                fields["record"] = site.refs["record"].get(owner, ref)
            yield Try(person, cell.path.format(ref), fields, verdict(cell, person, owner))


def send(site: Site, method: str, cell_try: Try) -> TestResponse:
    if method == "POST":
        return site.post(cell_try.person, cell_try.path, cell_try.fields)
    return site.browser(cell_try.person).open(PREFIX + cell_try.path, method=method)


EXPECTED = {"forbidden": 403, "absent": 404, "barred": 403}


def problem(endpoint: str, method: str, done: Try, response: TestResponse) -> str:
    """What is wrong with an answer, or nothing."""
    cell, location = POLICY[endpoint, method], response.headers.get("Location", "")
    if done.verdict == "sign in":
        right = response.status_code == 401 if method == "POST" else location.startswith("/sign-in")
    elif done.verdict == "welcome":
        right = location == f"{PREFIX}/welcome"
    elif done.verdict == "allowed":
        right = response.status_code in (cell.ends if done.person != STRANGER or method == "POST" else (200,))
    else:
        right = response.status_code == EXPECTED[done.verdict]
    if not right:
        return f"{done}: {response.status_code} {location}"
    known = visible(done.person, endpoint) if done.verdict == "allowed" else {done.person}
    others = [name for person, name in NAMES.items() if person not in known and name.encode() in response.data]
    response.close()
    return f"{done}: names {others}" if others else ""


@pytest.mark.parametrize(("endpoint", "method"), POLICY, ids=IDS)
def test_refused_cells_change_and_show_nothing(site: Site, endpoint: str, method: str) -> None:
    cell, problems, absent = POLICY[endpoint, method], [], {}
    before, number = site.checksums(), site.write_number()
    for cell_try in tries(site, cell):
        if cell_try.verdict == "allowed":
            continue
        response = send(site, method, cell_try)
        problems.append(problem(endpoint, method, cell_try, response))
        if site.write_number() != number:
            problems.append(f"{cell_try}: something was written")
            number = site.write_number()
        if cell_try.verdict == "absent":
            page = without_tokens(response.text)
            if absent.setdefault(cell_try.person, page) != page:
                problems.append(f"{cell_try}: foreign and absent differ")
    assert not [found for found in problems if found]
    assert changed(before, site.checksums()) == set()


@pytest.mark.parametrize(
    ("endpoint", "method"), [key for key in POLICY if key[1] == "GET"], ids=[i for i in IDS if i[0] == "G"]
)
def test_allowed_reading_shows_the_page_and_writes_nothing(site: Site, endpoint: str, method: str) -> None:
    cell, problems, allowed = POLICY[endpoint, method], [], 0
    before = site.checksums()
    for cell_try in tries(site, cell):
        if cell_try.verdict == "allowed":
            allowed += 1
            problems.append(problem(endpoint, method, cell_try, send(site, method, cell_try)))
    assert allowed, "nobody may: the row is dead"
    assert not [found for found in problems if found]
    assert changed(before, site.checksums()) <= CACHES


@pytest.mark.parametrize(
    ("endpoint", "method"), [key for key in POLICY if key[1] == "POST"], ids=[i for i in IDS if i[0] == "P"]
)
def test_allowed_writing_changes_what_it_should(site: Site, endpoint: str, method: str) -> None:
    cell, problems, touched = POLICY[endpoint, method], [], set()
    before = site.checksums()
    for cell_try in tries(site, cell):
        if cell_try.verdict == "allowed":
            problems.append(problem(endpoint, method, cell_try, send(site, method, cell_try)))
            tables = changed(before, site.checksums())
            touched |= tables
            if cell.changes and tables - set(cell.follows) != set(cell.changes):
                problems.append(f"{cell_try}: changed {sorted(tables)}, not {sorted(cell.changes)}")
            if tables:
                site.refresh()
    assert not [found for found in problems if found]
    assert not cell.changes or touched >= set(cell.changes)


def test_every_other_method_is_refused(site: Site) -> None:
    number, problems = site.write_number(), []
    rules: dict[str, set[str]] = {}
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint.startswith("lms."):
            rules.setdefault(rule.rule, set()).update(rule.methods or ())
    for rule, methods in rules.items():
        path = rule.removeprefix(PREFIX).replace("<slug>", "basics").replace("<key>", "listen-first")
        path = (
            path.replace("<path>", "hands.svg")
            .replace("<path:path>", "lms.css")
            .replace("<code>", "PC1")
            .replace("<int:position>", "1")
            .replace("<int:number>", "1")
        )
        for person in EVERYBODY:
            for method in set(METHODS) - methods:
                response = site.browser(person).open(PREFIX + path.replace("<ref>", "absent"), method=method)
                problems += [] if response.status_code == 405 else [f"{method} {path} {person} {response.status_code}"]
    assert not problems
    assert site.write_number() == number


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_asking_without_a_body_passes_the_same_gate(site: Site, method: str) -> None:
    for person, path, status in (
        (None, "/hr/records", 302), ("amina", "/hr/records", 403), ("ingrid", "/hr/records", 200), (None, "/plan", 302),
    ):  # fmt: skip
        assert site.browser(person).open(PREFIX + path, method=method).status_code == status


def test_the_table_covers_the_url_map(site: Site) -> None:
    found = {
        (rule.endpoint.removeprefix("lms."), method)
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint.startswith("lms.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert found == set(POLICY)


def test_the_table_knows_every_person(site: Site) -> None:
    assert set(NAMES) == set(PEOPLE)
    assert all(set(NAMES) >= cell.who for cell in POLICY.values())
