"""Who may do what, and to whom: the one policy table of the plugin.

With `lms.web.routes` (which page asks for which action) it makes the gate of the web, the scoped queries of the
services, the menu, docs/permissions.md and the generated test matrix. What is not in them is refused.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.errors import N_, Forbidden


class Role(StrEnum):
    """Learner, line manager and deputy follow from facts (a person; a reporting line today; being named by whoever has
    one), the others are granted."""

    LEARNER = "learner"
    LINE_MANAGER = "line_manager"
    DEPUTY = "deputy"
    HR_OFFICER = "hr_officer"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"  # the command line: whoever holds the machine


GRANTABLE = (Role.HR_OFFICER, Role.AUTHOR, Role.ADMINISTRATOR)


class Scope(StrEnum):
    """Whose objects an allowed action reaches; services turn each into a WHERE clause."""

    OWN = "own"
    REPORTS = "reports"  # people who report to the actor today
    DELEGATED = "delegated"  # people who report to somebody for whom the actor stands in today
    UNITS = "units"  # people whose post is in a granted unit or below it
    AUDIENCE = "audience"  # courses that are open to the actor's kind of person
    COURSES = "courses"  # courses that an author was granted
    ALL = "all"


ACTIONS: dict[str, dict[Role, Scope]] = {
    "home.read": {Role.LEARNER: Scope.OWN},
    "courses.read": {Role.LEARNER: Scope.AUDIENCE},
    "courses.take": {Role.LEARNER: Scope.AUDIENCE},
    "attempts.take": {Role.LEARNER: Scope.OWN},
    "attempts.request": {Role.LINE_MANAGER: Scope.REPORTS, Role.DEPUTY: Scope.DELEGATED},
    "attempts.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "records.read": {Role.LEARNER: Scope.OWN},
    "certificates.read": {Role.LEARNER: Scope.OWN, Role.HR_OFFICER: Scope.UNITS},
    "levels.read": {Role.LEARNER: Scope.OWN},
    "levels.review": {Role.LINE_MANAGER: Scope.REPORTS},
    "levels.explain": {Role.OPERATOR: Scope.ALL},
    "assessments.write": {Role.LEARNER: Scope.OWN},
    "assessments.review": {Role.LINE_MANAGER: Scope.REPORTS},
    "assessments.talk": {Role.LEARNER: Scope.OWN, Role.LINE_MANAGER: Scope.REPORTS},
    "peers.rate": {Role.LEARNER: Scope.OWN},  # whoever is asked, of what they are asked
    "targets.choose": {Role.LEARNER: Scope.OWN},
    "targets.write": {Role.LINE_MANAGER: Scope.REPORTS, Role.HR_OFFICER: Scope.UNITS},
    "levels.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "evidence.enter": {Role.LEARNER: Scope.OWN},
    "evidence.observe": {Role.LINE_MANAGER: Scope.REPORTS, Role.DEPUTY: Scope.DELEGATED},
    "evidence.decide": {
        Role.LINE_MANAGER: Scope.REPORTS,
        Role.DEPUTY: Scope.DELEGATED,
        Role.HR_OFFICER: Scope.UNITS,
    },
    "evidence.read": {
        Role.LEARNER: Scope.OWN,
        Role.LINE_MANAGER: Scope.REPORTS,
        Role.DEPUTY: Scope.DELEGATED,
        Role.HR_OFFICER: Scope.UNITS,
    },
    "evidence.equate": {Role.HR_OFFICER: Scope.UNITS},
    "plans.write": {Role.LEARNER: Scope.OWN},
    "applications.write": {Role.LEARNER: Scope.OWN},
    "reviews.write": {Role.LEARNER: Scope.OWN},  # whoever is asked, of what they are asked
    "applications.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "confirmations.withdraw": {Role.HR_OFFICER: Scope.UNITS},
    "plans.review": {Role.LINE_MANAGER: Scope.REPORTS},
    "plans.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "profile.write": {Role.LEARNER: Scope.OWN},
    "privacy.own": {Role.LEARNER: Scope.OWN},
    "erasures.read": {Role.HR_OFFICER: Scope.UNITS, Role.ADMINISTRATOR: Scope.ALL},
    "erasures.decide": {Role.HR_OFFICER: Scope.UNITS},
    "erasures.run": {Role.ADMINISTRATOR: Scope.ALL},
    "subjects.handle": {Role.OPERATOR: Scope.ALL},
    "team.read": {Role.LINE_MANAGER: Scope.REPORTS, Role.DEPUTY: Scope.DELEGATED},
    "leaves.write": {Role.LINE_MANAGER: Scope.REPORTS, Role.HR_OFFICER: Scope.UNITS},
    "delegations.write": {Role.LINE_MANAGER: Scope.OWN},
    "delegations.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "assignments.write": {
        Role.LINE_MANAGER: Scope.REPORTS,
        Role.DEPUTY: Scope.DELEGATED,
        Role.HR_OFFICER: Scope.UNITS,
        Role.OPERATOR: Scope.ALL,
    },
    "assignments.write_units": {Role.HR_OFFICER: Scope.UNITS, Role.OPERATOR: Scope.ALL},
    "assignments.explain": {Role.OPERATOR: Scope.ALL},
    "rules.write": {Role.HR_OFFICER: Scope.UNITS},
    "records.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "reports.read": {Role.HR_OFFICER: Scope.UNITS, Role.OPERATOR: Scope.ALL},
    "completions.withdraw": {Role.HR_OFFICER: Scope.UNITS},
    "waivers.write": {Role.HR_OFFICER: Scope.UNITS},
    "attendances.record": {Role.HR_OFFICER: Scope.UNITS},
    "seals.check": {Role.HR_OFFICER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    "exports.run": {Role.HR_OFFICER: Scope.UNITS, Role.OPERATOR: Scope.ALL},
    "authoring.read": {Role.AUTHOR: Scope.COURSES},
    "authoring.write": {Role.AUTHOR: Scope.COURSES},
    "roles.read": {Role.ADMINISTRATOR: Scope.ALL},
    "audit.read": {Role.ADMINISTRATOR: Scope.ALL},
    "frameworks.read": {Role.ADMINISTRATOR: Scope.ALL},
    "jobs.read": {Role.ADMINISTRATOR: Scope.ALL},
    "jobs.retry": {Role.ADMINISTRATOR: Scope.ALL},
    "jobs.work": {Role.OPERATOR: Scope.ALL},
    "courses.publish": {Role.OPERATOR: Scope.ALL},
    "people.import": {Role.HR_OFFICER: Scope.UNITS, Role.ADMINISTRATOR: Scope.ALL, Role.OPERATOR: Scope.ALL},
    "people.unite": {Role.HR_OFFICER: Scope.UNITS, Role.ADMINISTRATOR: Scope.ALL},
    "roles.grant": {Role.OPERATOR: Scope.ALL},
    "records.rebuild": {Role.OPERATOR: Scope.ALL},
}


@dataclass(frozen=True)
class Grant:
    """A role of an actor, and where it holds: a unit's path, a course, or everywhere."""

    role: Role
    unit_path: str | None = None
    course_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts, in which roles, at which moment: the clock of a request is read once, here."""

    person_id: int | None
    at: datetime
    grants: tuple[Grant, ...]
    kind: str = "staff"
    name: str = ""
    language: str = "en"
    is_linked: bool = True  # whether the sign-in is bound to the person, or was matched by e-mail only

    @property
    def today(self) -> date:
        """The UTC date of the act."""
        return self.at.date()


def operator(at: datetime) -> Actor:
    """The actor of the command line."""
    return Actor(person_id=None, at=at, grants=(Grant(Role.OPERATOR),), name="command line")


def scopes(actor: Actor, action: str) -> list[tuple[Scope, Grant]]:
    """What the actor's roles open for an action, widest first or not; empty means refused."""
    allowed = ACTIONS[action]
    return [(allowed[grant.role], grant) for grant in actor.grants if grant.role in allowed]


def reaches_all(actor: Actor, action: str) -> bool:
    """Whether a role of the actor allows the action in the whole organisation, not in one unit and below."""
    return any(grant.unit_path is None for _, grant in scopes(actor, action))


def may(actor: Actor, action: str) -> bool:
    """Whether any role of the actor allows the action at all."""
    return bool(scopes(actor, action))


def require(actor: Actor, action: str) -> None:
    """Raise Forbidden unless a role of the actor allows the action."""
    if not may(actor, action):
        raise Forbidden(N_("Your roles do not include this. If you need it, ask the administrator of your unit."))
