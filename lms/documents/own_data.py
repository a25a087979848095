"""What is kept about a person, for that person: a page to read, the same for a machine, and their files, in one zip.

Also the words in which the privacy manifest is told; `say` translates each for whoever reads.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

from lms.errors import N_
from lms.rules.privacy import Basis, Erasure, Keep, Purpose

Say = Callable[[str], str]

PURPOSE = {
    Purpose.PERSON: N_("Who you are and where you work"),
    Purpose.SIGNING_IN: N_("How you sign in"),
    Purpose.LEARNING: N_("Your courses: what was asked of you, what you completed"),
    Purpose.QUIZZES: N_("Your quizzes: attempts, answers, results"),
    Purpose.TASKS: N_("Your tasks at work: what you handed in, what was said about it"),
    Purpose.LEVELS: N_("Your competencies: evidence, levels, targets"),
    Purpose.TALKS: N_("Your talks about competencies: ratings of both sides"),
    Purpose.PLANS: N_("Your development plans"),
    Purpose.MAILS: N_("Mails to you"),
    Purpose.TRACES: N_("Who did what: your own acts, and who looked at your record"),
}
USE = {
    Purpose.PERSON: N_("So that the right courses reach you, and your manager and HR know whose record it is."),
    Purpose.SIGNING_IN: N_("So that you come in, and nobody else as you."),
    Purpose.LEARNING: N_("So that it can be shown who was trained in what, and when."),
    Purpose.QUIZZES: N_("So that you see what you answered, and a wrong question can be marked again."),
    Purpose.TASKS: N_("So that your reviewer can confirm what you do at work."),
    Purpose.LEVELS: N_("So that your level can be explained, piece by piece."),
    Purpose.TALKS: N_("So that you and your manager can agree, or see it differently."),
    Purpose.PLANS: N_("So that you and your manager know what you agreed."),
    Purpose.MAILS: N_("So that you are told once, and not twice."),
    Purpose.TRACES: N_("So that everybody can be asked to answer for what they did."),
}
BASIS = {
    Basis.CONTRACT: N_("your work contract, or the agreement with your organisation"),
    Basis.DUTY: N_("the duty to show who was trained in what"),
    Basis.INTEREST: N_("the interest to work safely and to answer for it"),
}
KEPT_FOR = {
    Keep.ATTEMPTS: N_("%(months)d months after the attempt"),
    Keep.LEAVERS: N_("%(months)d months after you have left"),
    Keep.RECORDS: N_("%(months)d months after you have left"),
    Keep.JOBS: N_("until the work behind it is swept, some months after it was done"),
}
ERASED = {
    Erasure.DELETED: N_("it goes"),
    Erasure.EMPTIED: N_("names and words go, dates and results stay under a number"),
    Erasure.WORDS: N_("what was written goes; that it was written, and when, stays under a number"),
    Erasure.KEPT: N_("it stays under a number instead of your name"),
}
HEADING = N_("What is kept about you")
INTRODUCTION = N_(
    "This is everything that the learning software keeps about you, as of %(at)s UTC. Other people's names and the "
    "keys of quizzes are left out. The same is in own-data.json, for machines; files that you handed in are in the "
    "folder files."
)
STYLE = (
    "body{font:16px/1.5 sans-serif;max-inline-size:70em;margin:2em auto;padding-inline:1em;color-scheme:light dark}"
    "div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid;padding:.2em .5em;text-align:start}"
)


def write_own_data(
    parts: Sequence[Any], files: Sequence[Any], *, name: str, at: datetime, say: Say, language: str, direction: str
) -> bytes:
    """A zip of own-data.html, own-data.json and files/. A part has `table`, `purpose` and `rows` (column -> value);
    a file has `number`, `name` and `body`."""
    told = f"{at:%Y-%m-%d %H:%M}"
    data = {"person": name, "as_of": told, "tables": {part.table: part.rows for part in parts}}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("own-data.json", json.dumps(data, ensure_ascii=False, indent=1, default=_plain))
        page = "".join(_page(parts, name, told, say, language, direction))
        archive.writestr("own-data.html", page)
        for file in files:
            archive.writestr(f"files/{file.number}-{_safe(file.name)}", file.body)
    return target.getvalue()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]+", "_", name).lstrip(".") or "file"


def _page(parts: Sequence[Any], name: str, at: str, say: Say, language: str, direction: str) -> Iterator[str]:
    heading = escape(say(HEADING))
    yield f'<!doctype html><html lang="{escape(language)}" dir="{escape(direction)}"><head><meta charset="utf-8">'
    yield f'<meta name="viewport" content="width=device-width"><title>{heading}</title><style>{STYLE}</style></head>'
    yield f"<body><h1>{heading}: {escape(name)}</h1><p>{escape(say(INTRODUCTION) % {'at': at})}</p>"
    for purpose in Purpose:
        found = [part for part in parts if part.purpose == purpose]
        if found:
            yield f"<h2>{escape(say(PURPOSE[purpose]))}</h2><p>{escape(say(USE[purpose]))}</p>"
        for part in found:
            yield f"<h3>{escape(_words(part.table.removeprefix('lms_')))}</h3>"
            yield from _table(part.rows)
    yield "</body></html>"


def _table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield "<div><table><tr>"
    yield from (f"<th>{escape(_words(column))}</th>" for column in rows[0])
    yield "</tr>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{escape(_shown(value))}</td>" for value in row.values()) + "</tr>"
    yield "</table></div>"


def _words(name: str) -> str:
    """A name of the database as words: own_choice -> Own choice."""
    return name.replace("_", " ").capitalize()


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
