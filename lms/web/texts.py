"""Whose text is it? In a page that a host's frame dresses, each text goes to the catalogue that it comes from."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from lms.web.language import catalogue, language, own_messages, plural


def install_texts(environment: Environment, host: Environment) -> None:
    """Give the overlay `_()`, `gettext`, `ngettext` and `{% trans %}`: ours for our texts, the host's for its own."""
    own = Environment(extensions=["jinja2.ext.i18n"])  # noqa: S701  (renders nothing; escaping is the overlay's)
    own.install_gettext_callables(_translate, plural, newstyle=True)  # type: ignore[attr-defined]
    environment.add_extension("jinja2.ext.i18n")
    # Not by the overlay's own install_gettext_callables: it is a copy of the host's, and would write into the host.
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    for name in ("gettext", "ngettext"):
        environment.globals[name] = own.globals[name]
        if name in host.globals:
            theirs = _called_by_name(host.globals[name], getattr(host, "newstyle_gettext", False))
            environment.globals[name] = _by_origin(own.globals[name], theirs)


def _translate(message: str) -> str:
    return catalogue(language()).gettext(message)


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
