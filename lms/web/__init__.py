"""The plugin's pages: one blueprint, thin views by noun, one gate."""

from pathlib import Path

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, default_exceptions

from lms.db import Busy
from lms.errors import LmsError
from lms.web import (  # noqa: F401  (importing a module registers its views)
    administration,
    applications,
    assessments,
    assets,
    assignment_rules,
    assignments,
    attempts,
    attendances,
    authoring,
    certificates,
    conversations,
    courses,
    delegations,
    evidence,
    exports,
    failures,
    frameworks,
    home,
    hr,
    item_analysis,
    jobs,
    known_on,
    learning,
    leaves,
    messages,
    peers,
    people_files,
    person_records,
    plan,
    plan_acts,
    preview,
    privacy,
    profile,
    quizzes,
    reasons,
    recalls,
    reports,
    reviews,
    seals,
    stopping,
    targets,
    team,
    team_plans,
    unions,
    waivers,
)
from lms.web.gate import add_views, admit
from lms.web.neighbours import CONTENT_POLICY, meet
from lms.web.plugin import close_reading
from lms.web.routes import LINK, ROUTES

ROOT = Path(__file__).parent.parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; media-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


def protect(response: Response) -> Response:
    """Headers of every answer of the plugin, and of nothing else in the host."""
    g.lms_content_policy = response.headers.setdefault(CONTENT_POLICY, POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    endpoint = (request.endpoint or "").rpartition(".")[2]
    if ROUTES.get(endpoint) == LINK:  # who has the address may act: no site that a visitor goes on to learns it
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")  # shared phones: nothing personal stays in a cache
    return response


def make_blueprint(url_prefix: str) -> Blueprint:
    """The blueprint with every view, its gate, its failures and its headers."""
    blueprint = Blueprint("lms", "lms", url_prefix=url_prefix, template_folder=str(ROOT / "templates"))
    blueprint.before_request(admit)
    blueprint.after_request(protect)
    blueprint.teardown_request(close_reading)
    blueprint.register_error_handler(LmsError, failures.refused)
    kinds: list[type[HTTPException]] = [HTTPException, *default_exceptions.values()]
    for kind in kinds:  # each by its code as well: a host's own handler of a 404 would come before ours
        blueprint.register_error_handler(kind, failures.http_failed)
    blueprint.register_error_handler(DBAPIError, failures.database_failed)
    blueprint.register_error_handler(Busy, failures.too_busy)
    blueprint.register_error_handler(Exception, failures.failed)
    add_views(blueprint)
    return blueprint


__all__ = ["make_blueprint", "meet"]
