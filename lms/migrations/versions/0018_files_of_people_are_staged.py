"""HR's files of people are staged before they are taken in, with what each line changes"""

import json

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0018"
down_revision = "0017"
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
    _carry_over()
    op.drop_table("lms_import_runs")


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
            sa.Column(column, sa.JSON, nullable=False),
            _to_import(table),
            sa.PrimaryKeyConstraint("import_id", *keys, name=f"pk_{table}"),
        )


def _carry_over() -> None:
    """The files that were taken in before: when, which, and how many people they changed."""
    connection = op.get_bind()
    runs = connection.execute(sa.text("SELECT * FROM lms_import_runs ORDER BY id")).mappings().all()
    for run in runs:
        made = {"ref": run["ref"], "at": run["at"], "hash": run["file_hash"], "no": False}
        connection.execute(
            sa.text(
                f"INSERT INTO {_IMPORTS} (ref, sent_at, is_full, invites, file_hash)"
                " VALUES (:ref, :at, :no, :no, :hash)"
            ),
            made,
        )
        same = run["rows"] - run["people_added"] - run["people_changed"]
        done = {"added": run["people_added"], "changed": run["people_changed"], "unchanged": max(0, same), "late": []}
        read = {"rows": run["rows"], "of": {}, "waits_for": []}
        for kind, data in (("read", read), ("taken", {}), ("done", done)):
            connection.execute(
                sa.text(
                    f"INSERT INTO {_STEPS} (import_id, kind, at, data)"
                    f" SELECT id, :kind, :at, :data FROM {_IMPORTS} WHERE ref = :ref"
                ),
                {"kind": kind, "at": run["at"], "data": json.dumps(data), "ref": run["ref"]},
            )


def downgrade() -> None:
    """What lines changed is lost; how many they changed stays."""
    op.create_table(
        "lms_import_runs",
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("people_added", sa.Integer, nullable=False),
        sa.Column("people_changed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lms_import_runs"),
        sa.UniqueConstraint("ref", name="uq_lms_import_runs_ref"),
    )
    connection = op.get_bind()
    found = connection.execute(
        sa.text(
            f"SELECT i.ref, s.at, i.file_hash, s.data FROM {_IMPORTS} i JOIN {_STEPS} s ON s.import_id = i.id"
            " WHERE s.kind = 'done' ORDER BY i.id"
        )
    ).mappings()
    for row in found.all():
        data = row["data"] if isinstance(row["data"], dict) else json.loads(row["data"])
        counts = {"added": data["added"], "changed": data["changed"]}
        connection.execute(
            sa.text(
                "INSERT INTO lms_import_runs (ref, at, file_hash, rows, people_added, people_changed)"
                " VALUES (:ref, :at, :hash, :rows, :added, :changed)"
            ),
            {"ref": row["ref"], "at": row["at"], "hash": row["file_hash"],
             "rows": sum(counts.values()) + data["unchanged"], **counts},
        )  # fmt: skip
    for table in ("import_slices", "import_details", "import_lines", "import_steps", "import_files", "people_imports"):
        op.drop_table(f"lms_{table}")
