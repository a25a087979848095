"""What everybody may do, written down by hand from the matrix of security.md: the tests compare the program with it.

Nothing here is derived from `lms.permissions`; who changes the policy changes both, knowingly.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.filled import PARTNERS, PEOPLE
from tests.permissions import (
    assessments,
    authoring,
    deputies,
    leaves,
    people_in,
    plans,
    privacy,
    put_forward,
    reminders,
    rules,
    seals,
    targets,
    tasks_at_work,
)

ALL = frozenset(PEOPLE)
STAFF = ALL - set(PARTNERS)
MANAGERS = frozenset({"kofi", "ingrid", "tupac"})
HR = frozenset({"ingrid", "nadia"})
LEADING = MANAGERS | deputies.DEPUTIES
ASSIGNING = LEADING | HR
AUTHORS = frozenset({"olga", "wei"})  # of all courses; of the course `basics` alone
ADMINISTRATORS = frozenset({"sam"})
# Who reports to whom today, and over whom and which units an HR officer was set.
REPORTS = {"kofi": {"amina", "wei"}, "ingrid": {"kofi", "jose", "nadia", "olga", "sam"}, "tupac": {"rosa"}}
OVERSEEN = {"ingrid": set(ALL), "nadia": {"amina", "wei", "kofi", "nadia"}}
OVERSEEN_UNITS = {"ingrid": {"unit HUB", "unit KE", "unit PE"}, "nadia": {"unit KE"}}
MANAGER = {person: manager for manager, people in REPORTS.items() for person in people}


def visible(person: str | None, endpoint: str) -> set[str]:
    """Whose names a page may show: one's own, one's manager's, one's team's, those of people one was set over."""
    if endpoint in ("roles", "audit", "jobs", "verify_number", *people_in.NAMING):  # who has a number reads its name
        return set(ALL)
    if person is None:
        return tasks_at_work.named_by_link(endpoint)
    asking = tasks_at_work.LOOK_AT_EACH_OTHER.get(person, set()) | privacy.seen(person, endpoint)
    asking |= deputies.SEEN.get(person, set())
    return asking | {person, MANAGER.get(person, "")} | REPORTS.get(person, set()) | OVERSEEN.get(person, set())


Reach = Callable[[str], set[str]]


def own(person: str) -> set[str]:
    return {person}


def own_and_overseen(person: str) -> set[str]:
    return {person} | OVERSEEN.get(person, set())


def overseen(person: str) -> set[str]:
    return OVERSEEN.get(person, set())


def assigned(person: str) -> set[str]:
    return led(person) | OVERSEEN.get(person, set()) | OVERSEEN_UNITS.get(person, set())


def reports(person: str) -> set[str]:
    return REPORTS.get(person, set())


def led(person: str) -> set[str]:
    return reports(person) | deputies.STOOD_IN.get(person, set())


def exported(person: str) -> set[str]:
    return {"ingrid", "nadia"} if person == "ingrid" else {person}  # who oversees everything sees every export


def open_courses(person: str) -> set[str]:
    return {"basics", "third", "timed"} if person in PARTNERS else {"basics", "third", "timed", "other", "inside"}


def authored(person: str) -> set[str]:
    return {"basics"} if person == "wei" else {"basics", "third", "timed", "other", "inside"}


def assigned_by_others(person: str) -> set[str]:
    return {"kofi": {"wei"}, "jose": {"amina", "wei"}}.get(person, set())  # in sight; whoever asked takes it back


def everything(_person: str) -> set[str]:
    return {"there"}


def nothing(_person: str) -> set[str]:
    return set()


COURSES = {slug: slug for slug in ("basics", "third", "timed", "other", "inside")}
SECTIONS = {"basics": "basics/sections/listen-first", "third": "third/sections/table", "other": "other/sections/ears",
            "inside": "inside/sections/ears", "timed": "timed/sections/ears"}  # fmt: skip
