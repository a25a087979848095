"""Who may do what, and to whom: the one policy table of the plugin.

The gate of the web, the scoped queries of the services, the menu, docs/permissions.md and the generated test
matrix are all made from these two tables. What is not in them is refused.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from lms.errors import N_, Forbidden


class Role(StrEnum):
    """Learner and line manager follow from facts (a person; a reporting line today), the others are granted."""

    LEARNER = "learner"
    LINE_MANAGER = "line_manager"
    HR_OFFICER = "hr_officer"
    AUTHOR = "author"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"  # the command line: whoever holds the machine


GRANTABLE = (Role.HR_OFFICER, Role.AUTHOR, Role.ADMINISTRATOR)


class Scope(StrEnum):
    """Whose objects an allowed action reaches; services turn each into a WHERE clause."""

    OWN = "own"
    REPORTS = "reports"  # people who report to the actor today
    UNITS = "units"  # people whose post is in a granted unit or below it
    AUDIENCE = "audience"  # courses that are open to the actor's kind of person
    COURSES = "courses"  # courses that an author was granted
    ALL = "all"


ACTIONS: dict[str, dict[Role, Scope]] = {
    "home.read": {Role.LEARNER: Scope.OWN},
    "courses.read": {Role.LEARNER: Scope.AUDIENCE},
    "courses.take": {Role.LEARNER: Scope.AUDIENCE},
    "attempts.take": {Role.LEARNER: Scope.OWN},
    "attempts.request": {Role.LINE_MANAGER: Scope.REPORTS},
    "attempts.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "records.read": {Role.LEARNER: Scope.OWN},
    "certificates.read": {Role.LEARNER: Scope.OWN, Role.HR_OFFICER: Scope.UNITS},
    "levels.read": {Role.LEARNER: Scope.OWN},
    "levels.explain": {Role.OPERATOR: Scope.ALL},
    "assessments.write": {Role.LEARNER: Scope.OWN},
    "assessments.review": {Role.LINE_MANAGER: Scope.REPORTS},
    "assessments.talk": {Role.LEARNER: Scope.OWN, Role.LINE_MANAGER: Scope.REPORTS},
    "targets.choose": {Role.LEARNER: Scope.OWN},
    "targets.write": {Role.LINE_MANAGER: Scope.REPORTS, Role.HR_OFFICER: Scope.UNITS},
    "evidence.enter": {Role.LEARNER: Scope.OWN},
    "evidence.observe": {Role.LINE_MANAGER: Scope.REPORTS},
    "evidence.decide": {Role.LINE_MANAGER: Scope.REPORTS, Role.HR_OFFICER: Scope.UNITS},
    "evidence.read": {
        Role.LEARNER: Scope.OWN,
        Role.LINE_MANAGER: Scope.REPORTS,
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
    "team.read": {Role.LINE_MANAGER: Scope.REPORTS},
    "assignments.write": {Role.LINE_MANAGER: Scope.REPORTS, Role.HR_OFFICER: Scope.UNITS, Role.OPERATOR: Scope.ALL},
    "assignments.write_units": {Role.HR_OFFICER: Scope.UNITS, Role.OPERATOR: Scope.ALL},
    "records.oversee": {Role.HR_OFFICER: Scope.UNITS},
    "completions.withdraw": {Role.HR_OFFICER: Scope.UNITS},
    "attendances.record": {Role.HR_OFFICER: Scope.UNITS},
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
    "people.import": {Role.OPERATOR: Scope.ALL},
    "roles.grant": {Role.OPERATOR: Scope.ALL},
    "records.rebuild": {Role.OPERATOR: Scope.ALL},
}

PUBLIC = "public"  # nobody needs to be signed in
LINK = "link"  # whoever holds a link that we signed; the view reads it, and who is signed in
SIGNED_IN = "signed_in"  # the host knows the user; the plugin may not know the person yet

# Endpoint (without the blueprint's name) -> action, whatever the method.
ROUTES: dict[str, str] = {
    "static": PUBLIC,
    "verify": PUBLIC,
    "verify_number": PUBLIC,
    "welcome": SIGNED_IN,
    "home": "home.read",
    "courses": "courses.read",
    "course": "courses.read",
    "task_sheet": "courses.read",
    "course_media": "courses.read",
    "start_course": "courses.take",
    "refresh_course": "courses.take",
    "section": "courses.read",
    "finish_section": "courses.take",
    "start_attempt": "attempts.take",
    "attempt": "attempts.take",
    "save_answers": "attempts.take",
    "submit_attempt": "attempts.take",
    "attempt_result": "attempts.take",
    "attempt_question": "attempts.take",
    "save_question": "attempts.take",
    "bring_answers": "attempts.take",
    "report_question": "attempts.take",
    "ask_for_help": "attempts.take",
    "request_attempt": "attempts.request",
    "hr_quizzes": "attempts.oversee",
    "decide_late": "attempts.oversee",
    "grant_attempt": "attempts.oversee",
    "set_time": "attempts.oversee",
    "hr_recall": "attempts.oversee",
    "decide_recall": "attempts.oversee",
    "records": "records.read",
    "certificate": "certificates.read",
    "levels": "levels.read",
    "level": "levels.read",
    "application": "applications.write",
    "hand_in": "applications.write",
    "application_file": "applications.write",
    "reviews": "reviews.write",
    "review": "reviews.write",
    "decide_review": "reviews.write",
    "review_file": "reviews.write",
    "take_back_review": "reviews.write",
    "review_link": LINK,
    "decide_link": LINK,
    "link_file": LINK,
    "hr_applications": "applications.oversee",
    "ask_reviewer": "applications.oversee",
    "withdraw_confirmation": "confirmations.withdraw",
    "level_data": "levels.read",
    "assessment": "assessments.write",
    "choose_focus": "assessments.write",
    "rate_member": "assessments.review",
    "conversation": "assessments.talk",
    "move": "assessments.talk",
    "choose_targets": "targets.choose",
    "person_targets": "targets.write",
    "enter_evidence": "evidence.enter",
    "observe": "evidence.observe",
    "equate": "evidence.equate",
    "evidence": "evidence.decide",
    "entry_file": "evidence.read",
    "decide_entry": "evidence.decide",
    "withdraw_entry": "evidence.decide",
    "plan": "plans.write",
    "start_plan": "plans.write",
    "add_objective": "plans.write",
    "edit_objective": "plans.write",
    "remove_objective": "plans.write",
    "add_item": "plans.write",
    "remove_item": "plans.write",
    "sign_item": "plans.write",
    "carry_over": "plans.write",
    "plan_ideas": "plans.write",
    "own_plan": "plans.write",
    "print_plan": "plans.write",
    "act_on_plan": "plans.write",
    "plan_note": "plans.write",
    "team_plan": "plans.review",
    "act_on_team_plan": "plans.review",
    "plan_stages": "plans.oversee",
    "profile": "profile.write",
    "team": "team.read",
    "team_levels": "team.read",
    "assignments": "assignments.write",
    "new_assignment": "assignments.write",
    "withdraw_assignment": "assignments.write",
    "hr_records": "records.oversee",
    "hr_record": "records.oversee",
    "withdraw_completion": "completions.withdraw",
    "attendance": "attendances.record",
    "exports": "exports.run",
    "run_export": "exports.run",
    "export_manifest": "exports.run",
    "authoring": "authoring.read",
    "authoring_course": "authoring.read",
    "preview_course": "authoring.read",
    "preview_section": "authoring.read",
    "preview_media": "authoring.read",
    "preview_quiz": "authoring.read",
    "mark_preview": "authoring.read",
    "item_analysis": "authoring.read",
    "item_chart": "authoring.read",
    "work_out_figures": "authoring.write",
    "settle_report": "authoring.write",
    "recall_question": "authoring.write",
    "end_recall": "authoring.write",
    "roles": "roles.read",
    "audit": "audit.read",
    "frameworks": "frameworks.read",
    "jobs": "jobs.read",
    "retry_job": "jobs.retry",
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


def may(actor: Actor, action: str) -> bool:
    """Whether any role of the actor allows the action at all."""
    return bool(scopes(actor, action))


def require(actor: Actor, action: str) -> None:
    """Raise Forbidden unless a role of the actor allows the action."""
    if not may(actor, action):
        raise Forbidden(N_("Your roles do not include this. If you need it, ask the administrator of your unit."))
