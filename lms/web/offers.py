"""Lists to choose from. What a list offers is prepared once for the same choices: a large organisation has five hundred
units, and writing them took as long as the rest of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import wtforms
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import Select, html_params

from lms.web.language import gettext


@dataclass(frozen=True)
class Offered:
    """The choices of a list, and their options as text while none is chosen."""

    choices: list[SelectChoice]
    values: frozenset[str]
    options: str

    def options_with(self, chosen: object) -> str:
        """The options as text, one of them chosen."""
        if chosen not in self.values:
            return self.options
        plain = _option(str(chosen))
        return self.options.replace(plain, plain.replace("<option ", "<option selected "), 1)


@lru_cache(maxsize=128)
def _offered(pairs: tuple[tuple[str, str], ...]) -> Offered:
    """By what they say, not by whose they are: what changed is another key, and nothing is ever out of date."""
    options = "".join(f"{_option(value)}{escape(label or value)}</option>" for value, label in pairs)
    choices = [SelectChoice(value, label) for value, label in pairs]
    return Offered(choices, frozenset(value for value, _ in pairs), options)


def _option(value: str) -> str:
    return f'<option value="{escape(value)}">'


class WrittenSelect(Select):  # type: ignore[misc]
    """Writes the list from the options that are prepared."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        if not isinstance(field, SelectField) or field.offered is None:
            return Markup(super().__call__(field, **attributes))  # noqa: S704  (WTForms escapes)
        flags = {name: True for name in self.validation_attrs if getattr(field.flags, name, False)}
        written = html_params(name=field.name, **{"id": field.id, **flags, **attributes})
        return Markup(f"<select {written}>{field.offered.options_with(field.data)}</select>")  # noqa: S704  (escaped)


class SelectField(wtforms.SelectField):  # type: ignore[misc]
    """A list of which one is chosen."""

    widget = WrittenSelect()
    offered: Offered | None = None

    def pre_validate(self, form: wtforms.Form) -> None:
        """Whether the choice is offered; WTForms has the words for one that is not."""
        if self.offered is None or self.data not in self.offered.values:
            super().pre_validate(form)


def offer(field: Field, pairs: Iterable[tuple[str, str]], nothing: str | None = None) -> None:
    """Set what a field offers: values with labels, after an empty choice where `nothing` names it."""
    first = [] if nothing is None else [("", gettext(nothing))]
    if isinstance(field, SelectField):
        field.offered = _offered((*first, *pairs))
        field.choices = field.offered.choices
    else:
        field.choices = [SelectChoice(value, label) for value, label in (*first, *pairs)]
