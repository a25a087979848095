"""Whose text is it? In a page that a host's frame dresses, each text goes to the catalogue that it comes from."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from lms.web.language import catalogue, language, own_messages, plural

MOST_TEXTS = 8192  # that are kept: the plugin's in four languages


def install_texts(environment: Environment, host: Environment, mark: Callable[[str], Markup]) -> None:
    """Give the overlay `_()`, `gettext`, `ngettext` and `{% trans %}`: ours for our texts, the host's for its own.

    They are as Jinja's newer kind: a text is markup (`mark`) and a pattern, also without variables, and what fills it
    is escaped. A page holds fifty, and Jinja's own way to each goes through four functions.
    """
    environment.add_extension("jinja2.ext.i18n")
    # Not by the overlay's own install_gettext_callables: it is a copy of the host's, and would write into the host.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    for name, ours in (("gettext", _gettext(mark)), ("ngettext", _ngettext(mark))):
        environment.globals[name] = ours
        if name in host.globals:
            theirs = _called_by_name(host.globals[name], getattr(host, "newstyle_gettext", False))
            environment.globals[name] = _by_origin(ours, theirs)
    environment.globals["_"] = environment.globals["gettext"]


def _gettext(mark: Callable[[str], Markup]) -> Callable[..., Markup]:
    @lru_cache(MOST_TEXTS)
    def pattern(message: str, language: str) -> Markup:
        return mark(catalogue(language).gettext(message))

    @lru_cache(MOST_TEXTS)
    def filled(message: str, language: str) -> Markup:
        return pattern(message, language) % {}

    def told(message: str, /, **variables: Any) -> Markup:
        return pattern(message, language()) % variables if variables else filled(message, language())

    return told


def _ngettext(mark: Callable[[str], Markup]) -> Callable[..., Markup]:
    def told(one: str, many: str, count: int, /, **variables: Any) -> Markup:
        return mark(plural(one, many, count)) % {"num": count, **variables}

    return told


def _by_origin(ours: Any, theirs: Any) -> Callable[..., Any]:
    @pass_context
    def translate(context: Context, message: str, *count: Any, **variables: Any) -> Any:
        return context.call(ours if message in own_messages() else theirs, message, *count, **variables)

    return translate


def _called_by_name(theirs: Any, is_newstyle: bool) -> Any:
    """A host's function, which may be of Jinja's older kind: that one knows no variables, its caller puts them in."""
    if is_newstyle:
        return theirs

    @pass_context
    def translate(context: Context, message: str, *count: Any, **variables: Any) -> Any:
        text = context.call(theirs, message, *count)
        return text % variables if variables else text

    return translate
