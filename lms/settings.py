"""Every setting of the plugin and of its first host, declared once; read from the environment.

`python -m lms.settings` prints the table that docs/operators.md shows.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr

from lms.errors import ConfigurationError

PREFIX = "LMS_"
KEPT_MONTHS = ("attempts", "leavers", "records")  # rules.privacy.Keep
_HEADER = r"\s*[a-z_]+\s*=\s*\w[\w ]*"
FEWEST_DAYS = 75  # news is told for 60 days and sent for 14 more


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it is when absent, and what it does."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("LMS_DATABASE_URL", "sqlite:///instance/lms.sqlite3", "Where records live: an SQLite or PostgreSQL URL."),
    Setting("LMS_COURSES", "courses", "The folder that `flask lms check`, `load` and `questions export` read."),
    Setting("LMS_SECRET_KEY", "", "Signs sessions and forms; at least 32 characters. `make run` makes a local one."),
    Setting("LMS_ORGANISATION", "Lantern Bridge", "The organisation's name, as pages and mails show it."),
    Setting("LMS_PLAN_CYCLE_START", "07-01", "Month and day on which a development plan's year begins."),
    Setting("LMS_BASE_URL", "http://127.0.0.1:5000", "The public address: mails, certificates, exports link to it."),
    Setting("LMS_MAIL_URL", "", "smtp://user:password@host:587; when empty, mails are written to instance/mail/."),
    Setting("LMS_MAIL_FROM", "learning@localhost", "The sender of mails."),
    Setting("LMS_REVIEW_LINKS", "1", "1 lets reviewers answer by the signed link of a mail; 0 asks them to sign in."),
    Setting("LMS_KEEP_JOBS_DAYS", "90", "How many days finished jobs and their mails are kept; at least 75."),
    Setting("LMS_IMPORT_SHARE", "10", "Percent of people whom a file may move or end; for more a second one approves."),
    Setting("LMS_KEEP_ATTEMPTS_MONTHS", "24", "How many months answers to quizzes are kept after the attempt."),
    Setting("LMS_KEEP_LEAVERS_MONTHS", "12", "How many months plans, ratings and tasks of leavers are kept."),
    Setting("LMS_KEEP_RECORDS_MONTHS", "72", "How many months leavers' names are kept beside their records."),
    Setting("LMS_SEAL_KEY", "instance/seal_key", "The file of the private key that seals records: outside of backups."),
    Setting("LMS_SF_COLUMNS", "", "Your words for columns of sf_history_v1: user_id=Student ID, item_id=Component."),
    Setting("LMS_SECOND_PERSON_FROM", "200", "A rule's change that touches so many people waits for a second person."),
    Setting("LMS_COOKIE_SECURE", "0", "1 sends cookies over HTTPS only: set it wherever HTTPS is served."),
    Setting("LMS_PROXIES", "0", "How many proxies stand in front and set X-Forwarded-*; 0 believes none."),
    Setting("LMS_TRUSTED_HOSTS", "", "Names under which the site may be asked for, with commas; empty takes all."),
    Setting("LMS_POSTGRESQL_BIN", "", "The folder of pg_dump, pg_restore and psql, for backups; empty takes the PATH."),
    Setting("LMS_METRICS_TOKEN", "", "Who sends it as a bearer token may read /metrics; when empty, nobody may."),
    Setting("LMS_TEST_DATABASE_URL", "", "Tests only: a PostgreSQL to use instead of the one that pip brings."),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read_settings(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return every setting by name, taken from `environ` (default: the process's) or its default.

    Raises ConfigurationError for an unknown LMS_* variable, naming the nearest known one, and for values that would
    only fail, or silently protect less, later.
    """
    given = os.environ if environ is None else environ
    unknown = [name for name in given if name.startswith(PREFIX) and name not in _BY_NAME]
    if unknown:
        raise ConfigurationError("\n".join(_explain_unknown(name) for name in sorted(unknown)))
    settings = {setting.name: given.get(setting.name) or setting.default for setting in SETTINGS}
    faults = list(_faults(settings))
    if faults:
        raise ConfigurationError("\n".join(faults))
    return settings


def _faults(settings: Mapping[str, str]) -> Iterator[str]:
    """What `host/` does not look at when it starts."""
    start = settings["LMS_PLAN_CYCLE_START"]
    for name in ("LMS_COOKIE_SECURE", "LMS_REVIEW_LINKS"):
        if settings[name] not in ("0", "1"):
            yield f"{name} is {settings[name]!r}; it is 0 or 1."
    if not _is_day_of_year(start):
        yield f"LMS_PLAN_CYCLE_START is {start!r}; it is a month and a day, such as 07-01."
    if not re.fullmatch(rf"({_HEADER}(,{_HEADER})*)?", settings["LMS_SF_COLUMNS"]):
        yield "LMS_SF_COLUMNS is a list such as user_id=Student ID, item_id=Component: letters, digits, _ and blanks."
    if not re.fullmatch("[0-9]{1,9}", settings["LMS_SECOND_PERSON_FROM"]):
        yield "LMS_SECOND_PERSON_FROM is a number of people, such as 200; with 0 every change waits."
    days = settings["LMS_KEEP_JOBS_DAYS"]
    if not re.fullmatch("[0-9]{1,4}", days) or int(days) < FEWEST_DAYS:
        yield (
            f"LMS_KEEP_JOBS_DAYS is {days!r}; it is a number of days, at least {FEWEST_DAYS}, so that nobody is told "
            "twice that a level will fall."
        )
    share = settings["LMS_IMPORT_SHARE"]
    if not re.fullmatch("[0-9]{1,3}", share) or int(share) > 100:
        yield f"LMS_IMPORT_SHARE is {share!r}; it is a share in percent, 0 to 100; 100 never waits."
    for name in (f"LMS_KEEP_{kept.upper()}_MONTHS" for kept in KEPT_MONTHS):
        if not re.fullmatch("[1-9][0-9]{0,2}", settings[name]):
            yield f"{name} is {settings[name]!r}; it is a number of months, from 1 to 999."
    if "@" not in parseaddr(settings["LMS_MAIL_FROM"])[1]:
        yield "LMS_MAIL_FROM is not an e-mail address. It looks like learning@example.org"


def read_headers(text: str) -> dict[str, str]:
    """Column -> the receiver's word for it."""
    pairs = (pair.split("=") for pair in text.split(",") if pair.strip())
    return {column.strip(): word.strip() for column, word in pairs}


def _is_day_of_year(text: str) -> bool:
    try:
        return bool(re.fullmatch("[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(f"2000-{text}"))
    except ValueError:
        return False


def _explain_unknown(name: str) -> str:
    near = difflib.get_close_matches(name, _BY_NAME, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(_BY_NAME)}."
    return f"Unknown setting {name}. {hint}"


def settings_table() -> str:
    """The settings as a Markdown table."""
    rows = [f"| `{s.name}` | {f'`{s.default}`' if s.default else 'empty'} | {s.meaning} |" for s in SETTINGS]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


if __name__ == "__main__":
    print(settings_table())
