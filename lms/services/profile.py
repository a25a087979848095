"""A person's own profile: the names and language that they may change, and who looked at their record."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, null, select
from sqlalchemy.orm import Session, aliased

from lms.errors import N_, Invalid
from lms.models import AccessEntry, Delegation, OrgUnit, PartnerOrganisation, Person, Post, ReportingLine
from lms.permissions import Actor, require
from lms.services.mail_choices import list_choices
from lms.services.stand_ins import deputy_of
from lms.services.writing import audit


@dataclass(frozen=True)
class ProfilePage:
    """What HR knows of the actor's post, what they may change, and who looked."""

    person: Person
    post: Post | None
    unit: str
    partner: str
    manager: str
    deputy: str  # who stands in for the manager today; "" for nobody
    deputy_until: date | None  # the last day
    looks: list[Any]  # at, what, name
    mails: dict[str, bool]  # of the kinds that can be switched off: whether they are wanted


def get_profile(session: Session, actor: Actor) -> ProfilePage:
    """The actor's own profile; three queries."""
    require(actor, "profile.write")
    manager, deputy = aliased(Person), aliased(Person)
    line = and_(ReportingLine.person_id == Person.id, ReportingLine.ended_on.is_(None))
    row = session.execute(
        select(Person, Post, OrgUnit.name, PartnerOrganisation.name, manager.display_name, deputy.display_name)
        .add_columns(deputy_of(Person.id, actor.today, Delegation.last_on))
        .outerjoin(Post, and_(Post.person_id == Person.id, Post.is_latest))
        .outerjoin(OrgUnit, OrgUnit.id == Post.unit_id)
        .outerjoin(PartnerOrganisation, PartnerOrganisation.id == Post.partner_id)
        .outerjoin(ReportingLine, line)
        .outerjoin(manager, manager.id == ReportingLine.manager_id)
        .outerjoin(deputy, deputy.id == deputy_of(Person.id, actor.today))
        .where(Person.id == actor.person_id)
    ).one()
    # Partner staff see no names of our staff but their reviewer's.
    shown = null() if actor.kind == "partner_staff" else Person.display_name
    looks = session.execute(
        select(AccessEntry.at, AccessEntry.what, shown.label("display_name"))
        .join(Person, Person.id == AccessEntry.actor_id)
        .where(AccessEntry.person_id == actor.person_id)
        .order_by(AccessEntry.id.desc()).limit(20)
    ).all()  # fmt: skip
    person, post, unit, partner, manager_name, deputy_name, until = row
    mails = list_choices(session, actor.person_id)
    return ProfilePage(
        person, post, unit or "", partner or "", manager_name or "", deputy_name or "", until, list(looks), mails
    )


def save_profile(session: Session, actor: Actor, *, display_name: str, language: str, known: set[str]) -> None:
    """Change how one is called and the language of one's pages; `known` are the languages on offer."""
    require(actor, "profile.write")
    fields = {}
    name = " ".join(display_name.split())
    if not name or len(name) > 200:
        fields["display_name"] = N_("Write the name by which colleagues know you, in up to 200 characters.")
    if language not in known:
        fields["language"] = N_("Choose one of the languages on offer.")
    if fields:
        raise Invalid(N_("Your profile was not saved."), fields)
    person = session.scalars(select(Person).where(Person.id == actor.person_id)).one()
    for column, value in profile_row(actor, name, language).items():
        setattr(person, column, value)
    audit(session, actor, "profile.save", "person", person.ref)


def profile_row(actor: Actor, display_name: str, language: str) -> dict[str, Any]:
    """What a saved profile changes of a person."""
    return {"display_name": display_name, "language": language, "changed_at": actor.at}
