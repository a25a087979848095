"""The forms of an assessment from two sides: ratings, the focus, and the steps of the conversation."""

from wtforms import Field, HiddenField, SelectMultipleField, TextAreaField
from wtforms.validators import Length, Optional

from lms.errors import N_
from lms.web.forms import LmsForm
from lms.web.offers import SelectField


class SelfRatingForm(LmsForm):
    """How somebody rates themselves in one competency."""

    level = SelectField(N_("My level"), [Optional()], default="")
    confidence = SelectField(N_("How sure are you?"), [Optional()], default="")
    points = SelectMultipleField(N_("My evidence for it"), [Optional()])
    words = TextAreaField(N_("What it rests on, in your words"), [Length(max=1000)])


class MemberRatingForm(LmsForm):
    """How a manager rates somebody in one competency."""

    level = SelectField(N_("Level"), [Optional()], default="")
    points = SelectMultipleField(N_("Seen at work"), [Optional()])
    words = TextAreaField(N_("Reason: what you saw, and when"), [Length(max=1000)])


class FocusForm(LmsForm):
    """The competencies to work on in this cycle."""

    competencies = SelectMultipleField(N_("Competencies"), [Optional()])


class MoveForm(LmsForm):
    """A step of a conversation: a level proposed, accepted, or seen differently."""

    act = HiddenField(N_("What you want to do"))
    proposal = HiddenField(N_("The proposal"))
    level = SelectField(N_("Level"), [Optional()], default="")
    reason = TextAreaField(N_("Reason"))


def chosen_level(field: Field) -> int | None:
    """The level of a field, None where it is empty."""
    text = (field.data or "").strip()
    return int(text) if text else None
