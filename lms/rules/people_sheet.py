"""The columns of HR's file, and what of the file a page looks at before a worker reads it: its first line."""

import csv
from collections.abc import Sequence

# column -> what it holds; docs/hr.md shows this table.
COLUMNS = {
    "person_type": "staff, partner_staff or associate; empty: staff, or partner_staff where partner_code is given",
    "employee_number": "staff: HR's number, kept as text with leading zeros",
    "external_ref": "partner staff: a stable reference of theirs",
    "given_name": "given name; may be empty where family_name is not",
    "family_name": "family name; may be empty where given_name is not",
    "work_email": "address for sign-in and mails; each one once",
    "language": "language of pages and mails, e.g. en, fr, es, ar; empty: en",
    "unit_code": "the unit of the post; for partner staff the unit that their organisation works with",
    "unit_name": "name of the unit; needed once for each new unit",
    "unit_parent_code": "the unit above; empty for the top",
    "unit_country": "country of the unit, ISO 3166 alpha-2, e.g. KE",
    "unit_tags": "kinds of unit, separated by ;, e.g. regional_hub or country_office;programme_unit",
    "unit_plan_start": "first day of the year of development plans, MM-DD, there and below; empty: as above it",
    "partner_code": "partner staff: their organisation",
    "partner_name": "name of the partner organisation; needed once for each new one",
    "partner_types": "kinds of partner, separated by ;",
    "partner_country": "country of the partner, ISO 3166 alpha-2",
    "partner_plan_start": "first day of the partner's year of development plans, MM-DD; empty: as in the unit",
    "department": "free text",
    "function": "a code of the functions in roles.yaml, e.g. finance",
    "role_profile": "a code of roles.yaml; empty: the profile of the function",
    "job_title": "free text",
    "grade": "free text",
    "manager": "employee number, external reference or e-mail of the line manager or named reviewer",
    "employment_status": "free text of HR's",
    "employment_type": "free text of HR's",
    "start_date": "first day of the post, YYYY-MM-DD; empty: today for a new post",
    "end_date": "first day on which the post is no longer held, YYYY-MM-DD; empty: open",
}
REQUIRED = ("given_name", "family_name", "work_email", "unit_code")
DELIMITERS = ",;\t"  # the second where a spreadsheet writes decimals with a comma
_MOST_OF_A_HEADER = 20_000


def delimiter_of(raw: bytes) -> str:
    """What stands between the cells: whatever the first line has most of."""
    first = raw[:_MOST_OF_A_HEADER].partition(b"\n")[0]
    return max(DELIMITERS, key=lambda char: (first.count(char.encode()), char == ","))


def headers_of(raw: bytes) -> Sequence[str]:
    """The cells of the first line; empty where it is no text, or no header."""
    first = raw[:_MOST_OF_A_HEADER].partition(b"\n")[0]
    try:
        cells = next(csv.reader([first.decode("utf-8-sig").strip("\r\n")], delimiter=delimiter_of(raw), strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        return []
    headers = [cell.strip() for cell in cells]
    return headers if all(headers) and len(set(headers)) == len(headers) else []
