"""The people whom conditions mean, and what is known of one of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lms.models import OrgUnit, PartnerOrganisation, Person, Post, is_meant, join_post, joined_on, profile_of
from lms.rules.audiences import Attributes, Conditions
from lms.services.framework import current_references
from lms.services.scope import rows
from lms.services.targets import NO_ROLES


def current_roles(session: Session) -> Mapping[str, Any]:
    """The role profiles and functions in force; one query."""
    found: Mapping[str, Any] = current_references(session, "roles").get("roles", NO_ROLES)
    return found


def role_names(roles: Mapping[str, Any]) -> dict[str, str]:
    """Code of a function or profile -> its name."""
    return {entry["code"]: entry["name"] for entry in (*roles.get("functions", ()), *roles["roles"])}


def meant_people(wanted: Conditions, roles: Mapping[str, Any], on: date, *columns: Any) -> Select[Any]:
    """Columns of the people whom the conditions mean on the day."""
    return join_post(select(*columns).select_from(Person)).where(is_meant(wanted, roles, on))


def read_attributes(session: Session, people: Sequence[int], roles: Mapping[str, Any]) -> dict[int, Attributes]:
    """What is known of some people, by their numbers; one query."""
    query = select(Person.id, Person.kind, OrgUnit.path, Post.function, profile_of(roles), PartnerOrganisation.types)
    query = query.add_columns(OrgUnit.tags, Post.started_on, Post.ended_on, joined_on())
    found = rows(session, join_post(query.select_from(Person)).where(Person.id.in_(people)))
    return {
        number: Attributes(
            kind, path or "", function or "", profile or "", types or "", tags or "", started, ended, joined
        )
        for number, kind, path, function, profile, types, tags, started, ended, joined in found
    }
