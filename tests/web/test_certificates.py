"""The certificate's page, and the public page by which anybody checks it."""

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from lms.db import Database
from lms.models import Person, Standing
from lms.web.plugin import Plugin
from tests.filled import NAMES, email
from tests.site import PREFIX, Counted, Site, without_tokens

OFFICIAL = ("X-Robots-Tag", "Referrer-Policy", "Cache-Control")


def texts(page: str) -> str:
    """What a visitor reads: the page without its head and tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])).split())


def write(site: Site, model: type, *conditions, **values: object) -> None:
    with site.database.transaction() as session:
        session.execute(update(model).where(*conditions).values(**values))


def certificate(site: Site, person: str) -> str:
    """The text of the person's own certificate."""
    response = site.get(person, f"/certificates/{site.refs['completion'][person]}")
    assert response.status_code == 200
    return texts(response.text)


def withdraw(site: Site, person: str) -> None:
    fields = {"reason": "It was another person.", "record": site.refs["record"][person]}
    path = f"/hr/completions/{site.refs['completion'][person]}/withdraw"
    assert site.post("ingrid", path, fields).status_code == 302


def test_the_certificate_says_what_is_to_be_said(site: Site) -> None:
    page = certificate(site, "amina")
    number = site.refs["certificate"]["amina"]
    for text in (
        "Lantern Bridge", "Certificate of completion", "Amina Diallo", "completed the course", "Why we partner", "M01",
        "Version 2 of Nov 23, 2026", "20 minutes of learning", "Relationship level 1: Aware",
        "Completed, not confirmed at work", "Completed on Nov 23, 2026", "Confirmed at work not confirmed",
        "Counts until no end date", f"Number {number}", f"http://127.0.0.1:5000/learn/verify/{number}",
    ):  # fmt: skip
        assert text in page, text
    assert "%" not in page.partition("Certificate of completion")[2], "no score"


def test_the_address_on_it_is_the_public_one_whatever_a_request_says(site: Site) -> None:
    path = f"/certificates/{site.refs['completion']['amina']}"
    page = site.get("amina", path, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}).text
    assert "evil" not in page
    assert site.app.extensions["lms"].verify_at in page


def test_the_address_on_it_leads_to_the_public_page(site: Site) -> None:
    running: Plugin = site.app.extensions["lms"]
    assert running.verify_at == f"http://127.0.0.1:5000{PREFIX}/verify/"
    path = running.verify_at.removeprefix("http://127.0.0.1:5000") + site.refs["certificate"]["amina"]
    assert "Amina Diallo" in site.browser(None).get(path).text


def test_it_is_linked_from_where_completed_courses_are(site: Site) -> None:
    completion = site.refs["completion"]["amina"]
    link = f'href="{PREFIX}/certificates/{completion}"'
    for path in ("/records", "/courses/basics", f"/attempts/{site.refs['result']['amina']}/result"):
        assert link in site.get("amina", path).text, path
    assert link in site.get("ingrid", f"/hr/records/{site.refs['record']['amina']}").text
    write(site, Standing, expires_on=site.app.extensions["lms"].clock().date())
    assert link in site.get("amina", "/").text, "among what runs out"
    assert link not in site.get("wei", "/records").text


def test_a_withdrawn_one_says_so_in_the_same_place(site: Site) -> None:
    assert "Certificate of completion" in certificate(site, "amina")
    withdraw(site, "amina")
    page = certificate(site, "amina")
    assert "Certificate of completion" not in page
    for text in ("Withdrawn certificate", "Withdrawn: it does not count", "Withdrawn on Nov 23, 2026"):
        assert text in page
    assert "another person" not in page, "the reason is HR's and the learner's"
    public = site.get(None, f"/verify/{site.refs['certificate']['amina']}")
    assert "Withdrawn: it does not count" in public.text
    assert "another person" not in public.text


def test_hr_that_opens_it_is_named_to_the_learner(site: Site) -> None:
    page = site.get("ingrid", f"/certificates/{site.refs['completion']['amina']}").text
    assert f'href="{PREFIX}/hr/records/{site.refs["record"]["amina"]}"' in page
    assert "Ingrid Larsen looked at a certificate" in site.get("amina", "/profile").text


def test_opening_ones_own_leaves_no_line(site: Site) -> None:
    before = site.write_number()
    certificate(site, "amina")
    assert site.write_number() == before


def test_anybody_checks_it_by_its_number(site: Site) -> None:
    number = site.refs["certificate"]["amina"]
    write(site, Standing, certified_on=site.app.extensions["lms"].clock().date())
    shown = []
    for typed in (number, number.lower(), number.replace("-", ""), f" {number.replace('-', ' ')} "):
        for response in (site.get(None, f"/verify/{typed}"), site.get(None, "/verify", query_string={"number": typed})):
            assert response.status_code == 200
            shown.append(texts(response.text))
    assert len(set(shown)) == 1
    for text in ("Amina Diallo", "M01 Why we partner", "Completed and confirmed at work", "Completed on Nov 23, 2026",
                 "Confirmed at work on Nov 23, 2026", "Counts until no end date", number):  # fmt: skip
        assert text in shown[0]


def test_it_shows_nothing_more(site: Site) -> None:
    """Neither to a stranger nor to somebody who is signed in: no address, unit, post, score, reference, menu."""
    hidden = [email("amina"), "Country office", "Officer", "0003", "100", "Version", "minutes", "Relationship"]
    hidden += [refs["amina"] for kind, refs in site.refs.items() if kind != "certificate" and "amina" in refs]
    hidden += [name for person, name in NAMES.items() if person != "amina"]
    for person in (None, "amina", "kofi", "ingrid", "stranger"):
        page = site.get(person, f"/verify/{site.refs['certificate']['amina']}").text
        assert not [text for text in hidden if text in texts(page)]
        assert "<nav" not in page
        assert 'method="post"' not in page


