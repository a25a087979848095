"""The plugin's pages: one blueprint, thin views by noun, one gate."""

from pathlib import Path

from bootstrap_wrapper import get_bootstrap_dir
from flask import Blueprint, Response, request, send_from_directory
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from lms.errors import LmsError, NotFound
from lms.web import (  # noqa: F401  (importing a module registers its views)
    administration,
    assignments,
    attempts,
    authoring,
    courses,
    exports,
    failures,
    home,
    hr,
    learning,
    plan,
    profile,
    team,
)
from lms.web.gate import add_views, admit, view
from lms.web.plugin import close_reading

ROOT = Path(__file__).parent.parent
STATIC = {
    "lms.css": ROOT / "static",
    "quiz.js": ROOT / "static",
    "bootstrap.min.css": Path(get_bootstrap_dir()) / "css",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@view("/static/<path:path>")
def static(path: str) -> ResponseReturnValue:
    """The plugin's own files and the style sheet that they build on; nothing else can be named."""
    if path not in STATIC:
        raise NotFound()
    return send_from_directory(STATIC[path], path, max_age=86400)


def protect(response: Response) -> Response:
    """Headers of every answer of the plugin, and of nothing else in the host."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if (request.endpoint or "").rpartition(".")[2] != "static":
        response.headers.setdefault("Cache-Control", "no-store")  # shared phones: nothing personal stays in a cache
    return response


def make_blueprint(url_prefix: str) -> Blueprint:
    """The blueprint with every view, its gate, its failures and its headers."""
    blueprint = Blueprint("lms", "lms", url_prefix=url_prefix, template_folder=str(ROOT / "templates"))
    blueprint.before_request(admit)
    blueprint.after_request(protect)
    blueprint.teardown_request(close_reading)
    blueprint.register_error_handler(LmsError, failures.refused)
    blueprint.register_error_handler(HTTPException, failures.http_failed)
    blueprint.register_error_handler(DBAPIError, failures.database_failed)
    blueprint.register_error_handler(Exception, failures.failed)
    add_views(blueprint)
    return blueprint


__all__ = ["make_blueprint"]
