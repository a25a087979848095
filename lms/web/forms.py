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
    IntegerField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

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


def _needed(message: str) -> InputRequired:
    return InputRequired(message)


class CatalogueForm(LmsForm):
    """Search and filters of the catalogue."""

    q = StringField(N_("Search"), [Length(max=100)])
    competency = SelectField(N_("Competency"), [Optional()], default="")
    minutes = SelectField(N_("Length"), [Optional()], default="")


class VerifyForm(LmsForm):
    """A certificate's number, typed off a paper by anybody."""

    number = StringField(N_("Number of the certificate"))


class RecordFilterForm(LmsForm):
    """Filters of HR's records and of an export."""

    q = StringField(N_("Name, e-mail or number"), [Length(max=100)])
    unit = SelectField(N_("Unit and below"), [Optional()], default="")
    course = SelectField(N_("Course"), [Optional()], default="")
    status = SelectField(N_("Status"), [Optional()], default="")
    completed_from = DateField(N_("Completed from"), [Optional()])
    completed_to = DateField(N_("Completed until"), [Optional()])


class ExportForm(RecordFilterForm):
    """What to export and what for."""

    layout = SelectField(N_("Layout"), [_needed(N_("Choose a layout."))])
    format = SelectField(N_("Format"), [_needed(N_("Choose a format."))])
    purpose = TextAreaField(
        N_("What is the file for?"),
        [_needed(N_("Write what the file is for: the people in it may read that.")), Length(max=500)],
    )


class WithdrawForm(LmsForm):
    """Why a completion does not count."""

    reason = TextAreaField(
        N_("Reason"), [_needed(N_("Write the reason: the person and auditors will read it.")), Length(max=1000)]
    )


class EqualForm(LmsForm):
    """What something was, and when."""

    words = TextAreaField(
        N_("What was it?"), [_needed(N_("Say what it was, in up to 1,000 characters.")), Length(max=1000)]
    )
    happened_on = DateField(N_("When was it?"), [_needed(N_("Give the day on which it was."))])


class OutsideForm(EqualForm):
    """Something learned elsewhere."""


class ObservationForm(EqualForm):
    """What somebody saw a colleague do."""

    competency = SelectField(N_("Competency"), [_needed(N_("Choose a competency."))], default="")
    indicators = SelectMultipleField(N_("What did you see?"), [Optional()])
    situation = StringField(
        N_("In which situation?"), [_needed(N_("Name the situation in a few words.")), Length(max=80)]
    )
    partner_voice = BooleanField(N_("A partner has had a say in this"))
    beyond_own_team = BooleanField(N_("It had an effect beyond the own team"))


class DecideEntryForm(LmsForm):
    """Whether something counts."""

    accepted = HiddenField(validators=[_needed(N_("Choose."))])
    reason = TextAreaField(N_("Reason, if it does not count"), [Length(max=1000)])


class AssignmentForm(LmsForm):
    """Which course, of whom, until when."""

    course = SelectField(N_("Course"), [_needed(N_("Choose a course."))])
    unit = SelectField(N_("A unit and all below it"), [Optional()], default="")
    people = SelectMultipleField(N_("Or single people"), [Optional()])
    due_on = DateField(N_("Due date"), [_needed(N_("Choose the day until which it should be done."))])
    mandatory = BooleanField(N_("This course is mandatory for them"))


class ProfileForm(LmsForm):
    """What people may change about themselves."""

    display_name = StringField(N_("Name by which colleagues know you"), [Length(max=200)])
    language = SelectField(N_("Language of pages and mails"))
    mails = SelectMultipleField(N_("Mails that you want"), [Optional()])


class ObjectiveForm(LmsForm):
    """An objective of a development plan."""

    text = TextAreaField(
        N_("What do you want to be able to do?"), [_needed(N_("Write your objective in a sentence.")), Length(max=1000)]
    )
    measure = TextAreaField(N_("How will you and others see it?"), [Length(max=1000)])
    due_on = DateField(N_("By when?"), [Optional()])
    competency = SelectField(N_("Competency"), [Optional()], default="")


class ItemForm(LmsForm):
    """A step towards an objective."""

    kind = SelectField(N_("What kind of step?"), [_needed(N_("Choose what kind of step it is."))])
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


class LateAnswersForm(LmsForm):
    """Whether answers that came late count, and why."""

    accept = BooleanField(N_("Let them count"), false_values=("0", ""))
    reason = TextAreaField(
        N_("Reason"), [_needed(N_("Write the reason: the learner and auditors will read it.")), Length(max=1000)]
    )


class ReportForm(LmsForm):
    """What is wrong with a question."""

    reason = SelectField(N_("What is wrong?"), [_needed(N_("Choose what is wrong."))])
    text = TextAreaField(N_("In your words (optional)"), [Length(max=500)])


class ReplyForm(LmsForm):
    """What the author answers to a report."""

    reply = StringField(
        N_("Your answer, in one sentence"),
        [_needed(N_("Write one sentence, in up to 300 characters.")), Length(max=300)],
    )


class RecallForm(LmsForm):
    """How a question that was marked wrongly is to be marked, and why."""

    kind = SelectField(N_("How is it to be marked?"), [_needed(N_("Choose how the question is to be marked."))])
    reason = TextAreaField(
        N_("Reason"), [_needed(N_("Write the reason: learners and HR will read it.")), Length(max=1000)]
    )


class DecideRecallForm(LmsForm):
    """What is to follow from a recalled question, for whom, and why."""

    act = HiddenField(N_("What is to happen"))
    policy = SelectField(N_("For whom does the new mark count?"))
    reason = TextAreaField(
        N_("Reason"), [_needed(N_("Write the reason: the learner and auditors will read it.")), Length(max=1000)]
    )


class TimeForm(LmsForm):
    """How much time somebody has for quizzes."""

    factor = SelectField(N_("Time for quizzes with a limit"), [_needed(N_("Choose how much time the person has."))])


class SubmitForm(LmsForm):
    """Handing in: whether questions may stay open."""

    unanswered_ok = BooleanField()


def page_number(text: str | None) -> int:
    """The page asked for; 1 for what is no page."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def chosen_day(field: Field) -> date | None:
    """The date of a field, None where it is empty."""
    return field.data if isinstance(field.data, date) else None
