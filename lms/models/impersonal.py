"""The columns that are about nobody: what is published, how the house is built, what the worker does.

Beside `models.personal`: together they name every column, so that a new one has to be thought about.
"""

IMPERSONAL: dict[str, str] = {
    "lms_courses": "code slug",
    # Authors and reviewers are named in what they published; they agreed to that, and a version never changes.
    "lms_course_versions": "number published_at is_current languages source_language authors minutes size_bytes "
    "section_count for_staff for_partner_staff actions steps competencies competency_codes completes_by pass_percent "
    "attempts_allowed time_limit_minutes retry_delay_hours quiz_opens_on quiz_closes_on renewal_months prerequisites "
    "requires_application application_days draws",
    "lms_course_texts": "title summary objectives task reviewed_by",
    "lms_sections": "position title minutes html",
    "lms_media": "content_type body",
    "lms_questions": "key pool pool_draw type competency section_key critical tags difficulty",
    "lms_question_texts": "body",
    "lms_question_keys": "body",
    "lms_question_feedback": "body",
    "lms_item_figures": "worked_out_at body",
    "lms_reference_versions": "kind number body published_at levels_changed gaps_changed",
    "lms_units": "code name path tags country time_zone region_code plan_start",
    "lms_unit_tallies": "counted_at courses months",
    "lms_closed_days": "day",
    "lms_partner_organisations": "code name types country plan_start",
    # Whose words they are is said by the fact of the same ref (`texts` in models.personal).
    "lms_fact_texts": "salt text",
    "lms_form_receipts": "taken_at",
    # HR's file is deleted as soon as it was read; a line names somebody by their ref alone.
    "lms_import_files": "body",
    "lms_import_lines": "line change person_ref moves_manager",
    "lms_import_slices": "data",
    # Of records their numbers and hashes: what is sealed of them holds nothing that is erased.
    "lms_seal_keys": "public_key valid_from vouched",
    "lms_seals": "first_position last_position sealed_at body signature",
    "lms_sealed_records": "kind record_id",
    "lms_seal_checks": "checked_at position seal_hash kept_position fault fault_position fault_seal",
    "lms_import_runs": "at rows people_added people_changed",
    # What a job is about are references; it is swept soon after it is done.
    "lms_jobs": "kind key payload due_at claimable_at",
    "lms_job_attempts": "number worker started_at",
    "lms_job_outcomes": "outcome ended_at error",
}
