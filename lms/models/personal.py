"""What is kept about people: every column of every table, why it is kept, how long, and what erasure does to it.

The one privacy manifest. The subject's export, erasure, the retention job, the page "What is kept about you" and
docs/privacy.md are made from it; a column that it does not name fails the build.

Primary keys, `ref`, hashes and references to tables that hold nobody's data are named by no entry: on their own they
say nothing about anybody.
"""

from dataclasses import dataclass

from lms.rules.privacy import Basis, Erasure, Keep, Purpose

PEOPLE = "lms_people"
TEXTS = "lms_fact_texts"


@dataclass(frozen=True)
class Personal:
    """What one table keeps of a person.

    `person` is the column that leads to them: to `lms_people`, or to a table that leads there. `own` is in the
    subject's export; `hidden` is theirs too, and would tell the key of a quiz, or means nothing outside the database.
    `others` name other people. `texts` says that what was written lies in lms_fact_texts under `ref`.
    """

    person: str
    purpose: Purpose
    basis: Basis
    keep: Keep
    erasure: Erasure
    own: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    texts: bool = False


def _of(
    person: str, purpose: Purpose, basis: Basis, keep: Keep, erasure: Erasure, own: str, *, hidden: str = "",
    others: str = "", emptied: str = "", texts: bool = False,
) -> Personal:  # fmt: skip
    return Personal(
        person, purpose, basis, keep, erasure, tuple(own.split()), tuple(hidden.split()), tuple(others.split()),
        tuple(emptied.split()), texts,
    )  # fmt: skip


_P, _B, _K, _E = Purpose, Basis, Keep, Erasure
_RECORD = (_P.LEARNING, _B.DUTY, _K.RECORDS, _E.KEPT)
_ENROLLED = ("enrolment_id", *_RECORD)
_QUIZ = (_P.QUIZZES, _B.CONTRACT, _K.RECORDS, _E.KEPT)
_WORDS_OF_RECORD = (_P.LEARNING, _B.DUTY, _K.RECORDS, _E.WORDS)
_LEVEL = (_P.LEVELS, _B.CONTRACT, _K.LEAVERS)
_TALK = (_P.TALKS, _B.CONTRACT, _K.LEAVERS)
_TASK = (_P.TASKS, _B.CONTRACT, _K.LEAVERS)
_PLAN = (_P.PLANS, _B.CONTRACT, _K.LEAVERS)
_TRACE = (_P.TRACES, _B.INTEREST, _K.RECORDS, _E.KEPT)
_MAIL = (_P.MAILS, _B.CONTRACT, _K.JOBS)

