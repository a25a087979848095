"""The forms: what may be sent, in which shape. Whoever is not a field cannot be set."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    HiddenField,
    MultipleFileField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, Regexp

from lms.errors import N_
from lms.web.blanks import BlankFields
from lms.web.language import gettext, plural
from lms.web.offers import SelectField


class LmsForm(Form):  # type: ignore[misc]
    """A form whose texts are in the page's language; the token is checked at the gate, for all forms alike."""

    class Meta(BlankFields):
        def get_translations(self, _form: Form) -> Any:
            return _Translations()

    def take_faults(self, faults: Mapping[str, str]) -> None:
        """Show what a service refused at the fields it names; what has no field shows at the top."""
        for name, message in faults.items():
            field: Field | None = self._fields.get(name)
            if field is not None:
                field.errors = [*field.errors, gettext(message)]
            else:
                self.form_errors.append(gettext(message))

    @property
    def has_faults(self) -> bool:
        """Whether anything has to be corrected."""
        return bool(self.errors) or bool(self.form_errors)


class _Translations:
    """WTForms' own messages through our catalogue."""

    def gettext(self, message: str) -> str:
        return gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        return plural(one, many, count)


def needed(message: str) -> InputRequired:
    return InputRequired(message)


class CatalogueForm(LmsForm):
    """Search and filters of the catalogue."""

    q = StringField(N_("Search"), [Length(max=100)])
    competency = SelectField(N_("Competency"), [Optional()], default="")
    minutes = SelectField(N_("Length"), [Optional()], default="")


class VerifyForm(LmsForm):
    """A certificate's number, typed off a paper by anybody."""

    number = StringField(N_("Number of the certificate"))


class CheckSealsForm(LmsForm):
    """A head that somebody kept outside, or none."""

    head = StringField(N_("Head that you kept (not needed)"), [Length(max=100)])


class RecordFilterForm(LmsForm):
    """Filters of HR's records and of an export."""

    q = StringField(N_("Name, e-mail or number"), [Length(max=100)])
    unit = SelectField(N_("Unit and below"), [Optional()], default="")
    course = SelectField(N_("Course"), [Optional()], default="")
    status = SelectField(N_("Status"), [Optional()], default="")
    completed_from = DateField(N_("Completed from"), [Optional()])
    completed_to = DateField(N_("Completed until"), [Optional()])
    expires_from = DateField(N_("Stops counting from"), [Optional()])
    expires_to = DateField(N_("Stops counting until"), [Optional()])


class KnownOnForm(LmsForm):
    """The two dates of a report, and a unit."""

    as_of = DateField(N_("On the date"), [needed(N_("Choose the date of the figure."))])
    known_on = DateField(N_("As known on"), [needed(N_("Choose by when it was known."))])
    unit = StringField(N_("Unit and below"), [Length(max=40)])


_CURSOR = N_("A cursor is a number: take it from the last manifest.")


class ExportForm(RecordFilterForm):
    """What to export and what for."""

    layout = SelectField(N_("Layout"), [needed(N_("Choose a layout."))])
    format = SelectField(N_("Format"), [needed(N_("Choose a format."))])
    partner = StringField(N_("Code of a partner organisation"), [Length(max=40)])
    after = StringField(
        N_("Only what came after this cursor"),
        [Regexp("[0-9]{0,9}$", message=_CURSOR)],
    )
    purpose = TextAreaField(
        N_("What is the file for?"),
        [needed(N_("Write what the file is for: the people in it may read that.")), Length(max=500)],
    )


class WithdrawForm(LmsForm):
    """Why a completion does not count."""

    reason = TextAreaField(
        N_("Reason"), [needed(N_("Write the reason: the person and auditors will read it.")), Length(max=1000)]
    )


class AwayForm(LmsForm):
    """Who stands in for a line manager, from when to when."""

    deputy = StringField(N_("Work e-mail of your deputy"), [needed(N_("Write the e-mail.")), Length(max=320)])
    first = DateField(N_("First day"), [needed(N_("Give the first day: today or later, and at most a year ahead."))])
    last = DateField(N_("Last day"), [needed(N_("Give the last day: the first day itself, or a later one."))])


class LeaveForm(LmsForm):
    """From when to when somebody is on leave."""

    first = DateField(N_("First day"), [needed(N_("Give the first day of the leave."))])
    last = DateField(N_("Last day"), [needed(N_("Give the last day of the leave."))])


class BackForm(LmsForm):
    """Since when somebody is back."""

    back_on = DateField(N_("First day back"), [needed(N_("Give the first day back: a day of this leave."))])


class ErasureForm(LmsForm):
    """What somebody says who asks to be erased."""

    words = TextAreaField(N_("What HR should know"), [Length(max=1000)])


class DecideErasureForm(LmsForm):
    """Whether somebody is erased, and why or why not."""

    accept = BooleanField(N_("Accept"), false_values=("0", ""))
    reason = TextAreaField(N_("Reason"), [needed(N_("Write the reason: the person will read it.")), Length(max=1000)])


