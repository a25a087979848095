"""Control totals: what a receiver adds up in the file and finds in the manifest."""

from typing import Any

from sqlalchemy import Select, func, select

from lms.exports.layout import Conditions, Run
from lms.models import Standing, from_records, status_on


def by_status(run: Run, conditions: Conditions) -> Select[Any]:
    """Records, attempts and percents by status."""
    status = status_on(run.today).label("status")
    counted = from_records(
        select(status, Standing.attempts.label("attempts"), Standing.score_percent.label("score_percent"))
    )
    of = counted.where(*conditions).subquery("counted")
    return (
        select(of.c.status, func.count().label("rows"))
        .add_columns(func.coalesce(func.sum(of.c.attempts), 0).label("attempts"))
        .add_columns(func.coalesce(func.sum(of.c.score_percent), 0).label("score_percent"))
        .group_by(of.c.status)
        .order_by(of.c.status)
    )