# A child of another parent, a parent that is not there, and a name that nothing has.
NO_SECTIONS = ("basics/sections/table", "absent/sections/table", "third/sections/absent")
# Kinds of object whose names are known beforehand; the others come from the filled world.
KNOWN = {
    "course": COURSES,
    "previewed section": {slug: path.replace("/", "/preview/", 1) for slug, path in SECTIONS.items()},
    "previewed media": {
        "basics": "basics/preview/sections/media/hands.svg",
        "inside": "inside/preview/sections/media/ear.svg",
    },
    "section": SECTIONS,
    "media": {"basics": "basics/sections/media/hands.svg", "inside": "inside/sections/media/ear.svg"},
    "level": {"there": "PC1"},
    "version": {slug: f"{slug}/versions/{2 if slug == 'basics' else 1}" for slug in COURSES},
    "question": {
        slug: f"{slug}/versions/{2 if slug == 'basics' else 1}/questions/{'late-form' if slug == 'basics' else 'one'}"
        for slug in COURSES
    },
    "file": {"there": "lms.css"},
}
ABSENT = {
    "section": NO_SECTIONS,
    "media": ("third/sections/media/hands.svg", "basics/sections/media/absent.svg"),
    "previewed section": ("basics/preview/sections/table", "absent/preview/sections/table"),
    "previewed media": ("third/preview/sections/media/hands.svg", "basics/preview/sections/media/absent.svg"),
    "version": ("basics/versions/99", "absent/versions/1"),
    "report": ("basics/versions/2/reports/absent", "absent/versions/1/reports/absent"),
    "question": ("basics/versions/2/questions/absent", "absent/versions/1/questions/one"),
    **tasks_at_work.ABSENT,
    "file": ("absent.css", "../web/gate.py", "quiz.css"),
}
PUBLIC, LINK, SIGNED_IN = "public", "link", "signed in"
RECORDED = ("completion", "confirmation")  # whose forms name the record that they stand in


@dataclass(frozen=True)
class Cell:
    """One method of one route: for whom, on what, and how it ends where it is allowed."""

    path: str  # `{}` is the object's public name
    who: frozenset[str] = ALL
    kind: str = ""
    reach: Reach = everything
    barred: Reach = nothing  # in sight, but not theirs to do: 403
    ends: tuple[int, ...] = (200,)  # statuses of the allowed
    changes: tuple[str, ...] = ()  # tables that an allowed write changes; another set fails
    follows: tuple[str, ...] = ()  # tables that may follow, where there is something to derive anew
    send: dict[str, str] = field(default_factory=dict)
    door: str = ""  # PUBLIC, LINK or SIGNED_IN where no role is asked for


def owner_for(cell: Cell, person: str, objects: dict[str, str]) -> str:
    """Somebody on whose object (by owner) the person may do it: themselves where they can."""
    able = (cell.reach(person) - cell.barred(person)) & ALL & set(objects)
    return person if person in able else min(able, default=person)


