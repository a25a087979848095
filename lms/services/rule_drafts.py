"""A rule as it is written in the editor, before it is a version; what is wrong with it, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lms.errors import N_
from lms.rules.assigning import Due, Order, Terms
from lms.rules.audiences import Conditions
from lms.services.rule_choices import RuleChoices

LONGEST_SPAN, LONGEST_GRACE = 3650, 365  # days


@dataclass(frozen=True)
class Draft:
    """A rule as it is written: what `path` names are its courses, in their order."""

    name: str
    unit: str  # a unit's code
    conditions: Conditions
    terms: Terms
    path: str = ""


def make_draft(
    choices: RuleChoices, *, name: str, unit: str, lists: Mapping[str, Sequence[str]], joined_from: date | None,
    joined_before: date | None, path: str, courses: Sequence[str], order: str, at_least: int, due: str,
    due_on: date | None, days: int, grace_days: int, mandatory: bool,
) -> Draft:  # fmt: skip
    """From the values of the editor, of which only those count that the chosen order and due date ask for.

    `lists` holds kinds, functions, profiles, partner_types and tags.
    """
    chosen = choices.path_courses.get(path) or sorted(courses)
    is_counted = due in (Due.JOINED, Due.MATCHED)
    terms = Terms(
        tuple(chosen), Order(order), at_least if order == Order.SOME else 0, Due(due),
        due_on if due == Due.FIXED else None, days if is_counted else 0, grace_days, mandatory,
    )  # fmt: skip
    within = {name: tuple(values) for name, values in lists.items()}
    conditions = Conditions(**within, joined_from=joined_from, joined_before=joined_before)  # type: ignore[arg-type]
    return Draft(name, unit, conditions, terms, path)


def draft_values(draft: Draft) -> dict[str, Any]:
    """The values of the editor for a draft."""
    values = {**vars(draft.conditions), **vars(draft.terms), "name": draft.name, "unit": draft.unit}
    return values | {"path": draft.path, "courses": [] if draft.path else list(draft.terms.courses)}


def draft_faults(draft: Draft, choices: RuleChoices, unit: Any, today: date) -> dict[str, str]:
    """What cannot be taken, at its field; `unit` is the one that was found in scope."""
    terms, faults = draft.terms, dict[str, str]()
    if not 0 < len(draft.name.strip()) <= 200:
        faults["name"] = N_("Give the rule a name, in up to 200 characters.")
    if unit is None:
        faults["unit"] = N_("There is no such unit in your scope.")
    if not terms.courses:
        faults["courses"] = N_("Choose a path, or at least one course.")
    elif not set(terms.courses) <= {code for code, _ in choices.courses}:
        faults["courses"] = N_("Choose among the courses that are offered here.")
    if terms.order is Order.SOME and not 0 < terms.at_least <= len(terms.courses):
        faults["at_least"] = N_("Say how many: at least one, and no more than there are courses.")
    if terms.due is Due.FIXED and (terms.due_on is None or terms.due_on < today):
        faults["due_on"] = N_("Choose the due date: today or later.")
    if terms.due in (Due.JOINED, Due.MATCHED) and not 0 < terms.days <= LONGEST_SPAN:
        faults["days"] = N_("Say how many days: 1 to 3650.")
    if not 0 <= terms.grace_days <= LONGEST_GRACE:
        faults["grace_days"] = N_("Say how many days: 0 to 365.")
    earliest, before = draft.conditions.joined_from, draft.conditions.joined_before
    if earliest and before and earliest >= before:
        faults["joined_before"] = N_("This has to be after the day from which they joined.")
    return faults
