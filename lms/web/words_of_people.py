"""Codes of HR's files of people in words; `words` holds them with all others."""

from lms.errors import N_

CHANGE = {
    "unit": N_("Unit"),
    "partner": N_("Partner organisation"),
    "new": N_("New"),
    "changed": N_("Changed"),
    "moved": N_("Moved"),
    "leaving": N_("Leaving"),
    "rehired": N_("Back again"),
    "same": N_("As before"),
    "refused": N_("Refused"),
}
IMPORT_STATE = {
    "columns": N_("Waits for its columns"),
    "reading": N_("Being read"),
    "unreadable": N_("Could not be read"),
    "ready": N_("Ready to be taken in"),
    "waiting": N_("Waits for a second person"),
    "taking": N_("Being taken in"),
    "done": N_("Taken in"),
    "dropped": N_("Dropped"),
}
IMPORT_STEP = {
    "mapped": N_("Columns chosen"),
    "read": N_("Read"),
    "unreadable": N_("Could not be read"),
    "taken": N_("Told to be taken in"),
    "approved": N_("Approved by a second person"),
    "dropped": N_("Dropped"),
    "done": N_("Taken in"),
}
WAITS_FOR = {
    "share": N_("It moves or ends more people than one person may decide on."),
    "sender_manages": N_("It makes whoever sent it somebody's manager."),
}
PERSON_COLUMN = {
    "person_type": N_("Kind of person"),
    "employee_number": N_("Employee number"),
    "external_ref": N_("External reference"),
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "work_email": N_("Work e-mail"),
    "language": N_("Language"),
    "unit_code": N_("Code of the unit"),
    "unit_name": N_("Name of the unit"),
    "unit_parent_code": N_("Code of the unit above"),
    "unit_country": N_("Country of the unit"),
    "unit_tags": N_("Kinds of the unit"),
    "unit_plan_start": N_("Year of plans in the unit"),
    "partner_code": N_("Code of the partner"),
    "partner_name": N_("Name of the partner"),
    "partner_types": N_("Kinds of the partner"),
    "partner_country": N_("Country of the partner"),
    "partner_plan_start": N_("Year of plans of the partner"),
    "department": N_("Department"),
    "function": N_("Function"),
    "role_profile": N_("Role profile"),
    "job_title": N_("Job title"),
    "grade": N_("Grade"),
    "manager": N_("Line manager"),
    "employment_status": N_("Employment status"),
    "employment_type": N_("Employment type"),
    "start_date": N_("First day of the post"),
    "end_date": N_("Day of leaving"),
}
