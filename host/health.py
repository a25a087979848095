"""/livez: the process answers. /readyz: it can serve, because the database answers with the tables that it needs."""

from flask import Flask, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from lms.db import Database
from lms.schema import current_version, newest_version


def init(app: Flask) -> None:
    """Add both addresses. Neither opens a session, and neither is limited or counted."""
    app.add_url_rule("/livez", "host_livez", _alive)
    app.add_url_rule("/readyz", "host_readyz", _ready)


def _alive() -> Response:
    return _told(200, {"alive": True})


def _ready() -> Response:
    database: Database = current_app.extensions["host_database"]
    state = {"database": "reached", "tables": "current"}
    try:
        with database.engine.connect() as connection:
            found = current_version(connection)
    except (SQLAlchemyError, RuntimeError, OSError):  # a RuntimeError: a pragma that does not hold
        state = {"database": "not reached", "tables": "unknown"}
    else:
        if found != newest_version():
            state["tables"] = f"version {found or 'none'}, {newest_version()} needed: flask lms upgrade"
    is_ready = state == {"database": "reached", "tables": "current"}
    return _told(200 if is_ready else 503, {"ready": is_ready, **state})


def _told(status: int, what: dict[str, object]) -> Response:
    response = jsonify(what)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
