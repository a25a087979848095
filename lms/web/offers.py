"""Lists to choose from. What a list offers is prepared once for the same choices: a large organisation has five hundred
units, and writing them took as long as the rest of the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import wtforms
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.widgets import Select

from lms.web.blanks import write_once
from lms.web.language import gettext


@dataclass(frozen=True)
class Offered:
    """The choices of a list, and their options as markup: WTForms writes and escapes each."""

    choices: list[SelectChoice]
    options: dict[str, Markup]
    together: Markup

    def options_with(self, chosen: str | None) -> Markup:
        """All options, one of them chosen."""
        if chosen is None or chosen not in self.options:
            return self.together
        label = next(choice.label for choice in self.choices if choice.value == chosen)
        return self.together.replace(self.options[chosen], _option(chosen, label, selected=True), 1)


@lru_cache(maxsize=128)
def _offered(pairs: tuple[tuple[str, str], ...]) -> Offered:
    """By what they say, not by whose they are: what changed is another key, and nothing is ever out of date."""
    options = [_option(value, label) for value, label in pairs]
    choices = [SelectChoice(value, label) for value, label in pairs]
    return Offered(choices, {c.value: o for c, o in zip(choices, options, strict=True)}, escape("").join(options))


def _option(value: str, label: str, selected: bool = False) -> Markup:
    return Select.render_option(Choice(value, label, selected, {}))  # type: ignore[no-any-return]


class WrittenSelect(Select):  # type: ignore[misc]
    """Writes the list around the options that are prepared."""

    def __call__(self, field: Field, **attributes: Any) -> Markup:
        if field.offered is None:
            return super().__call__(field, **attributes)  # type: ignore[no-any-return]
        empty = write_once(field, attributes, lambda: self._write_empty(field, attributes))
        end = len(empty) - len("</select>")
        offered: Offered = field.offered
        return empty[:end] + offered.options_with(field.data) + empty[end:]

    def _write_empty(self, field: Field, attributes: dict[str, Any]) -> Markup:
        field.choices = []
        empty: Markup = super().__call__(field, **attributes)
        field.choices = field.offered.choices
        return empty


class SelectField(wtforms.SelectField):  # type: ignore[misc]
    """A list of which one is chosen."""

    widget = WrittenSelect()
    offered: Offered | None = None

    def pre_validate(self, form: wtforms.Form) -> None:
        """Whether the choice is offered; WTForms has the words for one that is not."""
        if self.offered is None or self.data not in self.offered.options:
            super().pre_validate(form)


def offer(field: Field, pairs: Iterable[tuple[str, str]], nothing: str | None = None) -> None:
    """Set what a field offers: values with labels, after an empty choice where `nothing` names it."""
    first = [] if nothing is None else [("", gettext(nothing))]
    if isinstance(field, SelectField):
        field.offered = _offered((*first, *pairs))
        field.choices = field.offered.choices
    else:
        field.choices = [SelectChoice(value, label) for value, label in (*first, *pairs)]
