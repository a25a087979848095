"""On SQLite, indexes of flagged rows are found by the queries that ask for them: they say `flag = 1`"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# index, table, columns, flag, unique
_INDEXES = [
    ("uq_lms_attempts_open", "lms_attempts", ["enrolment_id"], "is_open", True),
    ("ix_lms_answer_events_late", "lms_answer_events", ["attempt_id"], "is_late", False),
    ("uq_lms_attempt_results_current", "lms_attempt_results", ["attempt_id"], "is_current", True),
    ("uq_lms_completion_withdrawals_current", "lms_completion_withdrawals", ["completion_id"], "is_current", True),
    ("uq_lms_review_requests_open", "lms_review_requests", ["hand_in_id", "side"], "is_open", True),
    ("ix_lms_review_requests_waiting", "lms_review_requests", ["reviewer_id"], "is_open", False),
    ("uq_lms_question_recalls_current", "lms_question_recalls", ["question_id"], "is_current", True),
    ("uq_lms_recall_outcomes_current", "lms_recall_outcomes", ["recall_id", "attempt_id"], "is_current", True),
    ("uq_lms_course_versions_current", "lms_course_versions", ["course_id"], "is_current", True),
    ("uq_lms_posts_latest", "lms_posts", ["person_id"], "is_latest", True),
]


def upgrade() -> None:
    _create("{} = 1")


def downgrade() -> None:
    _create("{}")


def _create(condition: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for index, table, columns, flag, unique in _INDEXES:
        op.drop_index(index, table)
        op.create_index(index, table, columns, unique=unique, sqlite_where=sa.text(condition.format(flag)))
