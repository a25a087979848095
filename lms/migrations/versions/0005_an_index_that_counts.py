"""The index by assignment holds the enrolment too: a list counts in it, without the rows"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_lms_enrolment_assignments_assignment", "lms_enrolment_assignments"


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["assignment_id", "enrolment_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["assignment_id"])
