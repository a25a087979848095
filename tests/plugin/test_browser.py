"""In Chromium: under a host's strict content policy and our own at once, nothing of the plugin is held back."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from lms.db import Database
from tests.plugin.conftest import Move

pytestmark = pytest.mark.browser


@pytest.fixture
def office(sqlite: Database, furnish: Move) -> Iterator[str]:
    """The office, served; the address of the plugin in it."""
    house = furnish("office", sqlite)
    server = make_server("127.0.0.1", 0, house.site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{house.learning}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_style_script_and_pictures_pass_both_policies(office: str, chromium: Browser) -> None:
    context = chromium.new_context()
    page, complaints, shown = context.new_page(), [], []
    page.on("console", lambda message: complaints.append(message.text) if "Security Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{office}/courses/basics")
    page.locator("[name=email]").fill("amina@lantern.example")
    page.locator("[name=password]").fill("open")
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("button", name="Start").first.click()
    for key in ("why-we-partner", "listen-first"):
        page.goto(f"{office}/courses/basics/sections/{key}")
        for picture in page.locator("img").all():
            picture.scroll_into_view_if_needed()
            page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
            shown.append(key)
        page.locator(f"form[action$='/sections/{key}'] button").click()
    page.goto(f"{office}/courses/basics")
    page.locator("form[action$='/attempts'] button").click()
    assert page.locator(".btn-primary").first.evaluate("button => getComputedStyle(button).borderRadius") != "0px"
    page.locator(".lms-question input").first.check()
    expect(page.locator(".lms-question .lms-save").first).to_have_text("Saved")
    assert shown, "no section has a picture"
    assert complaints == []
    context.close()
