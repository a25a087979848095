"""What was the host's stays the host's: its pages, forms, failures, words, cookies and headers."""

import re

import pytest
from werkzeug.test import TestResponse

from lms.db import Database
from tests.plugin.conftest import Move
from tests.plugin.hosts import office
from tests.plugin.houses import House
from tests.plugin.visitor import Visitor, forms

AMINA = "amina@lantern.example"
DRAWN_ANEW = re.compile(r'(name="office_token" value=|name="csrf-token" content=)"[^"]*"')


def told(page: TestResponse) -> tuple[int, dict[str, str], str]:
    """What an answer says, but for what is drawn anew each time."""
    headers = {name: value for name, value in page.headers if name not in ("Set-Cookie", "Content-Length")}
    return page.status_code, headers, DRAWN_ANEW.sub("", page.text)


def own_answers(visitor: Visitor) -> list[tuple[int, dict[str, str], str]]:
    """A round through the host's own pages: home, forms, failures."""
    root, answers = visitor.house.root, [visitor.own(), visitor.own("/nothing"), visitor.own("/form")]
    for form in forms(answers[0]):
        if "text" in form.fields:
            answers.append(visitor.client.post(form.action, data={**form.fields, "text": "a"}, follow_redirects=True))
            answers.append(visitor.client.post(form.action, data={"text": "b"}, follow_redirects=True))
    answers.append(visitor.client.delete(f"{root}/sign-in"))
    return [told(answer) for answer in answers]


@pytest.mark.parametrize("name", ["intranet", "club", "office"])
def test_the_hosts_pages_are_as_without_the_plugin(
    name: str, sqlite: Database, tmp_path: object, furnish: Move
) -> None:
    alone = furnish(name, Database(f"sqlite:///{tmp_path}/alone.sqlite3"), learning=False)
    guest_and_host = furnish(name, sqlite)
    rounds = []
    for house in (alone, guest_and_host):
        visitor = Visitor(house)
        rounds.append([own_answers(visitor)])
        visitor.send(visitor.own("/sign-in"), "sign-in", email=AMINA, password="open")
        if house is guest_and_host:
            for language in ("fr", "en"):
                assert visitor.get("/courses", language).status_code == 200
                assert visitor.get("/hr/records", language).status_code == 403
            visitor.send(visitor.get("/plan"), "/plan/start")
        rounds[-1].append(own_answers(visitor))
    assert rounds[0] == rounds[1]
    assert len(rounds[0][0]) > 4


def test_the_session_holds_nothing_of_ours_but_a_token(house: House) -> None:
    visitor = Visitor(house)
    visitor.sign_in(AMINA)
    visitor.send(visitor.get("/plan"), "/plan/start")
    cookies = visitor.client._cookies or {}
    assert [cookie.key for cookie in cookies.values()] == [house.app.config["SESSION_COOKIE_NAME"]]
    [cookie] = cookies.values()
    assert cookie.path == (house.root or "/")
    serializer = house.app.session_interface.get_signing_serializer(house.app)  # type: ignore[attr-defined]
    held = set(serializer.loads(cookie.decoded_value))
    assert held - {"_user_id", "_id", "_fresh"} <= {"office_token", "csrf_token", "_flashes"}


@pytest.fixture(params=[True, False], ids=["CSRFProtect before LMS", "CSRFProtect after LMS"])
def portal(request: pytest.FixtureRequest, sqlite: Database, furnish: Move) -> Visitor:
    """Amina in the office, whichever came first."""
    visitor = Visitor(furnish("office", sqlite, protect_first=request.param))
    visitor.sign_in(AMINA)
    return visitor


def test_the_hosts_csrf_check_stays_its_own(portal: Visitor) -> None:
    refused = portal.client.post("/office/form", data={"text": "a"})
    assert refused.status_code == 400
    assert "Das Amt: 400" in refused.text
    assert portal.send(portal.own(), "/form$", text="a").text == "taken: a"


def test_ours_checks_our_forms_beside_it(portal: Visitor) -> None:
    portal.send(portal.get("/plan"), "/plan/start")
    refused = portal.client.post("/office/learn/plan/objectives", data={"text": "To listen more than I speak"})
    assert refused.status_code == 400
    assert "What you entered is kept below" in refused.text
    taken = portal.send(refused, "/plan/objectives$")
    assert portal.where(taken) == "/plan"
    assert "To listen more than I speak" in taken.text


def test_two_content_policies_are_both_sent(portal: Visitor) -> None:
    for path in ("/", "/courses/basics", "/hr/records", "/static/lms.css"):
        with portal.get(path) as page:
            hosts, ours = page.headers.getlist("Content-Security-Policy")
        assert hosts == office.POLICY
        assert ours.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    picture = portal.get("/courses/basics/sections/media/hands.svg")
    assert picture.headers.getlist("Content-Security-Policy")[1].endswith("sandbox")
    assert portal.own().headers.getlist("Content-Security-Policy") == [office.POLICY]
    assert portal.get("/").headers["X-Office"] == "de", "what else the host says of each answer, it says of ours"


def words(page: TestResponse) -> str:
    found = re.search(r"<p data-words>(.*?)</p>", page.text, re.DOTALL)
    assert found
    return " ".join(found[1].split())


def test_the_hosts_words_are_its_own_on_our_pages_too(portal: Visitor) -> None:
    """Its frame has texts, plural forms, filters and globals with the names of ours."""
    at_home = words(portal.own())
    assert at_home == "Kantine, Archiv, 5 Tage, 4. Mai 2001, 2 Menschen, Tisch von Anna, 2 Menschen hier."
    french = portal.get("/courses", "fr")
    assert words(french) == at_home
    assert "Gänge des Amtes" not in french.text
    assert words(portal.own()) == at_home
