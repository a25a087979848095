"""Renders the plugin's templates in an overlay of the host's Jinja environment; the host's own is not changed."""

from functools import lru_cache
from typing import Any
from uuid import uuid4

import nh3
from flask import Flask, current_app, g
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment
from markupsafe import Markup

from lms.permissions import Actor, may
from lms.questions import TYPES
from lms.questions.written_numbers import example, html_pattern
from lms.web import words
from lms.web.assets import MODULES, asset
from lms.web.language import (
    days,
    format_day,
    format_decimal,
    format_duration,
    format_last_day,
    format_moment,
    format_month,
    format_percent,
    gettext,
    language,
    languages,
    percents,
    text_direction,
    translated,
)
from lms.web.numbers import number_marks, read_written, say_number
from lms.web.plugin import plugin
from lms.web.routes import ROUTES
from lms.web.texts import install_texts

# endpoint, text; shown to whom the policy table lets in
MENU = (
    ("home", words.MENU_HOME),
    ("courses", words.MENU_COURSES),
    ("levels", words.MENU_LEVELS),
    ("plan", words.MENU_PLAN),
    ("records", words.MENU_RECORDS),
    ("team", words.MENU_TEAM),
    ("evidence", words.MENU_EVIDENCE),
    ("assignments", words.MENU_ASSIGNMENTS),
    ("overview", words.MENU_OVERVIEW),
    ("hr_records", words.MENU_HR),
    ("people_files", words.MENU_PEOPLE),
    ("hr_quizzes", words.MENU_QUIZZES),
    ("hr_applications", words.MENU_APPLICATIONS),
    ("plan_stages", words.MENU_PLANS),
    ("unit_levels", words.MENU_UNIT_LEVELS),
    ("exports", words.MENU_EXPORTS),
    ("seals", words.MENU_SEALS),
    ("authoring", words.MENU_AUTHORING),
    ("roles", words.MENU_ROLES),
    ("frameworks", words.MENU_FRAMEWORKS),
    ("erasures", words.MENU_ERASURES),
    ("audit", words.MENU_AUDIT),
    ("jobs", words.MENU_JOBS),
)


def make_environment(app: Flask) -> Environment:
    """The overlay: the host's loader, a copy of its globals and filters, and ours."""
    environment = app.jinja_env.overlay(
        autoescape=True, bytecode_cache=None
    )  # a file of the host's cache is of its kind
    environment.globals = dict(app.jinja_env.globals)
    environment.filters = dict(app.jinja_env.filters)
    install_texts(environment, app.jinja_env, own_text)
    environment.filters.update(
        lms_day=format_day,
        lms_last_day=format_last_day,
        lms_moment=format_moment,
        lms_month=format_month,
        lms_duration=format_duration,
        lms_percent=format_percent,
        lms_decimal=format_decimal,
        lms_trusted=trusted,
        lms_kilobytes=kilobytes,
        lms_told=gettext,
        lms_number=say_number,
    )
    environment.globals.update(
        lms_csrf_token=generate_csrf, lms_form_id=lambda: uuid4().hex,
        lms_words=words, lms_language=language, lms_direction=text_direction,
        lms_menu=menu, lms_languages=languages, lms_question_types=TYPES, lms_days=days,
        lms_percents=percents, lms_translated=translated, lms_plugin=plugin, lms_asset=asset, lms_modules=MODULES,
        lms_number_marks=number_marks, lms_number_pattern=html_pattern, lms_number_example=example,
        lms_read_number=read_written,
        # An import compares all globals each time, as long as a question takes to write; a page has one for each.
        lms_macros=lambda path: environment.get_template(path).module,
        lms_actor=lambda: g.get("lms_actor"), lms_identity=lambda: g.get("lms_identity"),
    )  # fmt: skip
    return environment


def render(template: str, **context: Any) -> str:
    """A page from `lms/<template>`, with what the host's context processors add."""
    current = plugin()
    if current.environment is None:
        current.environment = make_environment(current_app._get_current_object())  # type: ignore[attr-defined]
    context = {"language": language(), "direction": text_direction(), **context}
    current_app.update_template_context(context)
    return current.environment.get_template(f"lms/{template}").render(context)


@lru_cache(maxsize=2048)
def trusted(html: str) -> Markup:
    """Course content: sanitised when it was published, and again here, so that no way into the table can bypass it."""
    attributes = {tag: set(names) | {"class", "id"} for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes["*"] = {"class", "id", "role", "aria-label", "aria-labelledby"}
    attributes["img"] = {"src", "alt", "loading", "width", "height"}
    tags = nh3.ALLOWED_TAGS | {"section", "figure", "figcaption"}
    clean = nh3.clean(html, tags=tags, attributes=attributes, link_rel=None, url_schemes={"http", "https", "mailto"})
    return Markup(clean)  # noqa: S704  (course content)


def own_text(text: str) -> Markup:
    """A text of our catalogue, which holds nothing that a person typed, as Jinja's own translations mark it."""
    return Markup(text)  # noqa: S704  (this and `trusted` are the places where text becomes markup)


def kilobytes(size: int) -> str:
    """A weight for people, at least 1 KB."""
    return f"{max(1, round(size / 1024))} KB"


def menu() -> list[tuple[str, str]]:
    """Endpoint and text of what the actor may open."""
    current: Actor | None = g.get("lms_actor")
    if current is None:
        return []
    return [(f"lms.{endpoint}", gettext(text)) for endpoint, text in MENU if may(current, ROUTES[endpoint])]
