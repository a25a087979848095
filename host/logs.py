"""One line of JSON for each event, with the id of its request and nothing about a person.

Exceptions are told by their types and where they happened. Their messages are not: they quote values, and a value may
be a name or an answer. Other messages pass a filter for e-mail and network addresses.
"""

import ipaddress
import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

from host.watch import Seen, Watch, request_id

ROOT = Path(__file__).resolve().parents[1]
_EMAIL = re.compile(r"[^\s@<>\"'(),;:=]+@[^\s@<>\"'(),;:=]+")
_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)(?::\d+)?")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{3,}")
# Flask and gunicorn name the path of what failed; it may hold a reference or a token.
_PATH = re.compile(r"(Exception on|Error handling request) \S+")
# It quotes what it cannot read: a line of a request, or a header with its value.
_MALFORMED = re.compile(r"(Invalid (?:request from ip=\S+: )?(?:HTTP )?[A-Za-z ]+): .*", re.DOTALL)
_requests = logging.getLogger("host.requests")

Event = MutableMapping[str, Any]


def init(watch: Watch) -> None:
    """Log every request that the application answers."""
    watch.observers.append(_log_request)


def _log_request(seen: Seen) -> None:
    if seen.is_quiet:
        return
    told = {
        "method": seen.method,
        "route": seen.route,
        "status": seen.status,
        "ms": round(seen.seconds * 1000, 1),
        "bytes": seen.size,
    }
    _requests.info("request", extra=told)


def config() -> dict[str, Any]:
    """What gunicorn gives to logging.config.dictConfig. On a terminal, requests are not logged one by one."""
    from structlog import processors, stdlib

    before = [
        stdlib.add_log_level,
        stdlib.add_logger_name,
        stdlib.ExtraAdder(["method", "route", "status", "ms", "bytes"]),
        processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        _tell_exception,
        _hide_people,
    ]
    after = [stdlib.ProcessorFormatter.remove_processors_meta, processors.JSONRenderer(ensure_ascii=False)]
    to_console = {"handlers": ["console"], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": stdlib.ProcessorFormatter, "processors": after, "foreign_pre_chain": before}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"level": "WARNING", "handlers": ["console"]},
        "loggers": {
            "host.requests": {"level": "WARNING" if sys.stderr.isatty() else "INFO", **to_console},
            "gunicorn.error": {"level": "WARNING", **to_console},
            "gunicorn.access": {"level": "CRITICAL", **to_console},
        },
    }


def _add_request_id(_logger: Any, _method: str, event: Event) -> Event:
    if name := request_id.get():
        event["request_id"] = name
    return event


def _tell_exception(_logger: Any, _method: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = list(_told(error))
    return event


def _told(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """The exception and those that led to it, the last one first."""
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__, limit=-30)
        told: dict[str, Any] = {"type": f"{type(error).__module__}.{type(error).__qualname__}"}
        if code := getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None):
            told["code"] = code
        told["stack"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
        yield told
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(Path(*path.parts[-3:]))


def _hide_people(_logger: Any, _method: str, event: Event) -> Event:
    event["event"] = hide_people(str(event.get("event", "")))
    return event


def hide_people(text: str) -> str:
    """The text without e-mail addresses, network addresses and paths."""
    text = _MALFORMED.sub(r"\1: [hidden]", _PATH.sub(r"\1 [path]", _EMAIL.sub("[e-mail]", text)))
    text = _IPV4.sub("[address]", text)
    return _ADDRESS.sub(_hide_address, text)


def _hide_address(found: re.Match[str]) -> str:
    """Also with a port, and with a full stop or a colon behind it."""
    word = found[0].rstrip(".:")
    for form in (word, word.rpartition(":")[0]):
        try:
            ipaddress.ip_address(form)
        except ValueError:
            continue
        return "[address]" + found[0][len(word) :]
    return found[0]
