"""The words of mails, in the language of whoever reads them, from templates: a text, and the same as simple HTML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).parent.parent / "templates" / "lms" / "mails"


@dataclass(frozen=True)
class Words:
    """What a mail says."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Languages:
    """What the words need of a language: its texts, its way to write a date, its direction (`ltr`, `rtl`)."""

    catalogue: Callable[[str], NullTranslations]
    write_day: Callable[[str, date], str]
    direction: Callable[[str], str]


class Letters:
    """Renders mails for one installation."""

    def __init__(self, languages: Languages, *, organisation: str, address: str) -> None:
        self._languages = languages
        self._organisation = organisation
        self._address = address  # of the plugin's pages: links begin with it
        self._environment = lru_cache(self._make_environment)

    def write(self, kind: str, language: str, name: str, values: Mapping[str, Any]) -> Words:
        """The words of a mail. Its template's first paragraph is the subject; a paragraph that is the link becomes one.

        White space in what is filled in becomes one space: a name of several lines neither adds a header nor ends one.
        """
        link = values.get("link") or self._address + values.get("path", "/")
        given = {key: self._written(language, value) for key, value in {**values, "link": link, "name": name}.items()}
        given |= {"organisation": _one_line(self._organisation), "profile": f"{self._address}/profile"}
        environment = self._environment(language)
        rendered = environment.get_template(f"{kind}.txt").render(given)
        subject, *paragraphs = [_one_line(part) for part in rendered.split("\n\n") if part.strip()]
        html = environment.get_template("frame.html").render(
            subject=subject, paragraphs=paragraphs, links=(given["link"], given["profile"]), language=language,
            direction=self._languages.direction(language),
        )  # fmt: skip
        return Words(subject, "\n\n".join(paragraphs) + "\n", html)

    def _written(self, language: str, value: Any) -> Any:
        if isinstance(value, date):
            return self._languages.write_day(language, value)
        return _one_line(value) if isinstance(value, str) else value

    def _make_environment(self, language: str) -> Environment:
        texts = self._languages.catalogue(language)
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(("html",)),
            extensions=["jinja2.ext.i18n"], undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
        return environment


def _one_line(text: str) -> str:
    return " ".join(text.split())
