"""Codes of assignments and rules in words."""

from lms.errors import N_

RULE_STATE = {
    "in_force": N_("In force"),
    "waiting": N_("Waits for a second person"),
    "refused": N_("Refused"),
    "ended": N_("Ended"),
    "earlier": N_("Earlier version"),
}
TAKEN_BACK = {
    "no_match": N_("The rule no longer meant this person."),
    "rule_ended": N_("The rule was ended."),
    "rule_changed": N_("The rule was changed."),
    "enough": N_("Enough of its courses were completed."),
}
RULE_ORDER = {
    "all": N_("All courses at once"),
    "in_order": N_("Each course once those before it are completed"),
    "some": N_("Only so many of the courses"),
}
RULE_DUE = {
    "never": N_("No due date"),
    "fixed": N_("On one day for everybody"),
    "joined": N_("So many days after they joined"),
    "matched": N_("So many days after the rule first means them"),
}
RULE_CONDITION = {
    "post": N_("holds a post today"),
    "unit": N_("works in the unit or below it"),
    "kind": N_("kind of person"),
    "function": N_("function"),
    "profile": N_("role profile"),
    "partner_type": N_("kind of partner organisation"),
    "tag": N_("kind of unit"),
    "joined_from": N_("joined on that day or later"),
    "joined_before": N_("joined before that day"),
}
