"""An office's portal under /office, careful in its own ways: CSRF on every form, German by its own choice, a strict
content policy on every answer, and pages for every failure."""

from datetime import date

from flask import Flask, Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from lms.extension import LMS
from lms.identity import Identity

POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'"
ROOT = "/office"


class Clerk(UserMixin):
    def __init__(self, email: str) -> None:
        self.email = email

    def get_id(self) -> str:
        return self.email


def select_locale() -> str:
    return str(session.get("language", "de"))


def identify(clerk: Clerk) -> Identity:
    return Identity(subject=clerk.email, email=clerk.email, name=clerk.email)


def set_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Office"] = str(get_locale())
    return response


def show_failure(error: Exception) -> ResponseReturnValue:
    code = error.code if isinstance(error, HTTPException) else 500
    return render_template("error.html", code=code), code or 500


def sign_in() -> ResponseReturnValue:
    if request.method == "POST" and request.form["password"] == "open":
        login_user(Clerk(request.form["email"]))
        return redirect(request.args.get("next") or url_for("home"))
    return render_template("sign_in.html")


def sign_out() -> ResponseReturnValue:
    logout_user()
    return redirect(url_for("home"))


def create_app(translations: str, database: str, learning: bool = True, protect_first: bool = True) -> Flask:
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="office-" + "x" * 32, APPLICATION_ROOT=ROOT, SESSION_COOKIE_NAME="office", TESTING=True,
        BABEL_TRANSLATION_DIRECTORIES=translations, WTF_CSRF_FIELD_NAME="office_token", WTF_CSRF_TIME_LIMIT=60,
    )  # fmt: skip
    protection = CSRFProtect()
    if protect_first:
        protection.init_app(app)
    Babel(app, locale_selector=select_locale)
    login_manager = LoginManager(app)
    login_manager.login_view = "sign_in"
    login_manager.user_loader(Clerk)
    app.after_request(set_policy)
    for kind in (403, 404, 405, 413, HTTPException, Exception):
        app.register_error_handler(kind, show_failure)
    # Names that the plugin has as well, for other things.
    app.jinja_env.filters["day"] = app.jinja_env.filters["percent"] = lambda value, unit="x": f"{value} {unit}"
    app.jinja_env.globals.update(language="the office's", direction="up", actor="clerk", founded=date(2001, 5, 4))
    app.context_processor(lambda: {"menu": ["Canteen", "Archive"], "quiz": "none"})
    app.add_url_rule("/", "home", lambda: render_template("home.html", count=3))
    app.add_url_rule("/form", "form", lambda: f"taken: {request.form['text']}", methods=["POST"])
    app.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    app.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    if learning:
        LMS(app, url_prefix="/learn", database=database, identify=identify)
    if not protect_first:
        protection.init_app(app)
    app.wsgi_app = DispatcherMiddleware(NotFound(), {ROOT: app.wsgi_app})  # type: ignore[method-assign, assignment]
    return app
