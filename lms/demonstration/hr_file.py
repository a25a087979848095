"""HR's file of the demonstration: the members as CSV text, in the columns that real data has."""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from lms.content.people_file import PeopleFile, read_people_file
from lms.demonstration.organisation import Member
from lms.demonstration.places import Places

_COLUMNS = (
    "person_type", "employee_number", "external_ref", "given_name", "family_name", "work_email", "language",
    "unit_code", "unit_name", "unit_parent_code", "unit_country", "unit_tags", "partner_code", "partner_name",
    "partner_types", "partner_country", "function", "job_title", "manager", "employment_status", "start_date",
    "end_date",
)  # fmt: skip


def hr_csv(members: Sequence[Member], places: Places | None, leavers: Mapping[str, date]) -> str:
    """The file's text: units and partners (if places are given) on lines of their own, then one line a member.

    `leavers` are those whose post ends, by number.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    if places:
        writer.writerows(_unit_rows(places))
        writer.writerows(_partner_rows(places))
    writer.writerows(_row(member, leavers.get(member.number)) for member in members)
    return text.getvalue()


def hr_file(
    members: Sequence[Member], places: Places | None = None, leavers: Mapping[str, date] = MappingProxyType({})
) -> PeopleFile:
    """The file as the importer reads it: written to the disk and checked, like any other."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_text(hr_csv(members, places, leavers), encoding="utf-8", newline="")
        return read_people_file(path)


def _unit_rows(places: Places) -> Iterable[Mapping[str, str]]:
    for unit in places.units:
        yield {
            "unit_code": unit.code, "unit_name": unit.name, "unit_parent_code": unit.parent,
            "unit_country": unit.country, "unit_tags": unit.tags,
        }  # fmt: skip


def _partner_rows(places: Places) -> Iterable[Mapping[str, str]]:
    for partner in places.partners:
        yield {
            "partner_code": partner.code, "partner_name": partner.name, "partner_types": partner.types,
            "partner_country": partner.country,
        }  # fmt: skip


def _row(member: Member, ends_on: date | None) -> Mapping[str, str]:
    return {
        "person_type": "partner_staff" if member.partner else "staff",
        "external_ref" if member.partner else "employee_number": member.number,
        "given_name": member.given, "family_name": member.family, "work_email": member.email,
        "language": member.language, "unit_code": member.unit, "partner_code": member.partner,
        "function": member.function, "job_title": member.job_title, "manager": member.manager,
        "employment_status": "ended" if ends_on else "active", "start_date": member.starts_on.isoformat(),
        "end_date": ends_on.isoformat() if ends_on else "",
    }  # fmt: skip
