"""Turns a signed-in user of the host into an actor: who it is, and which roles hold now."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, String, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Conflict
from lms.models import OrgUnit, Person, Post, RoleGrant, SignInIdentity, UtcDateTime
from lms.permissions import Actor, Grant, Role
from lms.rules.people import email_key
from lms.services.scope import TODAY, has_reports, rows
from lms.services.stand_ins import stood_in_for
from lms.services.writing import audit, insert_once


def find_actor(session: Session, *, provider: str, subject: str, email: str | None, at: datetime) -> Actor | None:
    """The actor behind a sign-in identity, or None for somebody who is not (or no longer) in the records.

    An identity that was never seen is matched by e-mail, which the host vouches for. One query.
    """
    identity = {"provider": provider, "subject": subject, "email_key": email_key(email) if email else None}
    found = rows(session, _behind(), {**identity, "at": at, "today": at.date()})
    if not found:
        return None
    person = found[0]
    grants = [Grant(Role.LEARNER)] + ([Grant(Role.LINE_MANAGER)] if person.manages else [])
    grants += [Grant(Role.DEPUTY)] if person.stands_in else []
    grants += [Grant(Role(row.role), row.path, row.course_id) for row in found if row.role]
    is_linked = person.linked_id is not None
    return Actor(person.id, at, tuple(grants), person.kind, person.display_name, person.language, is_linked)


@cache
def _behind() -> Executable:
    """Whoever is behind an identity, a row for each role that was granted and holds."""
    provider, at = bindparam("provider", type_=String), bindparam("at", type_=UtcDateTime())
    signed = aliased(Person)
    linked = (  # of a record that has gone into another, the other
        select(func.coalesce(signed.holder_id, signed.id))
        .join(SignInIdentity, SignInIdentity.person_id == signed.id)
        .where(SignInIdentity.provider == provider, SignInIdentity.subject == bindparam("subject"))
        .scalar_subquery()
    )
    # Without an e-mail nobody is matched: nothing equals NULL, whereas IS NULL would find whoever has none.
    # Nor is a record that has gone into another: parted again, they would share a sign-in.
    is_free = and_(Person.holder_id.is_(None), ~_is_bound(provider))
    by_email = and_(linked.is_(None), Person.email_key == bindparam("email_key"), is_free)
    held = and_(RoleGrant.granted_at <= at, or_(RoleGrant.ended_at.is_(None), RoleGrant.ended_at > at))
    return (
        select(Person.id, Person.kind, Person.display_name, Person.language)
        .add_columns(has_reports(Person.id, TODAY).label("manages"), linked.label("linked_id"))
        .add_columns(stood_in_for(Person.id, TODAY).exists().label("stands_in"))
        .add_columns(RoleGrant.role, RoleGrant.course_id, OrgUnit.path)
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, held))
        .outerjoin(OrgUnit, OrgUnit.id == RoleGrant.unit_id)
        .where(or_(Person.id == linked, by_email))
        .where(or_(Post.ended_on.is_(None), Post.ended_on > TODAY))
    )


def _is_bound(provider: Any) -> ColumnElement[bool]:
    """Whether the person has a sign-in of the provider already: then an e-mail alone is no proof of being them."""
    bound = select(1).where(SignInIdentity.person_id == Person.id, SignInIdentity.provider == provider)
    return bound.correlate(Person).exists()


def join(session: Session, *, provider: str, subject: str, email: str | None, name: str, at: datetime) -> int:
    """Begin a learning record for a host's user whom HR's file does not know; returns the person's id.

    Conflict when the e-mail or the identity belongs to a person whose post has ended (coming back is HR's to record)
    or to another sign-in.
    """
    here = find_actor(session, provider=provider, subject=subject, email=email, at=at)
    if here is not None and here.person_id is not None:
        return here.person_id  # the form was sent twice
    key = email_key(email) if email else None
    linked = and_(SignInIdentity.provider == provider, SignInIdentity.subject == subject)
    known = select(Person.id).outerjoin(SignInIdentity).where(or_(linked, Person.email_key == key if key else false()))
    if session.scalar(known.limit(1)) is not None:
        raise Conflict(
            N_("There is a learning record with this e-mail that you cannot open: it was closed, or it belongs to "
               "another sign-in. Ask HR to look at it.")
        )  # fmt: skip
    person = Person(
        kind="associate", display_name=name or email or subject, work_email=email, email_key=key,
        created_at=at, changed_at=at,
    )  # fmt: skip
    session.add(person)
    session.flush()
    link_identity(session, person.id, provider=provider, subject=subject, at=at)
    audit(session, Actor(person.id, at, ()), "people.join", "person", person.ref)
    return person.id


def link_identity(session: Session, person_id: int, *, provider: str, subject: str, at: datetime) -> None:
    """Remember that this sign-in is this person, so that a later change of e-mail does not part them."""
    insert_once(session, SignInIdentity, person_id=person_id, provider=provider, subject=subject, linked_at=at)
