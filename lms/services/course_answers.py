"""The three answers of the reader of a course page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lms.permissions import Actor
from lms.rules.three_answers import Answers, ever_achieved, may_start, valid_on
from lms.services.standings import as_rule


def answer_course(actor: Actor, row: Any, prerequisites: Mapping[str, bool]) -> Answers:
    """Of the newest period, and of those before it as one: since when, and until when the last of them counts."""
    version, periods = row.CourseVersion, []
    if row.Standing:
        newest = as_rule(row.Standing)
        periods = [replace(newest, completed_on=row.achieved, expires_on=row.still_until or row.achieved), newest]
    is_meant = version.for_partner_staff if actor.kind == "partner_staff" else version.for_staff
    missing = tuple(code for code, fulfilled in prerequisites.items() if not fulfilled)
    start = may_start(periods, actor.today, is_meant=is_meant, missing=missing)
    return Answers(ever_achieved(periods, actor.today), *valid_on(periods, actor.today), start, missing)
