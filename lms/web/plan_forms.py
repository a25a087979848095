"""The forms of development plans."""

from wtforms import BooleanField, DateField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional

from lms.errors import N_
from lms.web.forms import LmsForm, needed
from lms.web.offers import SelectField


class ObjectiveForm(LmsForm):
    """An objective of a development plan."""

    text = TextAreaField(
        N_("What do you want to be able to do?"), [needed(N_("Write your objective in a sentence.")), Length(max=1000)]
    )
    measure = TextAreaField(N_("How will you and others see it?"), [Length(max=1000)])
    due_on = DateField(N_("By when?"), [Optional()])
    competency = SelectField(N_("Competency"), [Optional()], default="")


class ItemForm(LmsForm):
    """A step towards an objective."""

    kind = SelectField(N_("What kind of step?"), [needed(N_("Choose what kind of step it is."))])
    text = TextAreaField(N_("What will you do?"), [Length(max=1000)])
    course = SelectField(N_("Course"), [Optional()], default="")
    condition = SelectField(N_("When is it done?"), [Optional()], default="")
    competency = SelectField(N_("Of which competency?"), [Optional()], default="")
    level = SelectField(N_("Which level?"), [Optional()], default="")


class SignForm(LmsForm):
    """An item signed as done, or the signature taken back."""

    done = IntegerField(validators=[NumberRange(0, 1)])


class PlanActForm(LmsForm):
    """What a side does to a plan as a whole; `words` is the hash of what was read."""

    kind = HiddenField(N_("What you want to do"), [Length(max=20)])
    holds = BooleanField(N_("It holds"), false_values=("0", ""))
    words = HiddenField(N_("What was read"), [Length(max=64)])
    text = TextAreaField(N_("Your words"), [Length(max=1000)])


class PlanNoteForm(LmsForm):
    """What somebody writes beside their plan for themselves."""

    text = TextAreaField(N_("For you alone"), [Length(max=10_000)])