@pytest.mark.parametrize("typed", ["0000-0000-0000-0000", "7K3M", "U" * 16, "x" * 300, "%3Cscript%3E", "%00", "é"])
def test_what_is_no_number_reads_like_one_that_nobody_has(site: Site, typed: str) -> None:
    expected = site.get(None, "/verify/7K3M-Q2ZD-0V8R-XW5T")
    with Counted(site.database) as counted:
        response = site.get(None, f"/verify/{typed}")
    assert (response.status_code, response.text) == (404, expected.text)
    assert len(counted.statements) == 1, "the answer takes as long"
    for text in ("No certificate has this number", "sign by sign", "sixteen signs"):
        assert text in response.text


def test_what_was_typed_wrongly_stands_in_the_form_again(site: Site) -> None:
    response = site.get(None, "/verify?number=7K3M+%3Ci%3E")
    assert response.status_code == 404
    assert 'value="7K3M &lt;i&gt;"' in response.text


def test_without_a_number_there_is_the_form(site: Site) -> None:
    for path in ("/verify", "/verify?number=", "/verify?number=+"):
        with Counted(site.database) as counted:
            response = site.get(None, path)
        assert response.status_code == 200
        assert 'name="number"' in response.text
        assert not counted.statements


def test_the_public_pages_are_for_no_search_engine_and_no_cache(site: Site) -> None:
    for path in ("/verify", "/verify/7K3M", f"/verify/{site.refs['certificate']['amina']}"):
        response = site.app.test_client().get(PREFIX + path)
        assert [response.headers[name] for name in OFFICIAL] == ["noindex", "no-referrer", "no-store"]
        assert "Set-Cookie" not in response.headers


def test_the_public_page_asks_the_database_once(site: Site) -> None:
    for person in (None, "amina"):
        with Counted(site.database) as counted:
            site.get(person, f"/verify/{site.refs['certificate']['amina']}")
        assert (len(counted.statements), counted.commits) == (1, 0)


def test_the_certificates_page_asks_three_times(site: Site) -> None:
    with Counted(site.database) as counted:
        site.get("amina", f"/certificates/{site.refs['completion']['amina']}")
    assert len(counted.statements) == 3, "who is it, the certificate, the framework's words"


def test_a_visitor_reads_it_in_the_language_of_the_browser(site: Site) -> None:
    for path in ("/verify", "/verify/7K3M", f"/verify/{site.refs['certificate']['amina']}"):
        for asked, language in (("fr-CA,fr;q=0.9", "fr"), ("sw", "en"), ("", "en")):
            page = site.get(None, path, headers={"Accept-Language": asked}).text
            assert f'<html lang="{language}"' in page
            assert ("Vérifier" in texts(page)) == (language == "fr")


@pytest.mark.parametrize("name", ["أمينة عبد الرحمن", "阮文安", "Zoë <b>O'Neil</b>", "Ama\u202ekcab"])
def test_a_name_in_any_script_stands_by_itself(site: Site, name: str) -> None:
    """Isolated, so that its direction turns nothing beside it; and never markup."""
    write(site, Person, Person.email_key == email("amina"), display_name=name)
    for response in (
        site.get("amina", f"/certificates/{site.refs['completion']['amina']}"),
        site.get(None, f"/verify/{site.refs['certificate']['amina']}"),
    ):
        assert name in [unescape(found) for found in re.findall(r"<bdi>([^<]*)</bdi>", response.text)]
        assert "<b>" not in response.text


def test_an_export_names_the_certificate_at_its_public_address(site: Site) -> None:
    fields = {"layout": "full_v1", "format": "csv", "purpose": "For the quarterly report"}
    body = site.post("ingrid", "/exports", fields).get_data().decode()
    found = {row["work_email"]: row for row in csv.DictReader(io.StringIO(body)) if row["course_code"] == "M01"}
    number = site.refs["certificate"]["amina"]
    assert found[email("amina")]["certificate_number"] == number
    assert found[email("amina")]["certificate_url"] == f"http://127.0.0.1:5000{PREFIX}/verify/{number}"


def test_the_command_names_it_alike(app, sqlite: Database, tmp_path: Path, who) -> None:
    from tests.services import steps

    steps.take(sqlite, who("amina"))
    target = tmp_path / "records.csv"
    result = app.test_cli_runner().invoke(args=["lms", "export", "full_v1", "--output", str(target)])
    assert result.exit_code == 0, result.output
    (row,) = csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"), newline=""))
    assert row["certificate_url"] == f"http://127.0.0.1:5000/learn/verify/{row['certificate_number']}"


def test_the_settings_say_where_the_world_finds_it(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import make_host

    monkeypatch.setenv("LMS_BASE_URL", "https://intranet.example/staff/")
    running = make_host(sqlite, prefix="/deep/er").extensions["lms"]
    assert running.verify_at == "https://intranet.example/staff/deep/er/verify/"


def test_a_limiter_of_the_host_is_answered_in_words(site: Site) -> None:
    from werkzeug.exceptions import TooManyRequests

    def refuse(**_values: object) -> None:
        raise TooManyRequests()

    site.app.view_functions["lms.verify_number"] = refuse
    browser: FlaskClient = site.browser(None)
    response = browser.get(f"{PREFIX}/verify/7K3M")
    assert response.status_code == 429
    assert "Wait a minute" in response.text
    assert without_tokens(response.text) == response.text, "no form"
