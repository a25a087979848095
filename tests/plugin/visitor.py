"""A person's browser in a host, script off: it opens addresses, fills the forms that it finds, and follows."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import Client, TestResponse

from tests.plugin.houses import House

PASSWORD = "open"


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds untouched."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in given}
        if tag == "form":
            self.is_inside = True
            self.found.append(Form(attributes.get("action", "")))
        elif tag == "input" and self.is_inside and attributes.get("type") in ("hidden", "text"):
            self.found[-1].fields[attributes["name"]] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "form"


def forms(page: TestResponse) -> list[Form]:
    """The forms of a page, in order."""
    reader = _Forms()
    reader.feed(page.text)
    return reader.found


class Visitor:
    """`path` is below the plugin, unless it is asked for from the host's own root."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.client = Client(house.site)

    def own(self, path: str = "/") -> TestResponse:
        """A page of the host's own."""
        return self.client.get(self.house.root + path, follow_redirects=True)

    def get(self, path: str, language: str = "en") -> TestResponse:
        """A page of the plugin."""
        return self.client.get(self.house.learning + path, follow_redirects=True, headers={"Accept-Language": language})

    def sign_in(self, person: str, path: str = "/") -> TestResponse:
        """Ask for a page, be sent to the host's sign-in, and come back to the page."""
        return self.send(self.get(path), "sign-in", email=person, password=PASSWORD)

    def sign_out(self) -> TestResponse:
        """By the host's own form."""
        return self.send(self.own(), "/sign-out$")

    def send(
        self, page: TestResponse, action: str, target: str | None = None, **fields: str | list[str]
    ) -> TestResponse:
        """Fill the page's first form whose address matches, and follow where it leads; `target` is another of its
        buttons."""
        form = next((one for one in forms(page) if re.search(action, one.action)), None)
        assert form, f"no form {action!r} in {page.request.path}: {page.status}\n{page.text}"
        return self.client.post(target or form.action, data={**form.fields, **fields}, follow_redirects=True)

    def where(self, page: TestResponse) -> str:
        """The page's address below the plugin."""
        assert page.status_code == 200, f"{page.status} {page.request.path}\n{page.text}"
        address = page.request.environ["SCRIPT_NAME"] + page.request.environ["PATH_INFO"]
        assert address.startswith(self.house.learning), address
        return address.removeprefix(self.house.learning)
