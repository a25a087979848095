"""A person's whole record, for HR."""

from flask.typing import ResponseReturnValue

from lms.services.person_records import get_person_record
from lms.services.writing import log_access
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/hr/person/<ref>")
def hr_person(ref: str) -> ResponseReturnValue:
    """All courses, periods and facts of somebody; the person can see that somebody looked."""
    record = get_person_record(reading(), actor(), ref=ref)
    with transaction() as session:
        log_access(session, actor(), record.person_id, "record")
    return render("hr_person.html", record=record)
