"""A certificate on a phone, on a desk, in the dark and on paper; and the public page that checks it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import world
from tests.browser.conftest import Site
from tests.services import steps

pytestmark = pytest.mark.browser

AMINA = "amina@lantern.example"
SLUG = "partnership-basics"
LONG_NAME = "Maximiliana Theodora Alexandrina de la Concepción y Villanueva Montenegro"


@pytest.fixture
def taken(filled: Site) -> tuple[Site, str, str]:
    """Amina has completed the first course; the refs of her completion and of its certificate."""
    database = filled.app.extensions["lms"].database
    steps.take(database, world.actor(database, AMINA, datetime.now(UTC)), SLUG)
    with database.read() as session:
        completion = steps.completions(session, "amina", SLUG)[-1]
        return filled, completion.ref, str(completion.certificate_number)


def faults_of(page: Page, width: int) -> list[str]:
    """What axe and the ruler find on the page as it is."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    faults = [f"{rule['id']}: {node['html'][:160]}" for rule in found.response["violations"] for node in rule["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url}: {fault}" for fault in faults + ([f"{wide} pixels wide"] if wide > width else [])]


@pytest.mark.parametrize("width", [360, 1280])
def test_screens(taken: tuple[Site, str, str], visit: Callable[..., Page], width: int) -> None:
    site, ref, number = taken
    page, stranger = visit(site, AMINA, width=width), visit(site, width=width)
    faults: list[str] = []
    blocked: list[str] = []
    for reader in (page, stranger):
        reader.on("console", lambda message: blocked.append(message.text))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(f"/learn/certificates/{ref}")
        faults += faults_of(page, width)
        stranger.emulate_media(color_scheme=scheme)
        for path in ("/learn/verify", "/learn/verify?number=7K3M", f"/learn/verify/{number}"):
            stranger.goto(path)
            faults += faults_of(stranger, width)
    faults += [text for text in blocked if "Content Security" in text]
    assert not faults, "\n".join(faults)


def test_from_the_record_to_the_paper_and_back_by_its_number(
    taken: tuple[Site, str, str], visit: Callable[..., Page]
) -> None:
    site, _ref, number = taken
    page, stranger = visit(site, AMINA), visit(site)
    page.goto("/learn/records")
    page.get_by_role("link", name="Certificate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Certificate of completion")
    expect(page.get_by_text(number, exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="The address beside it")).to_be_visible()
    stranger.goto("/learn/verify")
    stranger.get_by_label("Number of the certificate").fill(number.lower().replace("-", " "))
    stranger.get_by_role("button", name="Check").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Completed, not confirmed at work")
    expect(stranger.get_by_text("Amina Diallo")).to_be_visible()


def test_the_button_prints(taken: tuple[Site, str, str], visit: Callable[..., Page]) -> None:
    site, ref, _number = taken
    page = visit(site, AMINA)
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.goto(f"/learn/certificates/{ref}")
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") == 1


def test_without_script_the_page_says_how_to_print(taken: tuple[Site, str, str], visit: Callable[..., Page]) -> None:
    site, ref, _number = taken
    page = visit(site, AMINA, width=360, script=False)
    page.goto(f"/learn/certificates/{ref}")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_text("use the print command of your browser")).to_be_visible()


@pytest.mark.parametrize("name", ["Amina Diallo", "أمينة عبد الرحمن الخوري", LONG_NAME])
def test_it_is_one_page_of_paper(taken: tuple[Site, str, str], visit: Callable[..., Page], name: str) -> None:
    """On A4 and on Letter, however the printer was set, withdrawn too."""
    site, ref, _number = taken
    page = visit(site, AMINA)
    page.goto("/learn/profile")
    page.get_by_label("Name by which colleagues know you").fill(name)
    page.get_by_role("button", name="Save").click()
    page.goto(f"/learn/certificates/{ref}")
    assert _sheets(page) == [1] * 4
    database = site.app.extensions["lms"].database
    steps.withdraw(database, world.actor(database, "ingrid@lantern.example", datetime.now(UTC)), "amina", SLUG)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Withdrawn certificate")
    assert _sheets(page) == [1] * 4


def _sheets(page: Page) -> list[int]:
    """How many sheets it takes on each paper, lying and standing."""
    papers = [(paper, lies) for paper in ("A4", "Letter") for lies in (True, False)]
    pdfs = [page.pdf(format=paper, landscape=lies) for paper, lies in papers]
    return [len(re.findall(rb"/Type\s*/Page\b", pdf)) for pdf in pdfs]


def test_paper_shows_the_certificate_and_nothing_of_the_page(
    taken: tuple[Site, str, str], visit: Callable[..., Page]
) -> None:
    site, ref, number = taken
    page = visit(site, AMINA)
    page.goto(f"/learn/certificates/{ref}")
    page.emulate_media(media="print")
    seen = page.evaluate("document.body.innerText")
    for text in ("Lantern Bridge", "Certificate of completion", "Amina Diallo", number, "not confirmed"):
        assert text in seen
    for text in ("My page", "Sign out", "Print", "Partnership Learning at"):
        assert text not in seen
