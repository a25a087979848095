"""What a mail of reminders tells, as things are when it is sent; None when nothing of it is true any more."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.models import CURRENT_VERSION, Course, CourseVersion, Enrolment, Person
from lms.permissions import Actor
from lms.rules.mails import Kind
from lms.rules.reminding import Audience
from lms.services.courses import join_texts, localised
from lms.services.mail_choices import list_choices
from lms.services.offices import find_offices
from lms.services.reminding import Item, find_items

Values = dict[str, Any]
MOST_NAMED = 20  # lines on others in a mail; the page behind its link lists all
_PATHS = {Audience.MANAGER: "/team", Audience.HR: "/hr/records?status=overdue"}


def reminder(session: Session, actor: Actor, person_id: int, language: str, data: Values) -> Values | None:
    """Of what was written, what is still open, with the days as they are now."""
    today = find_offices(session, [person_id], actor.at)[person_id].local(actor.at).date()
    written = {tuple(one) for one in data["items"]}
    stopped = not list_choices(session, person_id)[Kind.REMINDER]
    items = [
        item for item in find_items(session, [person_id], {person_id: today}, actor.today)
        if (item.record, item.audience, item.target_on.isoformat()) in written and (item.mandatory or not stopped)
    ]  # fmt: skip
    if not items:
        return None
    described = _describe(session, items, language)
    lines = [{**described[item.enrolment_id], **_days(item, today)} for item in items]
    own = [one for one, item in zip(lines, items, strict=True) if item.audience is Audience.LEARNER]
    team, overseen = (
        [one for one, item in zip(lines, items, strict=True) if item.audience is audience]
        for audience in (Audience.MANAGER, Audience.HR)
    )
    return {
        "path": _path(items, own), "own": own, "team": team[:MOST_NAMED], "overseen": overseen[:MOST_NAMED],
        "more": max(len(team) - MOST_NAMED, 0) + max(len(overseen) - MOST_NAMED, 0),
        "can_stop": any(not item.mandatory for item in items),
    }  # fmt: skip


def _days(item: Item, today: Any) -> Values:
    return {
        "day": item.target_on, "late": today > item.target_on, "mandatory": item.mandatory, "renewal": item.renewal
    }  # fmt: skip


def _path(items: list[Item], own: list[Values]) -> str:
    if len(own) == 1:
        return f"/courses/{own[0]['slug']}"
    return "/" if own else _PATHS[items[0].audience]


def _describe(session: Session, items: list[Item], language: str) -> dict[int, Values]:
    preferred, source = localised()
    query = (
        select(Enrolment.id, Course.slug, Person.display_name)
        .add_columns(func.coalesce(preferred.title, source.title).label("title"))
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(CourseVersion, CURRENT_VERSION)
        .where(Enrolment.id.in_([item.enrolment_id for item in items]))
    )
    rows = session.execute(join_texts(query, preferred, source), {"language": language})
    return {row.id: {"course": row.title, "slug": row.slug, "name": row.display_name} for row in rows}
