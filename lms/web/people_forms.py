"""The forms of HR's files of people."""

from wtforms import BooleanField, FileField, HiddenField
from wtforms.validators import Optional

from lms.errors import N_
from lms.web.forms import LmsForm
from lms.web.offers import SelectField


class PeopleFileForm(LmsForm):
    """A file, and about whom it is."""

    file = FileField(N_("The file"))
    unit = SelectField(N_("About whom is it?"), [Optional()], default="")
    is_full = BooleanField(N_("Everybody who is there stands in it: who is missing leaves"))
    invites = BooleanField(N_("Invite the people who are new"), default=True)


class DecidePeopleForm(LmsForm):
    """What is to become of a file."""

    act = HiddenField(N_("Decision"))
