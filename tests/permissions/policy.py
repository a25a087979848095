"""What everybody may do, written down by hand from the matrix of security.md: the tests compare the program with it.

Nothing here is derived from `lms.permissions`; who changes the policy changes both, knowingly.
"""

from tests.permissions.cells import (
    ABSENT,
    ADMINISTRATORS,
    ALL,
    AUTHORS,
    COURSES,
    HR,
    KNOWN,
    MANAGER,
    MANAGERS,
    NO_SECTIONS,
    OVERSEEN,
    OVERSEEN_UNITS,
    PUBLIC,
    REPORTS,
    SECTIONS,
    SIGNED_IN,
    STAFF,
    Cell,
    Reach,
    assigned,
    assigned_by_others,
    authored,
    everything,
    exported,
    nothing,
    open_courses,
    over,
    overseen,
    own,
    own_and_overseen,
    owner_for,
    reports,
    visible,
)

__all__ = [
    "ABSENT",
    "ADMINISTRATORS",
    "ALL",
    "AUTHORS",
    "COURSES",
    "HR",
    "KNOWN",
    "MANAGER",
    "MANAGERS",
    "NO_SECTIONS",
    "OVERSEEN",
    "OVERSEEN_UNITS",
    "POLICY",
    "PUBLIC",
    "REPORTS",
    "SECTIONS",
    "SIGNED_IN",
    "STAFF",
    "WRITTEN",
    "Cell",
    "Reach",
    "assigned",
    "assigned_by_others",
    "authored",
    "everything",
    "exported",
    "nothing",
    "open_courses",
    "over",
    "overseen",
    "own",
    "own_and_overseen",
    "owner_for",
    "reports",
    "visible",
]

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
    ("request_attempt", "POST"): Cell(
        "/team/records/{}/attempts", MANAGERS, "waiting record", reports, ends=(302,),
        changes=("help_requests", *WRITTEN),
    ),
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
    ("enter_evidence", "GET"): Cell("/levels/{}/elsewhere", kind="level"),
    ("enter_evidence", "POST"): Cell(
        "/levels/{}/elsewhere", kind="level", ends=(302,), send={"words": "A diploma", "happened_on": "2026-11-02"},
        changes=("evidence_entries", "fact_texts", *WRITTEN),
    ),
    ("observe", "GET"): Cell("/team/{}/observe", MANAGERS, "person", reports),
    ("observe", "POST"): Cell(
        "/team/{}/observe", MANAGERS, "person", reports, ends=(302,),
        send={"competency": "PC1", "indicators": "1a", "words": "Asked first", "situation": "A first meeting",
              "happened_on": "2026-11-02"},
        changes=("evidence_entries", "evidence", "fact_texts", *WRITTEN), follows=("levels",),
    ),
    ("equate", "GET"): Cell("/hr/records/{}/equal", HR, "record", overseen),
    ("equate", "POST"): Cell(
        "/hr/records/{}/equal", HR, "record", overseen, barred=own, ends=(302,),
        send={"words": "A diploma", "happened_on": "2026-11-02"},
        changes=("evidence_entries", "evidence", "fact_texts", *WRITTEN), follows=("levels",),
    ),
    ("evidence", "GET"): Cell("/evidence", MANAGERS | HR),
    ("decide_entry", "POST"): Cell(
        "/evidence/{}/decide", MANAGERS | HR, "entry", over, barred=own, ends=(302,), send={"accepted": "yes"},
        changes=("entry_decisions", "evidence", "fact_texts", *WRITTEN), follows=("levels",),
    ),
    ("withdraw_entry", "POST"): Cell(
        "/evidence/{}/withdraw", MANAGERS | HR, "accepted entry", over, barred=own, ends=(302,),
        send={"reason": "It was somebody else's."},
        changes=("evidence_withdrawals", "fact_texts", *WRITTEN), follows=("levels",),
    ),
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
    ("carry_over", "POST"): Cell(
        "/plan/objectives/{}/carry", kind="old objective", reach=own, ends=(302,), changes=("objectives", *WRITTEN)
    ),
    ("plan_ideas", "GET"): Cell("/plan/ideas"),
    ("own_plan", "GET"): Cell("/plans/{}", kind="plan", reach=own),
    ("print_plan", "GET"): Cell("/plans/{}/print", kind="plan", reach=own),
    ("act_on_plan", "POST"): Cell(  # who has no line manager shares with nobody, and so says nothing
        "/plans/{}/acts", kind="plan", reach=own, ends=(302, 409),
        send={"kind": "comment", "holds": "1", "text": "Thank you"},
    ),
    ("plan_note", "GET"): Cell("/plans/{}/note", kind="plan", reach=own),
    ("plan_note", "POST"): Cell(
        "/plans/{}/note", kind="plan", reach=own, ends=(302,), send={"text": "For me"}, changes=("plan_notes",)
    ),
    ("team_plan", "GET"): Cell("/team/plans/{}", MANAGERS, "shared plan", reports),
    ("act_on_team_plan", "POST"): Cell(
        "/team/plans/{}/acts", MANAGERS, "shared plan", reports, ends=(302,),
        send={"kind": "comment", "holds": "1", "text": "Thank you"},
        changes=("plan_acts", "fact_texts", *WRITTEN),
    ),
    ("plan_stages", "GET"): Cell("/hr/plans", HR),
    ("add_item", "GET"): Cell("/plan/objectives/{}/items", kind="objective", reach=own),
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
        changes=("people", *WRITTEN),
    ),
    ("team", "GET"): Cell("/team", MANAGERS),
    ("assignments", "GET"): Cell("/assignments", MANAGERS | HR),
    ("new_assignment", "GET"): Cell("/assignments/new", MANAGERS | HR),
    ("new_assignment", "POST"): Cell("/assignments/new", MANAGERS | HR, ends=(422,)),  # empty; filled: test_scope
    ("withdraw_assignment", "POST"): Cell(
        "/assignments/{}/withdraw", MANAGERS | HR, "assignment", assigned, barred=assigned_by_others, ends=(302,),
        changes=("assignment_withdrawals", *WRITTEN), follows=("standings",),
    ),
    ("hr_records", "GET"): Cell("/hr/records", HR),
    ("hr_record", "GET"): Cell("/hr/records/{}", HR, "record", overseen),
    ("withdraw_completion", "POST"): Cell(
        "/hr/completions/{}/withdraw", HR, "completion", overseen, barred=own, ends=(302,),
        send={"reason": "It was another person."},
        changes=("completion_withdrawals", "fact_texts", "standings", *WRITTEN), follows=("levels",),
    ),
    ("exports", "GET"): Cell("/exports", HR),
    ("run_export", "POST"): Cell("/exports", HR, ends=(422,)),  # empty; filled: test_scope
    ("export_manifest", "GET"): Cell("/exports/{}/manifest.json", HR, "export", exported),
    ("authoring", "GET"): Cell("/authoring", AUTHORS),
    ("authoring_course", "GET"): Cell("/authoring/{}", AUTHORS, "course", authored),
    ("preview_course", "GET"): Cell("/authoring/{}/preview", AUTHORS, "course", authored),
    ("preview_section", "GET"): Cell("/authoring/{}", AUTHORS, "previewed section", authored),
    ("preview_media", "GET"): Cell("/authoring/{}", AUTHORS, "previewed media", authored),
    ("preview_quiz", "GET"): Cell("/authoring/{}/preview/quiz?seed=7", AUTHORS, "course", authored),
    ("mark_preview", "POST"): Cell(
        "/authoring/{}/preview/quiz?seed=7", AUTHORS, "course", authored, send={"q1": "1"}
    ),  # nothing is written
    ("item_analysis", "GET"): Cell("/authoring/{}/questions", AUTHORS, "version", authored),
    ("work_out_figures", "POST"): Cell(
        "/authoring/{}/questions", AUTHORS, "version", authored, ends=(302,), changes=("item_figures", *WRITTEN)
    ),
    # There is none of ten people; with one: tests/web/test_item_analysis.py
    ("item_chart", "GET"): Cell("/authoring/{}/questions/one.svg", AUTHORS, "version", authored, ends=(404,)),
    ("recall_question", "GET"): Cell("/authoring/{}/recall", AUTHORS, "question", authored),
    ("recall_question", "POST"): Cell(
        "/authoring/{}/recall", AUTHORS, "question", authored, ends=(302,),
        send={"kind": "credit", "reason": "Both are right."}, changes=("question_recalls", "fact_texts", *WRITTEN),
    ),
    ("end_recall", "POST"): Cell(  # where something is recalled
        "/authoring/{}/recall/end", AUTHORS, "question", authored, ends=(302, 409),
    ),
    ("settle_report", "POST"): Cell(
        "/authoring/{}", AUTHORS, "report", authored, ends=(302,), send={"reply": "It is changed."},
        changes=("report_replies", "fact_texts", *WRITTEN),
    ),
    ("roles", "GET"): Cell("/roles", ADMINISTRATORS),
    ("audit", "GET"): Cell("/audit", ADMINISTRATORS),
    ("jobs", "GET"): Cell("/jobs", ADMINISTRATORS),
    ("retry_job", "POST"): Cell(
        "/jobs/{}/retry", ADMINISTRATORS, "failed job", ends=(302,), changes=("jobs", *WRITTEN)
    ),
}  # fmt: skip