PERSONAL: dict[str, Personal] = {
    PEOPLE: _of(
        "id", _P.PERSON, _B.CONTRACT, _K.RECORDS, _E.EMPTIED,
        "kind given_name family_name display_name work_email employee_number external_ref language created_at "
        "changed_at", hidden="email_key holder_id",
        emptied="given_name family_name display_name work_email email_key employee_number external_ref",
    ),
    "lms_sign_in_identities": _of(
        "person_id", _P.SIGNING_IN, _B.CONTRACT, _K.LEAVERS, _E.DELETED, "provider subject linked_at"
    ),
    "lms_posts": _of(
        "person_id", _P.PERSON, _B.CONTRACT, _K.RECORDS, _E.EMPTIED,
        "department function role_profile job_title grade employment_status employment_type started_on ended_on "
        "is_latest", emptied="department job_title grade employment_status employment_type",
    ),
    "lms_reporting_lines": _of(
        "person_id", _P.PERSON, _B.CONTRACT, _K.RECORDS, _E.KEPT, "started_on ended_on", others="manager_id"
    ),
    "lms_role_grants": _of("person_id", *_TRACE, "role granted_at ended_at"),
    "lms_delegations": _of("deputy_id", *_TRACE, "starts_on last_on named_at", others="manager_id"),
    "lms_delegation_ends": _of("delegation_id", *_TRACE, "ended_at"),
    "lms_leaves": _of("person_id", *_RECORD, "starts_on last_on entered_at", others="entered_by"),
    "lms_leave_ends": _of("leave_id", *_RECORD, "back_on ended_at", others="ended_by"),
    "lms_assignments": _of(
        "person_id", *_RECORD, "due_on mandatory reason assigned_at grace_days", others="assigned_by"
    ),
    "lms_assignment_withdrawals": _of("assignment_id", *_RECORD, "withdrawn_at cause", others="withdrawn_by"),
    "lms_rule_versions": _of(
        "written_by", *_TRACE,
        "rule number name conditions terms path is_end gain lose needs_second written_at",
    ),
    "lms_rule_decisions": _of("decided_by", *_TRACE, "approved decided_at"),
    "lms_enrolments": _of("person_id", *_RECORD, "period enrolled_at own_choice", hidden="holder_id"),
    "lms_enrolment_assignments": _of("enrolment_id", *_RECORD, "assigned_at due_on"),
    "lms_waivers": _of("enrolment_id", *_WORDS_OF_RECORD, "waived_at", others="waived_by", texts=True),
    "lms_waiver_withdrawals": _of(
        "waiver_id", *_WORDS_OF_RECORD, "withdrawn_at", others="withdrawn_by", texts=True
    ),
    "lms_enrolment_starts": _of(*_ENROLLED, "started_at"),
    "lms_section_readings": _of(*_ENROLLED, "section_key read_at"),
    "lms_standings": _of(
        *_ENROLLED,
        "assigned_on reason mandatory due_on late_after started_on completed_on application_due_on handed_in_on "
        "returned_on certified_on confirmed_as expires_on waived_on withdrawn_on language score_percent attempts "
        "changed_at",
    ),
    "lms_completions": _of(
        *_ENROLLED, "effective_at recorded_at expires_on application_due_on certificate_number"
    ),
    "lms_attendances": _of(
        "completion_id", *_WORDS_OF_RECORD, "held_on language recorded_at", others="recorded_by", texts=True
    ),
    "lms_completion_withdrawals": _of(
        "completion_id", *_WORDS_OF_RECORD, "cause effective_at recorded_at is_current", others="withdrawn_by",
        texts=True,
    ),
    "lms_completion_reinstatements": _of(
        "withdrawal_id", *_WORDS_OF_RECORD, "recorded_at", others="reinstated_by", texts=True
    ),
    "lms_attempts": _of(
        "enrolment_id", *_QUIZ, "number language pass_percent started_at deadline_at is_open",
        hidden="seed marking_rule draft_key",
    ),
    "lms_attempt_questions": _of("attempt_id", *_QUIZ, "position", hidden="option_order"),
    "lms_answer_events": _of(
        "attempt_id", *_QUIZ, "received_at given_at takes_effect is_late", hidden="event_id tab sequence base"
    ),
    "lms_answer_values": _of(
        "answer_id", _P.QUIZZES, _B.CONTRACT, _K.ATTEMPTS, _E.DELETED, "value", hidden="salt"
    ),
    "lms_attempt_results": _of(
        "attempt_id", *_QUIZ,
        "cause recorded_at is_current submitted_at finished_at score possible percent critical_missed passed",
        others="recorded_by",
    ),
    "lms_time_allowances": _of("person_id", *_QUIZ, "factor granted_at", others="granted_by"),
    "lms_help_requests": _of("enrolment_id", *_QUIZ, "asked_at", others="asked_by"),
    "lms_extra_attempts": _of("enrolment_id", *_QUIZ, "granted_at", others="granted_by"),
    "lms_late_decisions": _of(
        "attempt_id", _P.QUIZZES, _B.CONTRACT, _K.RECORDS, _E.WORDS, "accepted decided_at", others="decided_by",
        texts=True,
    ),
    "lms_question_recalls": _of("recalled_by", *_TRACE, "kind recalled_at is_current"),
    "lms_recall_decisions": _of("decided_by", *_TRACE, "act policy decided_at"),
    "lms_recall_outcomes": _of("attempt_id", *_QUIZ, "is_current", hidden="before_id after_id"),
    "lms_result_recalls": _of("result_id", *_QUIZ, ""),
    "lms_question_reports": _of(
        "person_id", _P.QUIZZES, _B.INTEREST, _K.ATTEMPTS, _E.WORDS, "reason reported_at", texts=True
    ),
    "lms_report_replies": _of(
        "report_id", _P.QUIZZES, _B.INTEREST, _K.ATTEMPTS, _E.WORDS, "replied_at", others="replied_by", texts=True
    ),
    "lms_uploads": _of("person_id", *_TASK, _E.KEPT, "kind size uploaded_at", hidden="sha256"),
    "lms_upload_bodies": _of("upload_id", *_TASK, _E.DELETED, "name", hidden="body"),
    "lms_hand_ins": _of(
        "completion_id", *_TASK, _E.WORDS, "number handed_in_at is_observed with_partner", texts=True
    ),
    "lms_hand_in_uploads": _of("upload_id", *_TASK, _E.KEPT, "position"),
    "lms_review_requests": _of(
        "hand_in_id", *_TASK, _E.KEPT, "side role cause asked_at is_open", others="reviewer_id asked_by"
    ),
    "lms_review_decisions": _of(
        "request_id", *_TASK, _E.WORDS, "decision decided_at by_link partner_voice beyond_own_team", texts=True
    ),
    "lms_confirmation_withdrawals": _of(
        "decision_id", *_TASK, _E.WORDS, "withdrawn_at", others="withdrawn_by", texts=True
    ),
    "lms_evidence": _of(
        "person_id", *_LEVEL, _E.EMPTIED,
        "competency kind level_aimed_at confirmed_as situation partner_voice beyond_own_team effective_at recorded_at "
        "expires_on", hidden="source_ref holder_id", others="confirmed_by", emptied="situation", texts=True,
    ),
    "lms_evidence_withdrawals": _of(
        "evidence_id", *_LEVEL, _E.WORDS, "effective_at recorded_at", others="withdrawn_by", texts=True
    ),
    "lms_evidence_entries": _of(
        "person_id", *_LEVEL, _E.EMPTIED,
        "kind competency indicators situation partner_voice beyond_own_team happened_on recorded_at",
        hidden="holder_id", others="entered_by", emptied="situation", texts=True,
    ),
    "lms_entry_files": _of("entry_id", *_LEVEL, _E.KEPT, ""),
    "lms_entry_decisions": _of(
        "entry_id", *_LEVEL, _E.WORDS, "accepted decided_as recorded_at", others="decided_by", texts=True
    ),
    "lms_levels": _of("person_id", *_LEVEL, _E.KEPT, "competency level changes_on framework"),
    "lms_level_moves": _of(
        "person_id", *_LEVEL, _E.KEPT, "framework before after level_before level_after moved_at"
    ),
    "lms_targets": _of("person_id", *_LEVEL, _E.WORDS, "competency level set_at", others="set_by", texts=True),
    "lms_target_choices": _of("person_id", *_LEVEL, _E.KEPT, "accepted chosen_at"),
    "lms_assessments": _of("person_id", *_TALK, _E.KEPT, "starts_on ends_on created_at"),
    "lms_rating_sheets": _of(
        "assessment_id", *_TALK, _E.KEPT, "side written_at handed_in", others="written_by"
    ),
    "lms_ratings": _of(
        "sheet_id", *_TALK, _E.WORDS, "competency level confidence points", texts=True
    ),
    "lms_assessment_moves": _of(
        "assessment_id", *_TALK, _E.WORDS, "competency act side made_at level", others="made_by",
        hidden="proposal_id", texts=True,
    ),
    "lms_focus_choices": _of("assessment_id", *_TALK, _E.KEPT, "competencies chosen_at"),
    "lms_peer_requests": _of("assessment_id", *_TALK, _E.KEPT, "competencies asked_at", others="peer_id asked_by"),
    "lms_peer_answers": _of("request_id", *_TALK, _E.KEPT, "outcome answered_at"),
    "lms_peer_ratings": _of("answer_id", *_TALK, _E.WORDS, "competency level confidence", texts=True),
    "lms_development_plans": _of(
        "person_id", *_PLAN, _E.KEPT, "starts_on ends_on created_at template template_version stage",
        hidden="holder_id",
    ),
    "lms_objectives": _of(
        "plan_id", *_PLAN, _E.EMPTIED, "text measure due_on competency created_at removed_at", hidden="carried_from",
        emptied="text measure",
    ),
    "lms_plan_items": _of(
        "objective_id", *_PLAN, _E.EMPTIED, "kind text condition competency level created_at removed_at",
        emptied="text",
    ),
    "lms_plan_item_signatures": _of("item_id", *_PLAN, _E.KEPT, "done signed_at", others="signed_by"),
    "lms_plan_acts": _of(
        "plan_id", *_PLAN, _E.WORDS, "kind side holds mentions acted_at", hidden="words", others="acted_by", texts=True
    ),
    "lms_plan_copies": _of("plan_id", *_PLAN, _E.WORDS, "frozen_at", texts=True),
    "lms_plan_notes": _of("plan_id", *_PLAN, _E.DELETED, "text changed_at"),
    "lms_mails": _of("person_id", *_MAIL, _E.WORDS, "kind written_at", hidden="key", texts=True),
    "lms_mail_events": _of("mail_id", *_MAIL, _E.KEPT, "at event reason language"),
    "lms_reminders": _of("mail_id", *_MAIL, _E.KEPT, "audience step target_on"),
    "lms_mail_choices": _of("person_id", *_MAIL, _E.KEPT, "kind wanted chosen_at"),
    "lms_audit_entries": _of("actor_id", *_TRACE, "at action object_kind", hidden="object_ref"),
    "lms_access_entries": _of("person_id", *_TRACE, "at what", others="actor_id"),
    "lms_erasure_requests": _of("person_id", *_TRACE[:3], _E.WORDS, "asked_at", texts=True),
    "lms_erasure_decisions": _of(
        "request_id", *_TRACE[:3], _E.WORDS, "accepted decided_at", others="decided_by", texts=True
    ),
    "lms_erasures": _of("person_id", *_TRACE, "cause erased_at", others="erased_by"),
    "lms_unions": _of(
        "person_id", *_TRACE[:3], _E.WORDS, "proposed_at", others="into_id proposed_by", texts=True
    ),
    "lms_union_decisions": _of("union_id", *_TRACE, "accepted decided_at", others="decided_by"),
    "lms_union_ends": _of("union_id", *_TRACE[:3], _E.WORDS, "ended_at", others="ended_by", texts=True),
    "lms_people_imports": _of("sent_by", *_TRACE, "sent_at is_full invites"),
    "lms_import_steps": _of("by_id", *_TRACE, "kind at", hidden="data"),
    "lms_import_details": _of("person_id", _P.PERSON, _B.CONTRACT, _K.RECORDS, _E.DELETED, "", hidden="body"),
    "lms_export_runs": _of(
        "actor_id", *_TRACE, "layout layout_version format filters scope purpose started_at", hidden="likeness"
    ),
    "lms_exported_people": _of("person_id", *_TRACE, ""),
    "lms_export_receipts": _of(
        "run_id", *_TRACE, "rows finished_at totals", hidden="sha256 cursor seal_head signed_by signature"
    ),
}  # fmt: skip