WRITTEN = ("audit_entries",)
POLICY: dict[tuple[str, str], Cell] = {
    ("static", "GET"): Cell("/static/{}", kind="file", door=PUBLIC),
    ("verify", "GET"): Cell("/verify", door=PUBLIC),
    ("verify_number", "GET"): Cell("/verify/{}", kind="certificate", door=PUBLIC),
    ("welcome", "GET"): Cell("/welcome", door=SIGNED_IN, ends=(302,)),
    ("welcome", "POST"): Cell("/welcome", door=SIGNED_IN, ends=(302,)),
    ("home", "GET"): Cell("/"),
    ("courses", "GET"): Cell("/courses"),
    ("course", "GET"): Cell("/courses/{}", kind="course", reach=open_courses),
    ("task_sheet", "GET"): Cell("/courses/{}/task", kind="course", reach=open_courses, ends=(200, 404)),
    ("course_media", "GET"): Cell("/courses/{}", kind="media", reach=open_courses),
    ("start_course", "POST"): Cell("/courses/{}/start", kind="course", reach=open_courses, ends=(302,)),
    # Where something runs out soon; with that: tests/services/test_refreshers.py
    ("refresh_course", "POST"): Cell("/courses/{}/refresh", kind="course", reach=open_courses, ends=(409,)),
    ("section", "GET"): Cell("/courses/{}", kind="section", reach=open_courses),
    ("finish_section", "POST"): Cell("/courses/{}", kind="section", reach=open_courses, ends=(302, 409)),
    ("start_attempt", "POST"): Cell("/courses/{}/attempts", kind="course", reach=open_courses, ends=(302, 409)),
    ("attempt", "GET"): Cell("/attempts/{}", kind="open attempt", reach=own),
    ("save_answers", "POST"): Cell(
        "/attempts/{}/answers", kind="open attempt", reach=own, ends=(302,),
        send={"q1": "1", "form_id": "f"}, changes=("answer_events", "answer_values"),
    ),
    ("submit_attempt", "POST"): Cell(
        "/attempts/{}/submit", kind="open attempt", reach=own, ends=(302,), send={"unanswered_ok": "1"},
        changes=("attempt_results", "attempts", "standings", *WRITTEN),
    ),
    ("attempt_result", "GET"): Cell("/attempts/{}/result", kind="result", reach=own),
    ("attempt_question", "GET"): Cell("/attempts/{}/questions/1", kind="open attempt", reach=own),
    ("save_question", "POST"): Cell(
        "/attempts/{}/questions/1", kind="open attempt", reach=own, ends=(302,), send={"q1": "1"},
        changes=("answer_events", "answer_values"),
    ),
    # Without a file; with one: tests/web/test_sealed_answers.py
    ("bring_answers", "POST"): Cell("/attempts/{}/file", kind="open attempt", reach=own, ends=(422,)),
    ("report_question", "POST"): Cell(
        "/attempts/{}/questions/1/report", kind="result", reach=own, ends=(302,), send={"reason": "unclear"},
        changes=("question_reports", "fact_texts", *WRITTEN),
    ),
    ("ask_for_help", "POST"): Cell("/courses/{}/help", kind="course", reach=open_courses, ends=(302, 409)),
    ("hr_quizzes", "GET"): Cell("/hr/quizzes", HR),
    ("decide_late", "POST"): Cell(
        "/hr/attempts/{}/late", HR, "late attempt", overseen, barred=own, ends=(302,),
        send={"reason": "The line was down.", "accept": "1"},
        changes=("late_decisions", "fact_texts", "attempt_results", "completions", "evidence", "standings", *WRITTEN),
        follows=("levels",),
    ),
    ("hr_recall", "GET"): Cell("/hr/recalls/{}", HR, "recall"),
    ("decide_recall", "POST"): Cell(
        "/hr/recalls/{}", HR, "recall", ends=(302,),
        send={"act": "applied", "policy": "never_worsen", "reason": "Fair to all."},
        changes=(
            "recall_decisions", "recall_outcomes", "fact_texts", "attempt_results", "result_recalls", *WRITTEN,
        ),
    ),
    ("grant_attempt", "POST"): Cell(
        "/hr/records/{}/attempts", HR, "waiting record", overseen, barred=own, ends=(302,),
        changes=("extra_attempts", *WRITTEN),
    ),
    ("set_time", "POST"): Cell(
        "/hr/records/{}/time", HR, "record", overseen, barred=own, ends=(302,), send={"factor": "1.5"},
        changes=("time_allowances", *WRITTEN),
    ),
    ("records", "GET"): Cell("/records"),
    ("certificate", "GET"): Cell("/certificates/{}", kind="completion", reach=own_and_overseen),
    ("levels", "GET"): Cell("/levels"),
    ("level", "GET"): Cell("/levels/{}", kind="level"),
    ("level_data", "GET"): Cell("/levels/{}.json", kind="level"),
    ("plan", "GET"): Cell("/plan"),
    ("start_plan", "POST"): Cell("/plan/start", ends=(302,)),
    ("add_objective", "POST"): Cell(
        "/plan/objectives", ends=(302,), send={"text": "To listen"}, changes=("objectives", *WRITTEN)
    ),
    ("edit_objective", "GET"): Cell("/plan/objectives/{}", kind="objective", reach=own),
    ("edit_objective", "POST"): Cell(
        "/plan/objectives/{}", kind="objective", reach=own, ends=(302,), send={"text": "To listen well"},
        changes=("objectives", *WRITTEN),
    ),
    ("remove_objective", "POST"): Cell(
        "/plan/objectives/{}/remove", kind="objective", reach=own, ends=(302,), changes=("objectives", *WRITTEN)
    ),
    ("add_item", "POST"): Cell(
        "/plan/objectives/{}/items", kind="objective", reach=own, ends=(302,),
        send={"kind": "people", "text": "Ask"}, changes=("plan_items", *WRITTEN),
    ),
    ("remove_item", "POST"): Cell(
        "/plan/items/{}/remove", kind="experience item", reach=own, ends=(302,), changes=("plan_items", *WRITTEN)
    ),
    ("sign_item", "POST"): Cell(
        "/plan/items/{}/sign", kind="experience item", reach=own, ends=(302,), send={"done": "1"},
        changes=("plan_item_signatures", *WRITTEN),
    ),
    ("profile", "GET"): Cell("/profile"),
    ("profile", "POST"): Cell(
        "/profile", ends=(302,), send={"display_name": "New", "language": "en", "mails": "level_lapses"},
        changes=("mail_choices", "people", *WRITTEN),  # what is not ticked is switched off
    ),
    ("assignments", "GET"): Cell("/assignments", ASSIGNING),
    ("new_assignment", "GET"): Cell("/assignments/new", ASSIGNING),
    ("new_assignment", "POST"): Cell("/assignments/new", ASSIGNING, ends=(422,)),  # empty; filled: test_scope
    ("withdraw_assignment", "POST"): Cell(
        "/assignments/{}/withdraw", ASSIGNING, "assignment", assigned, barred=assigned_by_others, ends=(302,),
        changes=("assignment_withdrawals", *WRITTEN), follows=("standings",),
    ),
    ("overview", "GET"): Cell("/hr", HR),
    ("known_on", "GET"): Cell("/hr/known-on", HR),
    ("hr_records", "GET"): Cell("/hr/records", HR),
    ("hr_record", "GET"): Cell("/hr/records/{}", HR, "record", overseen),
    ("withdraw_completion", "POST"): Cell(
        "/hr/completions/{}/withdraw", HR, "completion", overseen, barred=own, ends=(302,),
        send={"reason": "It was another person."},
        changes=("completion_withdrawals", "fact_texts", "standings", *WRITTEN), follows=("levels",),
    ),
    ("attendance", "GET"): Cell("/hr/attendance", HR),
    ("attendance", "POST"): Cell("/hr/attendance", HR, ends=(422,)),  # empty; filled: test_attendances
    ("exports", "GET"): Cell("/exports", HR),
    ("run_export", "POST"): Cell("/exports", HR, ends=(422,)),  # empty; filled: test_scope
    ("export_schema", "GET"): Cell("/exports/layouts/full_v1.json", HR),
    ("export_manifest", "GET"): Cell("/exports/{}/manifest.json", HR, "export", exported),
    ("roles", "GET"): Cell("/roles", ADMINISTRATORS),
    ("audit", "GET"): Cell("/audit", ADMINISTRATORS),
    ("jobs", "GET"): Cell("/jobs", ADMINISTRATORS),
    ("retry_job", "POST"): Cell(
        "/jobs/{}/retry", ADMINISTRATORS, "failed job", ends=(302,), changes=("jobs", *WRITTEN)
    ),
}  # fmt: skip
PARTS = (
    assessments, authoring, deputies, leaves, people_in, plans, privacy, put_forward, reminders, rules, seals,
    targets, tasks_at_work,
)  # fmt: skip
for part in PARTS:
    POLICY |= part.cells()
