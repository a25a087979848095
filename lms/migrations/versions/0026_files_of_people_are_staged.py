"""HR's files of people are staged before they are taken in, with what each line changes"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_IMPORTS, _STEPS = "lms_people_imports", "lms_import_steps"


def upgrade() -> None:
    op.create_table(
        _IMPORTS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("sent_by", sa.Integer, nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("unit_id", sa.Integer, nullable=True),
        sa.Column("is_full", sa.Boolean, nullable=False),
        sa.Column("invites", sa.Boolean, nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["sent_by"], ["lms_people.id"], name=f"fk_{_IMPORTS}_sent_by"),
        sa.ForeignKeyConstraint(["unit_id"], ["lms_units.id"], name=f"fk_{_IMPORTS}_unit_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_IMPORTS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_IMPORTS}_ref"),
    )
    op.create_index(f"ix_{_IMPORTS}_sent_by", _IMPORTS, ["sent_by"])
    op.create_table(
        "lms_import_files",
        _import_id(),
        sa.Column("body", sa.LargeBinary, nullable=False),
        _to_import("lms_import_files"),
        sa.PrimaryKeyConstraint("import_id", name="pk_lms_import_files"),
    )
    op.create_table(
        _STEPS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        _import_id(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("by_id", sa.Integer, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        _to_import(_STEPS),
        sa.ForeignKeyConstraint(["by_id"], ["lms_people.id"], name=f"fk_{_STEPS}_by_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_STEPS}"),
        sa.UniqueConstraint("import_id", "kind", name=f"uq_{_STEPS}_import_id_kind"),
    )
    _create_lines()


def _import_id() -> sa.Column:
    return sa.Column("import_id", sa.Integer, nullable=False)


def _to_import(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["import_id"], [f"{_IMPORTS}.id"], name=f"fk_{table}_import_id")


def _create_lines() -> None:
    op.create_table(
        "lms_import_lines",
        _import_id(),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("change", sa.String(10), nullable=False),
        sa.Column("person_ref", sa.String(32), nullable=True),
        sa.Column("moves_manager", sa.Boolean, nullable=False),
        _to_import("lms_import_lines"),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_lms_import_lines"),
    )
    op.create_index("ix_lms_import_lines_import_id_change", "lms_import_lines", ["import_id", "change", "position"])
    op.create_index("ix_lms_import_lines_person_ref", "lms_import_lines", ["person_ref"])
    for table, column in (("lms_import_details", "body"), ("lms_import_slices", "data")):
        keys = ("position",) if table == "lms_import_details" else ("phase", "upto")
        op.create_table(
            table,
            _import_id(),
            *(sa.Column(key, sa.Integer, nullable=False) for key in keys),
            *([sa.Column("person_id", sa.Integer, nullable=True)] if column == "body" else []),
            sa.Column(column, sa.JSON, nullable=False),
            _to_import(table),
            *([sa.ForeignKeyConstraint(["person_id"], ["lms_people.id"], name=f"fk_{table}_person_id")]
              if column == "body" else []),
            sa.PrimaryKeyConstraint("import_id", *keys, name=f"pk_{table}"),
        )
    op.create_index("ix_lms_import_details_person_id", "lms_import_details", ["person_id"])


def downgrade() -> None:
    """What lines changed is lost; the runs keep how many they changed."""
    for table in ("import_slices", "import_details", "import_lines", "import_steps", "import_files", "people_imports"):
        op.drop_table(f"lms_{table}")
