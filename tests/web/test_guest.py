"""A guest leaves the house as it was: the host's globals, handlers, forms and pages are its own."""

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_login import FlaskLoginClient, LoginManager
from jinja2 import DictLoader

from lms.db import Database
from lms.errors import ConfigurationError
from lms.extension import LMS
from lms.identity import Identity
from tests.conftest import User, make_host
from tests.site import Site


def host_alone() -> Flask:
    app = Flask("tests.conftest", static_folder=None, template_folder=None)
    app.config.update(SECRET_KEY="x" * 32, TESTING=True)
    manager = LoginManager(app)
    manager.user_loader(User)
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = host_words
    app.jinja_env.filters["day"] = host_words
    app.add_url_rule("/page", "page", lambda: render_template_string("{{ _('<b>') }} {{ 'a'|day }}"))
    app.add_url_rule("/form", "form", lambda: "taken", methods=["POST"])
    app.add_url_rule("/fails", "fails", lambda: 1 // 0)
    app.register_error_handler(404, lambda error: ("the host's own 404", 404))
    app.register_error_handler(ZeroDivisionError, lambda error: ("the host's own 500", 500))
    return app


def host_words(text: str) -> str:
    return f"host {text}"


def state(app: Flask) -> dict[str, object]:
    """What a guest could write into, as it is now."""
    env = app.jinja_env
    return {
        "globals": dict(env.globals), "filters": dict(env.filters), "tests": dict(env.tests),
        "extensions": set(env.extensions), "undefined": env.undefined, "autoescape": env.autoescape,
        "handlers": {code: dict(found) for code, found in app.error_handler_spec[None].items() if found},
        "before": list(app.before_request_funcs.get(None, [])), "after": list(app.after_request_funcs.get(None, [])),
        "teardown": [*app.teardown_request_funcs.get(None, []), *app.teardown_appcontext_funcs],
        "processors": list(app.template_context_processors[None]), "config": dict(app.config),
        "login": vars(app.login_manager).copy(),  # type: ignore[attr-defined]
        "rules": {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.startswith("/learn")},
    }  # fmt: skip


@pytest.fixture
def mounted(sqlite: Database) -> tuple[Flask, dict[str, object]]:
    """A host with ways of its own, and what it was before the plugin came."""
    app = host_alone()
    before = state(app)
    LMS(app, url_prefix="/learn", database=str(sqlite.url))
    return app, before


def test_nothing_of_the_host_changes(mounted: tuple[Flask, dict[str, object]], sqlite: Database) -> None:
    app, before = mounted
    assert state(app) == before
    assert app.test_client().get("/learn/plan").status_code == 401  # a host without a login_view
    app.test_client_class = FlaskLoginClient
    page = app.test_client(user=User("amina@lantern.example")).get("/learn/courses")
    assert page.status_code == 200
    assert "host Courses" not in page.text  # our texts are ours, translated or not
    assert state(app) == before
    app.extensions["lms"].database.dispose()


def test_the_hosts_own_pages_are_untouched(mounted: tuple[Flask, dict[str, object]]) -> None:
    app, _before = mounted
    browser = app.test_client()
    browser.get("/learn/plan")
    own = {"/page": "host &lt;b&gt; host a", "/nothing": "the host's own 404", "/fails": "the host's own 500"}
    for path, text in own.items():
        response = browser.get(path)
        assert response.text == text
        assert "Content-Security-Policy" not in response.headers
        assert "Cache-Control" not in response.headers
    assert browser.post("/form", data={"no": "token"}).text == "taken"
    assert browser.get("/learn/nothing").text == "the host's own 404"
    app.extensions["lms"].database.dispose()


def test_a_frames_words_are_the_hosts_also_without_babel(sqlite: Database) -> None:
    app = host_alone()
    frame = """{{ _("Board") }}, {{ _("%(n)s new") % {"n": 3} }}, {% trans n=2 %}{{ n }} old{% endtrans %}
        {% block lms_title %}{% endblock %}{% block lms_content %}{% endblock %}"""
    app.jinja_loader = DictLoader({"lms/layout.html": frame})  # type: ignore[misc]
    LMS(app, url_prefix="/learn", database=str(sqlite.url))
    app.test_client_class = FlaskLoginClient
    page = app.test_client(user=User("amina@lantern.example")).get("/learn/courses")
    assert "host Board, host 3 new, host 2 old" in page.text
    app.extensions["lms"].database.dispose()


def test_a_host_that_escapes_nothing_does_not_undo_our_escaping(sqlite: Database) -> None:
    app = make_host(sqlite)
    app.jinja_env.autoescape = False
    page = app.test_client(user=User("kofi@lantern.example")).get("/learn/assignments/new?search=<i>x")
    assert "<i>x" not in page.text


def test_a_host_without_sign_in_is_told_what_it_needs(tmp_path: object) -> None:
    with pytest.raises(ConfigurationError, match="LoginManager\\(app\\)"):
        LMS(Flask("tests.conftest"), url_prefix="/learn", database="sqlite://")


@pytest.mark.parametrize("prefix", ["", "/", "learn", "/learn/", "/<tenant>"])
def test_a_prefix_that_cannot_work_is_refused(prefix: str) -> None:
    with pytest.raises(ConfigurationError, match="such as '/learn'"):
        LMS(host_alone(), url_prefix=prefix, database="sqlite://")


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="SQLite or PostgreSQL, not in 'mysql'"):
        LMS(host_alone(), url_prefix="/learn", database="mysql+pymysql://u:p@localhost/site")


@pytest.mark.parametrize("subject", [None, "", 17])
def test_somebody_without_a_subject_of_their_own_is_nobody(subject: Any) -> None:
    with pytest.raises(ValueError, match=r"such as str\(user.id\)"):
        Identity(subject=subject, email=None, name="A")


def test_it_is_mounted_once(sqlite: Database) -> None:
    with pytest.raises(ConfigurationError, match="mount it once"):
        LMS(make_host(sqlite), url_prefix="/again", database="sqlite://")


def test_another_prefix_moves_every_address(sqlite: Database) -> None:
    app = make_host(sqlite, prefix="/deep/er")
    page = app.test_client(user=User("amina@lantern.example")).get("/deep/er/courses/basics")
    assert page.status_code == 200
    assert "/learn" not in page.text


def test_the_engine_is_the_plugins_own(site: Site) -> None:
    assert "sqlalchemy" not in site.app.extensions
    assert not [name for name in site.app.extensions if name not in ("lms",)]
