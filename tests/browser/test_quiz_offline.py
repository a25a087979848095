"""A bad link, a closed browser, a portal that answers for the server: no answer is lost, none is taken for saved."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.conftest import Site, sign_in
from tests.browser.quiz import answer, question, right_places
from tests.browser.taking import (
    AMINA,
    SAVED,
    WAITING,
    Taking,
    begin,
    cut,
    line,
    load_changed,
    mend,
    open_quiz,
    records,
    reply,
    singles,
    state,
)
from tests.browser_needed import find_chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def taking(filled: Site) -> Taking:
    return begin(filled)


def open_profile(chromium: Browser, folder: Path, site: Site) -> BrowserContext:
    """A browser of one's own, whose store lies on the disk."""
    context = chromium.browser_type.launch_persistent_context(
        folder, executable_path=find_chromium(), args=["--no-sandbox"], base_url=site.address
    )
    context.set_default_timeout(10_000)
    return context


def test_answers_given_offline_outlive_the_browser(chromium: Browser, tmp_path: Path, taking: Taking) -> None:
    places = right_places(taking.site, taking.ref)
    first = open_profile(chromium, tmp_path / "profile", taking.site)
    page = first.new_page()
    sign_in(page, AMINA)
    open_quiz(page, taking)
    first.set_offline(True)
    changed = singles(page)[0]
    answer(page, changed, [places[changed][0] % 3 + 1])
    for position, right in places.items():
        answer(page, position, right)
        expect(line(page, position)).to_have_text(WAITING)
    expect(state(page)).to_contain_text(f"Answers waiting to be sent: {len(places)}.")
    given = len(records(page))
    assert given == 1 + sum(len(right) for right in places.values())
    assert taking.log() == []
    first.close()

    second = open_profile(chromium, tmp_path / "profile", taking.site)
    page = second.new_page()
    sign_in(page, AMINA)
    expect(page.get_by_text("Answers of yours are kept on this device and not sent yet.")).to_be_visible()
    page.get_by_role("link", name="Open the quiz").click()
    for position, right in places.items():
        expect(line(page, position)).to_have_text(SAVED)
        expect(question(page, position).locator("input:checked")).to_have_count(len(right))
    expect(state(page)).to_have_text("All answers are saved.")
    expect_empty(page)
    assert taking.standing() == {position: tuple(map(str, sorted(right))) for position, right in places.items()}
    assert len(taking.log()) == given
    page.goto("/learn/")
    expect(page.get_by_role("link", name="Go on with the quiz").first).to_be_visible()
    expect(page.get_by_role("link", name="Open the quiz")).to_be_hidden()
    second.close()


def expect_empty(page: Page) -> None:
    """The store gives the answers up after the receipt."""
    page.wait_for_function("async () => (await indexedDB.databases()).length")
    assert records(page) == []


