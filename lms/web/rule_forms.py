"""The editor of rules of assignment: its form, filled from a version and read as a draft."""

from typing import Any

from wtforms import BooleanField, DateField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from lms.errors import N_
from lms.services.rule_choices import RuleChoices
from lms.services.rule_drafts import Draft, draft_values, make_draft
from lms.web import words
from lms.web.forms import LmsForm, chosen_day, needed
from lms.web.language import gettext
from lms.web.offers import SelectField, offer
from lms.web.words_of_assignments import RULE_DUE, RULE_ORDER

LISTS = ("kinds", "functions", "profiles", "partner_types", "tags")


class RuleForm(LmsForm):
    """Whom a rule means, what it asks, and until when."""

    name = StringField(N_("Name of the rule"), [needed(N_("Give the rule a name.")), Length(max=200)])
    unit = SelectField(N_("A unit and all below it"), [needed(N_("Choose a unit."))])
    kinds = SelectMultipleField(N_("Kind of person"), [Optional()])
    functions = SelectMultipleField(N_("Function"), [Optional()])
    profiles = SelectMultipleField(N_("Role profile"), [Optional()])
    partner_types = SelectMultipleField(N_("Kind of partner organisation"), [Optional()])
    tags = SelectMultipleField(N_("Kind of unit"), [Optional()])
    joined_from = DateField(N_("Joined on this day or later"), [Optional()])
    joined_before = DateField(N_("Joined before this day"), [Optional()])
    path = SelectField(N_("A path of courses"), [Optional()], default="")
    courses = SelectMultipleField(N_("Or single courses"), [Optional()])
    order = SelectField(N_("How they are asked"), default="all")
    at_least = StringField(N_("How many of them"), [Length(max=9)])
    due = SelectField(N_("Due"), default="matched")
    due_on = DateField(N_("Due date"), [Optional()])
    days = StringField(N_("How many days"), [Length(max=9)])
    grace_days = StringField(N_("Days of grace after the due date"), [Length(max=9)])
    mandatory = BooleanField(N_("The courses are mandatory for them"))


def rule_form(choices: RuleChoices, sent: Any = None, draft: Draft | None = None) -> RuleForm:
    """The form as it was sent, or filled from a draft, with what it offers."""
    form = RuleForm(sent, data=None if draft is None else _data(draft))
    offer(form.unit, choices.units, N_("Choose"))
    offer(form.kinds, [(kind, gettext(text)) for kind, text in words.KIND.items()])
    offer(form.functions, choices.functions)
    offer(form.profiles, choices.profiles)
    offer(form.partner_types, choices.partner_types)
    offer(form.tags, choices.tags)
    offer(form.path, choices.paths, N_("No path: single courses"))
    offer(form.courses, choices.courses)
    offer(form.order, [(order, gettext(text)) for order, text in RULE_ORDER.items()])
    offer(form.due, [(due, gettext(text)) for due, text in RULE_DUE.items()])
    return form


def _data(draft: Draft) -> dict[str, Any]:
    values = draft_values(draft)
    numbers = {name: str(values[name] or "") for name in ("at_least", "days", "grace_days")}
    return values | numbers


def read_draft(form: RuleForm, choices: RuleChoices) -> Draft:
    """What was sent, as a draft; numbers that are none become -1, which the service refuses at their field."""
    return make_draft(
        choices, name=form.name.data or "", unit=form.unit.data or "",
        lists={name: form[name].data or () for name in LISTS},
        joined_from=chosen_day(form.joined_from), joined_before=chosen_day(form.joined_before),
        path=form.path.data or "", courses=form.courses.data or (), order=form.order.data,
        at_least=_number(form.at_least.data), due=form.due.data, due_on=chosen_day(form.due_on),
        days=_number(form.days.data), grace_days=_number(form.grace_days.data), mandatory=bool(form.mandatory.data),
    )  # fmt: skip


def _number(text: str | None) -> int:
    written = (text or "").strip()
    if not written:
        return 0
    return int(written) if written.isascii() and written.isdigit() else -1
