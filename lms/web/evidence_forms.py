"""The forms of evidence beside courses and tasks."""

from wtforms import BooleanField, DateField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.errors import N_
from lms.web.forms import LmsForm, needed
from lms.web.offers import SelectField


class EqualForm(LmsForm):
    """What something was, and when."""

    words = TextAreaField(
        N_("What was it?"), [needed(N_("Say what it was, in up to 1,000 characters.")), Length(max=1000)]
    )
    happened_on = DateField(N_("When was it?"), [needed(N_("Give the day on which it was."))])


class OutsideForm(EqualForm):
    """Something learned elsewhere."""


class ObservationForm(EqualForm):
    """What somebody saw a colleague do."""

    competency = SelectField(N_("Competency"), [needed(N_("Choose a competency."))], default="")
    indicators = SelectMultipleField(N_("What did you see?"), [Optional()])
    situation = StringField(
        N_("In which situation?"), [needed(N_("Name the situation in a few words.")), Length(max=80)]
    )
    partner_voice = BooleanField(N_("A partner has had a say in this"))
    beyond_own_team = BooleanField(N_("It had an effect beyond the own team"))


class DecideEntryForm(LmsForm):
    """Whether something counts."""

    accepted = HiddenField(N_("Decision"), [needed(N_("Choose."))])
    reason = TextAreaField(N_("Reason, if it does not count"), [Length(max=1000)])