def test_the_store_tells_nothing(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    cut(page)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(WAITING)
    (record,) = records(page)
    assert record["keys"] == ["at", "attempt", "id", "iv", "sealed"]
    assert record["attempt"] == taking.ref
    assert "question" not in record["text"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


PORTAL = "<!doctype html><title>Welcome to the hotel</title><p>Accept our terms"
NO_RECEIPTS = {
    "a portal's page": {"status": 200, "body": PORTAL, "content_type": "text/html"},
    "a portal's JSON": {"status": 200, "json": {"login": "https://portal.example/"}},
    "a receipt of nothing": {"status": 200, "json": {"stored": {}, "aside": []}},
    "a receipt of other answers": {"status": 200, "json": {"stored": {"8b4c5a2e": 7}, "aside": []}},
    "a redirect": {"status": 302, "headers": {"Location": "/"}},
    "a gateway": {"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"},
    "a portal that forbids": {"status": 403, "body": PORTAL, "content_type": "text/html"},
    "too often": {"status": 429, "json": {"error": "Too many requests"}},
    "a conflict": {"status": 409, "json": {"error": "Not possible now"}},
    "too busy": {"status": 503, "json": {"error": "Please try again"}, "headers": {"Retry-After": "1"}},
}


def test_only_a_receipt_is_one(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    page.set_default_timeout(40_000)
    open_quiz(page, taking)
    position = singles(page)[0]
    for number, (name, other) in enumerate(NO_RECEIPTS.items()):
        reply(page, **other)
        answer(page, position, [1 + number % 3])
        expect(line(page, position), name).to_have_text(WAITING)
        assert len(records(page)) == 1, name
        assert len(taking.log()) == number, name
        mend(page)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(line(page, position), name).to_have_text(SAVED)
        assert len(taking.log()) == number + 1, name


def test_a_lost_receipt_is_asked_for_again(taking: Taking, visit: Callable[..., Page]) -> None:
    """The answer is stored, its receipt is cut: sent again, it is there once."""
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    page.route("**/answers", lambda route: (route.fetch(), route.abort()))
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(WAITING)
    mend(page)
    page.reload()
    expect(line(page, 1)).to_have_text(SAVED)
    expect_empty(page)
    assert taking.log() == [(1, ("2",), True)]


RECORDS_IDS = """() => new Promise((done) => {
  const request = indexedDB.open("lms-answers");
  request.onsuccess = () => {
    const all = request.result.transaction("drafts").objectStore("drafts").getAllKeys();
    all.onsuccess = () => { request.result.close(); done(all.result.join()); };
  };
})"""


def test_what_nobody_came_back_for_goes_after_thirty_days(taking: Taking, visit: Callable[..., Page]) -> None:
    page = visit(taking.site, AMINA)
    open_quiz(page, taking)
    cut(page)
    answer(page, 1, [2])
    expect(line(page, 1)).to_have_text(WAITING)
    page.evaluate(
        """(days) => new Promise((done) => {
          const request = indexedDB.open("lms-answers");
          request.onsuccess = () => {
            const writing = request.result.transaction("drafts", "readwrite");
            days.forEach((age) => writing.objectStore("drafts").put({ id: `${age} days`, attempt: "another",
              at: Date.now() - age * 86400000, iv: new Uint8Array(12), sealed: new Uint8Array(9).buffer }));
            writing.oncomplete = () => { request.result.close(); done(); };
          };
        })""",
        [29, 31],
    )
    mend(page)
    page.reload()
    expect(line(page, 1)).to_have_text(SAVED)
    page.wait_for_function(f"async () => (await ({RECORDS_IDS})()) === '29 days'")


def test_without_a_store_the_page_says_that_it_must_stay_open(chromium: Browser, taking: Taking) -> None:
    """Plain HTTP under a name: there the browser has no WebCrypto."""
    port = taking.site.address.rpartition(":")[2]
    browser = chromium.browser_type.launch(
        executable_path=find_chromium(), args=["--no-sandbox", "--host-resolver-rules=MAP plain.example 127.0.0.1"]
    )
    page = browser.new_page(base_url=f"http://plain.example:{port}")
    page.set_default_timeout(10_000)
    sign_in(page, AMINA)
    open_quiz(page, taking)
    assert page.evaluate("crypto.subtle === undefined")
    cut(page)
    answer(page, 1, [2])
    expect(line(page, 1)).to_contain_text("Keep this page open")
    expect(state(page)).to_contain_text("Keep this page open")
    expect(page.get_by_role("button", name="Save my answers as a file")).to_be_hidden()
    mend(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(line(page, 1)).to_have_text(SAVED)
    assert taking.log() == [(1, ("2",), True)]
    browser.close()


def test_a_quiz_weighs_little(filled: Site, visit: Callable[..., Page], tmp_path: Path) -> None:
    """Ten questions with everything that the page loads, compressed; and what one save carries."""

    def more(course: Path) -> None:
        text = (course / "quiz.yaml").read_text(encoding="utf-8")
        (course / "quiz.yaml").write_text(text.replace("draw: 1\n", "draw: 4\n", 1), encoding="utf-8")

    load_changed(filled, tmp_path / "courses", more)
    taking = begin(filled)
    page = visit(filled, AMINA)
    weights: dict[str, int] = {}
    page.on("response", lambda response: weights.update({response.url: len(gzip.compress(response.body()))}))
    open_quiz(page, taking)
    page.wait_for_load_state("networkidle")
    assert page.locator(".lms-question").count() == 10
    assert len([address for address in weights if "/static/" in address]) >= 10
    assert sum(weights.values()) <= 60 * 1024, weights
    with page.expect_response("**/answers") as saved:
        answer(page, 1, [2])
    assert len(saved.value.request.post_data or "") <= 2048
    assert len(saved.value.body()) <= 2048


def test_an_answer_given_before_the_script_is_there_is_kept(visit: Callable[..., Page], taking: Taking) -> None:
    """On a slow line the questions are read, and answered, while the script is still on its way."""
    page = visit(taking.site, AMINA)
    held: list[Route] = []
    page.route(re.compile(r"/quiz\.js"), lambda route: held.append(route))
    page.goto(taking.address, wait_until="commit")
    places = right_places(taking.site, taking.ref)
    position = next(iter(places))
    answer(page, position, places[position])
    page.wait_for_function("() => document.readyState !== 'loading'")
    assert taking.log() == []
    held[0].continue_()
    expect(line(page, position)).to_have_text(SAVED)
    assert list(taking.standing()) == [position]
