"""Whom a rule of assignment means, as SQL; see rules.audiences."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from lms.models.people import Person, Post
from lms.models.units import OrgUnit, PartnerOrganisation
from lms.rules.audiences import Conditions


def join_post(query: Any) -> Select[Any]:
    """Join what conditions ask about to a query of `Person`: the latest post, its unit and its partner."""
    joined: Select[Any] = query.outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
    joined = joined.outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
    return joined.outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)


def joined_on() -> Any:
    """rules.audiences.joined_on of a `Person`."""
    post, before = aliased(Post), aliased(Post)
    reached = exists().where(
        before.person_id == post.person_id, before.started_on < post.started_on,
        or_(before.ended_on.is_(None), before.ended_on >= post.started_on),
    )  # fmt: skip
    starts = select(func.max(post.started_on)).where(post.person_id == Person.id, ~reached)
    return starts.correlate(Person).scalar_subquery()


def profile_of(roles: Mapping[str, Any]) -> ColumnElement[str]:
    """rules.targets.role_of of a `Person` and their `Post`, by the roles in force: the profile's code."""
    known = roles["roles"]
    by_function = [
        (and_(_is_of(audience), Post.function.in_(role["functions"])), literal(role["code"]))
        for audience in ("partner_staff", "staff")
        for role in known
        if role["functions"] and role["audience"] in (audience, "everyone")
    ]
    others = next((role["code"] for role in known if role["audience"] == "everyone"), "")
    named = Post.role_profile.in_([role["code"] for role in known])
    return case((named, Post.role_profile), *by_function, else_=literal(others))


def _is_of(audience: str) -> ColumnElement[bool]:
    return Person.kind == audience if audience == "partner_staff" else Person.kind != "partner_staff"


def is_meant(wanted: Conditions, roles: Mapping[str, Any], on: date) -> ColumnElement[bool]:
    """Whether none of the conditions fails on the day; of a query that `join_post` made."""
    held = and_(Post.started_on <= on, or_(Post.ended_on.is_(None), Post.ended_on > on))
    # By its beginning, not by LIKE, of which SQLite takes no account of case.
    below = func.substr(OrgUnit.path, 1, len(wanted.unit_path)) == wanted.unit_path
    conditions = [held, below]
    lists = ((Person.kind, wanted.kinds), (Post.function, wanted.functions))
    conditions += [column.in_(values) for column, values in lists if values]
    if wanted.profiles:
        conditions.append(profile_of(roles).in_(wanted.profiles))
    conditions += _has_one(PartnerOrganisation.types, wanted.partner_types)
    conditions += _has_one(OrgUnit.tags, wanted.tags)
    if wanted.joined_from:
        conditions.append(joined_on() >= wanted.joined_from)
    if wanted.joined_before:
        conditions.append(joined_on() < wanted.joined_before)
    return and_(*conditions)


def _has_one(column: Any, wanted: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """One of the words in a list that is kept in one column; taken out of it, something is missing."""
    kept = literal(";") + func.coalesce(column, "") + literal(";")
    return [or_(*(func.replace(kept, f";{word};", "") != kept for word in wanted))] if wanted else []