class AttendanceForm(LmsForm):
    """Who took part in which session, when and where."""

    course = SelectField(N_("Course"), [needed(N_("Choose a course."))])
    held_on = DateField(
        N_("Held on"), [needed(N_("Choose the day on which it was held: today, or up to ten years before."))]
    )
    place = StringField(
        N_("Where it was held"),
        [needed(N_("Write where it was held, in up to 200 characters.")), Length(max=200)],
    )
    people = TextAreaField(
        N_("Who took part"), [needed(N_("Write one e-mail or number on each line, of 1 to 200 people."))]
    )


class AssignmentForm(LmsForm):
    """Which course, of whom, until when."""

    course = SelectField(N_("Course"), [needed(N_("Choose a course."))])
    unit = SelectField(N_("A unit and all below it"), [Optional()], default="")
    people = SelectMultipleField(N_("Or single people"), [Optional()])
    due_on = DateField(N_("Due date"), [needed(N_("Choose the day until which it should be done."))])
    mandatory = BooleanField(N_("This course is mandatory for them"))


class ProfileForm(LmsForm):
    """What people may change about themselves."""

    display_name = StringField(N_("Name by which colleagues know you"), [Length(max=200)])
    language = SelectField(N_("Language of pages and mails"))
    mails = SelectMultipleField(N_("Mails that you want"), [Optional()])


class LateAnswersForm(LmsForm):
    """Whether answers that came late count, and why."""

    accept = BooleanField(N_("Let them count"), false_values=("0", ""))
    reason = TextAreaField(
        N_("Reason"), [needed(N_("Write the reason: the learner and auditors will read it.")), Length(max=1000)]
    )


class ReportForm(LmsForm):
    """What is wrong with a question."""

    reason = SelectField(N_("What is wrong?"), [needed(N_("Choose what is wrong."))])
    text = TextAreaField(N_("In your words (optional)"), [Length(max=500)])


class ReplyForm(LmsForm):
    """What the author answers to a report."""

    reply = StringField(
        N_("Your answer, in one sentence"),
        [needed(N_("Write one sentence, in up to 300 characters.")), Length(max=300)],
    )


class RecallForm(LmsForm):
    """How a question that was marked wrongly is to be marked, and why."""

    kind = SelectField(N_("How is it to be marked?"), [needed(N_("Choose how the question is to be marked."))])
    reason = TextAreaField(
        N_("Reason"), [needed(N_("Write the reason: learners and HR will read it.")), Length(max=1000)]
    )


class DecideRecallForm(LmsForm):
    """What is to follow from a recalled question, for whom, and why."""

    act = HiddenField(N_("What is to happen"))
    policy = SelectField(N_("For whom does the new mark count?"))
    reason = TextAreaField(
        N_("Reason"), [needed(N_("Write the reason: the learner and auditors will read it.")), Length(max=1000)]
    )


class HandInForm(LmsForm):
    """What a learner hands in for a task at work."""

    situation = StringField(
        N_("Where was it, in a few words?"), [needed(N_("Say in a few words where it was.")), Length(max=80)]
    )
    words = TextAreaField(N_("What you did and what came of it"), [Length(max=4000)])
    link = StringField(N_("A link to look at"), [Length(max=500)])
    files = MultipleFileField(N_("Files"))
    is_observed = BooleanField(N_("My reviewer saw me do it"))
    with_partner = BooleanField(N_("A partner organisation was part of it"))
    reviewer = StringField(N_("E-mail of a colleague who can judge it"), [Length(max=320)])
    other_side = StringField(N_("E-mail of somebody of the other side who can confirm it"), [Length(max=320)])


class ReviewForm(LmsForm):
    """What a reviewer says of a task at work."""

    decision = HiddenField(N_("Your answer"))
    comment = TextAreaField(N_("Comment to the learner"), [Length(max=1000)])
    partner_voice = BooleanField(N_("A partner's own voice is in it"))
    beyond_own_team = BooleanField(N_("Its effect went beyond the learner's own team"))
    pass_to = StringField(N_("E-mail of a colleague who can judge it"), [Length(max=320)])


class AskReviewerForm(LmsForm):
    """Whom HR asks to look at a task at work."""

    email = StringField(N_("E-mail of somebody who can judge it"), [Length(max=320)])


class TargetForm(LmsForm):
    """What somebody aims at in a competency, and why."""

    competency = SelectField(N_("Competency"), [needed(N_("Choose a competency."))])
    level = SelectField(N_("Target"), [needed(N_("Choose a level."))])
    reason = TextAreaField(N_("Reason"), [needed(N_("Write the reason: the person will read it.")), Length(max=1000)])


class TimeForm(LmsForm):
    """How much time somebody has for quizzes."""

    factor = SelectField(N_("Time for quizzes with a limit"), [needed(N_("Choose how much time the person has."))])


class SubmitForm(LmsForm):
    """Handing in: whether questions may stay open."""

    unanswered_ok = BooleanField()


def page_number(text: str | None) -> int:
    """The page asked for; 1 for what is no page."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def chosen_day(field: Field) -> date | None:
    """The date of a field, None where it is empty."""
    return field.data if isinstance(field.data, date) else None
