"""The forms of HR's files of people."""

from wtforms import BooleanField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.errors import N_
from lms.web.forms import LmsForm, needed
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


_KEY = Length(max=320)


class UnionForm(LmsForm):
    """Two records that are one person's."""

    person = StringField(N_("The record of before"), [needed(N_("Name the record.")), _KEY])
    into = StringField(N_("The record that goes on"), [needed(N_("Name the record.")), _KEY])
    reason = TextAreaField(N_("Why they are one person's"), [needed(N_("Write the reason.")), Length(max=1000)])


class DecideUnionForm(LmsForm):
    """Whether two records are one person's."""

    accept = BooleanField(N_("Accept"), false_values=("0", ""))


class PartForm(LmsForm):
    """Why two records are not one person's."""

    reason = TextAreaField(N_("Why they are parted"), [needed(N_("Write the reason.")), Length(max=1000)])
