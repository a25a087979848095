"""Pages in a person's language: texts, dates and numbers, forms and refusals; and none of it in English."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from lms.db import Database
from lms.permissions import Actor
from lms.services.profile import save_profile
from lms.web.language import format_day, format_moment, gettext, languages, ngettext
from tests import world
from tests.filled import email
from tests.permissions.policy import KNOWN, LINK, POLICY, PUBLIC
from tests.site import Site
from tests.translations.catalogue import TRANSLATIONS, read

Browse = Callable[[str], FlaskClient]
# Files and data speak no language.
DATA = (
    "course_media", "preview_media", "export_manifest", "export_schema", "level_data", "entry_file",
    "application_file", "review_file", "link_file", "own_data", "refused_people",
)  # fmt: skip


@pytest.fixture
def speak_french(sqlite: Database, who: Callable[..., Actor], browse: Browse) -> Browse:
    """speak_french("amina") is her browser after she chose French."""

    def choose(person: str) -> FlaskClient:
        french(sqlite, who(person))
        return browse(person)

    return choose


def french(database: Database, actor: Actor, language: str = "fr") -> None:
    """The person chooses French, or another language, in the profile."""
    with database.transaction() as session:
        save_profile(session, actor, display_name=actor.name, language=language, known=set(languages()))


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1)


def visible(page: str) -> set[str]:
    """The texts between the tags, without what scripts and sheets say."""
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    return {unescape(text).strip() for text in re.findall(r">([^<>]+)<", body)}


@pytest.mark.parametrize(
    ("person", "language"),
    [*[(person, "fr") for person in ("amina", "kofi", "ingrid", "olga", "sam", "rosa")],
     ("amina", "es"), ("ingrid", "es")],
)  # fmt: skip
def test_every_page_of_a_person_is_in_the_chosen_language(site: Site, person: str, language: str) -> None:
    translated = {message.id: message.string for message in read(TRANSLATIONS / language / "lms.po") if message.id}
    french(site.database, world.actor(site.database, email(person)), language)
    data = set(re.split("[,\n]", world.PEOPLE))  # a job title may be a word of ours
    opened = 0
    for (endpoint, method), cell in POLICY.items():
        # a public page and a link know no person, and so ask the browser for its language
        if method != "GET" or cell.door in (PUBLIC, LINK) or endpoint in DATA:
            continue
        for ref in (KNOWN.get(cell.kind) or site.refs.get(cell.kind, {"": ""})).values():
            response = site.get(person, cell.path.format(ref))
            if response.status_code < 300 or response.status_code >= 400:
                assert f'<html lang="{language}" dir="ltr">' in response.text, endpoint
                assert not {text for text in visible(response.text) - data if translated.get(text, text) != text}, (
                    endpoint
                )
                opened += response.status_code == 200
    assert opened > 5


def test_the_menu_and_the_first_page_say_it_in_french(speak_french: Browse) -> None:
    texts = visible(speak_french("amina").get("/learn/").text)
    assert {"Ma page", "Cours", "Mon plan", "Bonjour Amina Diallo", "Aucune échéance."} <= texts


def test_a_guest_reads_the_language_of_the_browser(browse: Browse) -> None:
    page = browse("stranger").get("/learn/welcome", headers={"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}).text
    assert '<html lang="fr"' in page
    assert "Bienvenue" in page


def test_the_profile_offers_the_language_and_takes_it(browse: Browse) -> None:
    browser = browse("amina")
    page = browser.get("/learn/profile").text
    assert re.search(r'<option value="fr">Français</option>', page)
    sent = {"display_name": "Amina Diallo", "language": "fr", "csrf_token": token(page)}
    assert browser.post("/learn/profile", data=sent).status_code == 302
    page = browser.get("/learn/profile").text
    assert re.search(r'<option selected value="fr">Français</option>', page)
    assert "Mon profil" in page


def test_spanish_is_offered_taken_and_spoken(browse: Browse) -> None:
    browser = browse("amina")
    page = browser.get("/learn/profile").text
    assert re.search(r'<option value="es">Español</option>', page)
    sent = {"display_name": " ", "language": "es", "csrf_token": token(page)}
    assert browser.post("/learn/profile", data=sent).status_code == 422
    assert browser.post("/learn/profile", data=sent | {"display_name": "Amina Diallo"}).status_code == 302
    assert {"Mi página", "Cursos", "Mi plan", "Hola, Amina Diallo"} <= visible(browser.get("/learn/").text)
    refused = browser.post("/learn/profile", data=sent)
    assert "Escriba el nombre con que le conocen sus colegas" in unescape(refused.text)


def test_what_a_service_refuses_is_said_in_french(speak_french: Browse) -> None:
    browser = speak_french("amina")
    sent = {"csrf_token": token(browser.get("/learn/profile").text), "display_name": " ", "language": "fr"}
    refused = browser.post("/learn/profile", data=sent)
    assert refused.status_code == 422
    assert "Écrivez le nom sous lequel vos collègues vous connaissent" in unescape(refused.text)
    refused = browser.post("/learn/courses/basics/attempts", data=sent)
    assert refused.status_code == 409
    assert "Impossible pour l’instant" in refused.text
    assert "Commencez d’abord le cours" in refused.text
    assert "Il n’y a rien ici" in browser.get("/learn/courses/nowhere").text


def test_what_a_form_refuses_is_said_in_french(speak_french: Browse) -> None:
    page = unescape(speak_french("ingrid").get("/learn/hr/records?completed_from=31.12.2026&course=nowhere").text)
    assert "Terminé à partir du: Ce n’est pas une date valable." in page
    assert "Ce choix n’est pas proposé." in page


@pytest.mark.parametrize(
    ("language", "day", "moment", "none", "most"),
    [
        ("en", "Nov 23, 2026", "Nov 23, 2026 9:05\u202fAM UTC", "0 records", "Up to 45 minutes"),
        ("fr", "23 nov. 2026", "23 nov. 2026 09:05 UTC", "0 dossier", "Jusqu’à 45 minutes"),
        ("es", "23 nov 2026", "23 nov 2026 9:05 UTC", "0 registros", "Hasta 45 minutos"),
    ],
)
def test_dates_and_numbers_follow_the_language(
    app: Flask, language: str, day: str, moment: str, none: str, most: str
) -> None:
    with app.test_request_context():
        g.lms_actor = SimpleNamespace(language=language)
        assert format_day(date(2026, 11, 23)) == day
        assert format_moment(datetime(2026, 11, 23, 9, 5, tzinfo=UTC)) == moment
        assert ngettext("%(num)d record", "%(num)d records", 0) == none
        assert gettext("Up to %(minutes)d minutes", minutes=45) == most


def test_the_dates_of_a_page_follow_the_language(speak_french: Browse) -> None:
    assert "Du 1 juil. 2026 au 30 juin 2027." in speak_french("amina").get("/learn/plan").text
