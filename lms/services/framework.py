"""The competency framework and the other reference data in force."""

from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from lms.models import ReferenceVersion
from lms.services.scope import rows


def current_references(session: Session, *kinds: str) -> dict[str, dict[str, Any]]:
    """The newest published body of each kind of reference data; one query."""
    return {row.kind: row.body for row in rows(session, _newest_references(), {"kinds": kinds})}


@cache
def _newest_references() -> Executable:
    wanted = ReferenceVersion.kind.in_(bindparam("kinds", expanding=True))
    newest = select(func.max(ReferenceVersion.id)).where(wanted).group_by(ReferenceVersion.kind)
    query = select(ReferenceVersion.kind, ReferenceVersion.body, ReferenceVersion.number)
    return query.where(ReferenceVersion.id.in_(newest))
