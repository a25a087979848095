"""Fields that hold nothing are written once: WTForms asks each for its rules and escapes each attribute, and a page of
forms spends more on its empty fields than on its questions to the database."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from wtforms import Field
from wtforms.meta import DefaultMeta

MOST = 4096  # that are kept; a plan of many objectives has fields of its own for each

_written: dict[tuple[Any, ...], Markup] = {}


def write_once(field: Field, attributes: Mapping[str, Any], write: Callable[[], Markup]) -> Markup:
    """What `write` makes of an empty field, which is known by its name, its rules and its attributes."""
    key = (type(field.widget), field.name, *vars(field.flags).items(), *attributes.items())
    found = _written.get(key)
    if found is None:
        found = write()
        if len(_written) < MOST:
            _written[key] = found
    return found


class BlankFields(DefaultMeta):  # type: ignore[misc]
    """The part of a form's Meta that writes fields; what somebody typed is written anew each time, and not kept."""

    def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
        """WTForms' own way to write a field with these attributes."""

        def write() -> Markup:
            return super(BlankFields, self).render_field(field, render_kw)  # type: ignore[no-any-return]

        is_blank = hasattr(field, "_value") and field._value() == ""
        return write_once(field, render_kw, write) if is_blank else write()
