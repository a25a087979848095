"""Layouts that take columns of `full_v1` under names of their own: a history for SuccessFactors, a partner's staff."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, literal_column, select

from lms.exports import full_v1
from lms.exports.layout import Column, Conditions, Layout, Pack, Run, apart, as_data, in_quotes
from lms.exports.totals import by_status
from lms.models import Enrolment, Person, Standing

# Name -> column of full_v1, or an SQL constant.
_SF_HISTORY = {
    "user_id": "employee_number",
    "item_type": "item_type",
    "item_id": "course_code",
    "revision_date": "version_date",
    "completion_date": "completed_on",
    "completion_time_zone": literal_column("'UTC'"),
    "completion_status": "status",
    "grade_percent": "score_percent",
    "total_hours": "learning_hours",
    "credit_hours": "credit_hours",
    "instructor": "facilitator",
    "comments": "comment",
}
_PARTNER = {
    "record_id": "record_id",
    "external_person_ref": "external_person_ref",
    "given_name": "given_name",
    "family_name": "family_name",
    "display_name": "display_name",
    "partner_org_code": "partner_org_code",
    "partner_org_name": "partner_org_name",
    "course_code": "course_code",
    "course_title": "course_title",
    "course_version": "course_version",
    "started_on": "started_on",
    "completed_on": "completed_on",
    "certified_on": "certified_on",
    "status": "status",
    "result": "result",
    "expires_on": "expires_on",
    "certificate_number": "certificate_number",
    "hours": "learning_hours",
    "last_changed_at": "last_changed_at",
}


def _picking(
    name: str, version: str, picked: Mapping[str, Any], narrowed: Conditions, needs: str = ""
) -> Layout:  # fmt: skip
    def build(run: Run, conditions: Conditions, bounds: Conditions = (), pack: Pack = apart) -> Select[Any]:
        cells = as_data if pack is as_data else apart
        whole = full_v1.LAYOUT.build(run, (*conditions, *narrowed), bounds, cells)
        source = whole.add_columns(Enrolment.id.label("lms_key")).order_by(None).subquery("whole")
        columns = [
            Column(name, source.c[of], in_quotes(source.c[of])) if isinstance(of, str) else Column(name, of)
            for name, of in picked.items()
        ]
        return select(*(column.cell.label(column.name) for column in pack(columns))).order_by(source.c.lms_key)

    def count(run: Run, conditions: Conditions) -> Select[Any]:
        return by_status(run, (*conditions, *narrowed))

    return Layout(name, version, tuple(picked), Enrolment.id, build, count, needs=needs)


SF_HISTORY = _picking("sf_history_v1", "1.0.0", _SF_HISTORY, (Standing.completed_on.is_not(None),))
PARTNER = _picking("partner_v1", "1.0.0", _PARTNER, (Person.kind == "partner_staff",), needs="partner")
