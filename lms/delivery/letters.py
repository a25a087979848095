"""The words of mails, in the language of whoever reads them, from templates: a text, and the same as simple HTML."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_BREAKS = re.compile("[ \t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
TEMPLATES = Path(__file__).parent.parent / "templates" / "lms" / "mails"


@dataclass(frozen=True)
class Language:
    """What the words need of a language: its code, its texts, its way to write a date, its direction (`ltr`, `rtl`)."""

    code: str
    texts: NullTranslations
    write_day: Callable[[date], str]
    direction: str


@dataclass(frozen=True)
class Words:
    """What a mail says, and in which language."""

    language: str
    subject: str
    text: str
    html: str


class Letters:
    """Renders mails for one installation. `speak` gives for a person's language the one in which there are texts."""

    def __init__(self, speak: Callable[[str], Language], *, organisation: str, address: str) -> None:
        self._speak = speak
        self._organisation = organisation
        self._address = address  # of the plugin's pages: links begin with it

    def write(self, kind: str, language: str, name: str, values: Mapping[str, Any]) -> Words:
        """The words of a mail. Its template's first paragraph is the subject; a paragraph that is the link becomes one.

        White space in what is filled in becomes one space: a name of several lines neither adds a header nor ends one.
        """
        spoken = self._speak(language)
        link = values.get("link") or self._address + values.get("path", "/")
        given = {key: _written(spoken, value) for key, value in {**values, "link": link, "name": name}.items()}
        given |= {"organisation": _one_line(self._organisation), "profile": f"{self._address}/profile"}
        given["stop"] = self.stop_link(values.get("stop_path", ""))
        environment = _environment(spoken.texts)
        rendered = environment.get_template(f"{kind}.txt").render(given)
        subject, *paragraphs = [_one_line(part) for part in rendered.split("\n\n") if part.strip()]
        links = (given["link"], given["profile"], given["stop"])
        html = environment.get_template("frame.html").render(
            subject=subject, paragraphs=paragraphs, links=links, language=spoken.code, direction=spoken.direction
        )  # fmt: skip
        return Words(spoken.code, subject, "\n\n".join(paragraphs) + "\n", html)

    def stop_link(self, path: str) -> str:
        """The address by which mails of a kind are stopped; nothing where they cannot be."""
        return path and self._address + path


def _written(language: Language, value: Any) -> Any:
    if isinstance(value, date):
        return language.write_day(value)
    if isinstance(value, list):
        return [_written(language, one) for one in value]
    if isinstance(value, dict):
        return {key: _written(language, one) for key, one in value.items()}
    return _one_line(value) if isinstance(value, str) else value


@lru_cache
def _environment(texts: NullTranslations) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(("html",)), undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _one_line(text: str) -> str:
    """Spaces and whatever may end a line become one space; a space that does not break a line stays."""
    return _BREAKS.sub(" ", text).strip(" ")
