"""Of whom an export held records"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_PEOPLE = "lms_exported_people"


def upgrade() -> None:
    op.create_table(
        _PEOPLE,
        sa.Column("run_id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["lms_export_runs.id"], name=f"fk_{_PEOPLE}_run_id"),
        sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{_PEOPLE}_person_id"),
        sa.PrimaryKeyConstraint("run_id", "person_id", name=f"pk_{_PEOPLE}"),
    )
    op.create_index(f"ix_{_PEOPLE}_person_id", _PEOPLE, ["person_id"])


def downgrade() -> None:
    op.drop_table(_PEOPLE)
