"""The plugin's own texts, dates and numbers in the person's language, by Babel; a host's Babel is not touched."""

import gettext as gettext_module
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, dates, numbers
from babel.messages import Catalog, mofile, pofile
from flask import g, has_request_context, request

TRANSLATIONS = Path(__file__).parent.parent / "translations"
SOURCE = "en"
MOST_DAYS = 4096  # that are kept: those of eleven years


@lru_cache
def languages() -> dict[str, str]:
    """Language code -> its own name, of the languages in which the plugin's texts exist."""
    codes = [SOURCE, *sorted(path.parent.name for path in TRANSLATIONS.glob("*/lms.po"))]
    return {code: (Locale.parse(code, sep="-").display_name or code).capitalize() for code in codes}


@lru_cache
def catalogue(language: str) -> gettext_module.NullTranslations:
    """The texts of a language, compiled in memory from the .po file, so that no build step is needed."""
    if language == SOURCE or language not in languages():
        return gettext_module.NullTranslations()
    compiled = io.BytesIO()
    mofile.write_mo(compiled, _read(language))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


@lru_cache
def own_messages() -> frozenset[str]:
    """Every text of the plugin, as its catalogues list it in English."""
    ids = [message.id for code in languages() if code != SOURCE for message in _read(code)]
    return frozenset(text for one in ids for text in ([one] if isinstance(one, str) else one))


@lru_cache
def _read(language: str) -> Catalog:
    with (TRANSLATIONS / language / "lms.po").open("rb") as source:
        return pofile.read_po(source, locale=language.replace("-", "_"))


def language() -> str:
    """The language of this page: the person's, else the browser's best of ours, else English."""
    if not has_request_context():
        return SOURCE
    page = g._get_current_object()  # once: this is asked for each text of a page
    who = page.get("lms_actor")
    chosen: tuple[object, str] | None = page.get("lms_language")
    if chosen is None or chosen[0] is not who:  # asked also before the gate knows who it is
        page.lms_language = chosen = (who, _language_of(who))
    return chosen[1]


def _language_of(who: Any) -> str:
    if who is None:
        return request.accept_languages.best_match(list(languages())) or SOURCE
    return spoken(who.language)


def speak(language: str) -> None:
    """Write this page in somebody's language who is not signed in."""
    g.lms_language = (g.get("lms_actor"), spoken(language))


def spoken(language: str) -> str:
    """The language itself where there are texts in it, else English."""
    return language if language in languages() else SOURCE


def locale() -> Locale:
    """The Babel locale of this page."""
    return _locale(language())


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def gettext(message: str, **params: object) -> str:
    """The message in the page's language, with its parameters."""
    text = catalogue(language()).gettext(message)
    return text % params if params else text


def ngettext(one: str, many: str, count: int, **params: object) -> str:
    """The form that the page's language uses for the count."""
    return plural(one, many, count) % {"num": count, **params}


def plural(one: str, many: str, count: int) -> str:
    """The form that the page's language uses for the count, its parameters still open."""
    return catalogue(language()).ngettext(one, many, count)


def format_day(day: date | None) -> str:
    """A date as a reader writes it, e.g. 23 Nov 2026."""
    return days()[day] if day else ""


def format_month(day: date) -> str:
    """The month of a day as a reader writes it, e.g. November 2026."""
    return dates.format_skeleton("yMMMM", day, locale=_locale(language()))


class Days(dict[date | None, str]):
    """Dates as the readers of a language write them, each written once; a dash for none."""

    def __init__(self, language: str) -> None:
        super().__init__({None: "–"})
        self._locale = _locale(language)

    def __missing__(self, day: date) -> str:
        written = dates.format_date(day, format="medium", locale=self._locale)
        if len(self) < MOST_DAYS:
            self[day] = written
        return written


def days() -> Days:
    """The dates of this page's language: a list asks once for it, not for each date."""
    return days_of(language())


@lru_cache
def days_of(language: str) -> Days:
    """The dates of a language in which there are texts."""
    return Days(language)


def format_last_day(first_day_without: date | None) -> str:
    """The last day on which something counts, from the first on which it no longer does."""
    return format_day(first_day_without - timedelta(days=1)) if first_day_without else ""


def format_moment(moment: datetime | None) -> str:
    """An instant in UTC, to the minute."""
    if moment is None:
        return ""
    return f"{format_day(moment.date())} {dates.format_time(moment, 'short', tzinfo=dates.UTC, locale=locale())} UTC"


def format_duration(length: timedelta) -> str:
    """How long something lasts, in the largest fitting unit, e.g. 3 hours."""
    return str(dates.format_timedelta(length, locale=locale()))


def format_percent(percent: int | None) -> str:
    """A whole percentage with the sign where the language puts it; a dash for none."""
    return percents()[percent]


def format_decimal(value: float) -> str:
    """A number with two decimals as a reader writes it, e.g. 0.25."""
    return str(numbers.format_decimal(value, format="0.00;−0.00", locale=locale()))


def percents() -> dict[int | None, str]:
    """Whole percentages, 0 to 100, in this page's language; a dash for none."""
    return _percents(language())


@lru_cache
def _percents(language: str) -> dict[int | None, str]:
    written: dict[int | None, str] = {None: "–"}
    return written | {n: str(numbers.format_percent(n / 100, locale=_locale(language))) for n in range(101)}


def translated(texts: Mapping[str, str]) -> dict[str, str]:
    """Codes with their texts in this page's language."""
    return _translated(tuple(texts.items()), language())


@lru_cache
def _translated(texts: tuple[tuple[str, str], ...], language: str) -> dict[str, str]:
    return {code: catalogue(language).gettext(text) for code, text in texts}


def text_direction() -> str:
    """`ltr` or `rtl`."""
    return direction_of(language())


def direction_of(language: str) -> str:
    """`ltr` or `rtl`, of a language in which there are texts."""
    return str(_locale(language).text_direction)
