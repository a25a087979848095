"""Every completion has a certificate number, those made before too"""

import sqlalchemy as sa
from alembic import op

from lms.models.completions import new_certificate_number

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SLICE = 1000
_completions = sa.table("lms_completions", sa.column("id", sa.Integer), sa.column("certificate_number", sa.String))


def upgrade() -> None:
    op.add_column("lms_completions", sa.Column("certificate_number", sa.String(length=19), nullable=True))
    connection = op.get_bind()
    ids = list(connection.scalars(sa.select(_completions.c.id)))
    number_it = (
        sa.update(_completions)
        .where(_completions.c.id == sa.bindparam("row"))
        .values(certificate_number=sa.bindparam("number"))
    )
    for start in range(0, len(ids), _SLICE):
        rows = [{"row": row, "number": new_certificate_number()} for row in ids[start : start + _SLICE]]
        connection.execute(number_it, rows)
    op.create_index(
        "ix_lms_completions_certificate_number", "lms_completions", ["certificate_number"], unique=True
    )


def downgrade() -> None:
    op.drop_index("ix_lms_completions_certificate_number", table_name="lms_completions")
    op.drop_column("lms_completions", "certificate_number")
