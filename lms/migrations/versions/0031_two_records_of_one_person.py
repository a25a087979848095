"""Two records can be one person's: facts say whom they were recorded for, and whose they are today"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNIONS, _DECISIONS, _ENDS = "lms_unions", "lms_union_decisions", "lms_union_ends"
# Table -> what stands behind the holder in its index.
_HELD = {
    "lms_enrolments": ["course_id", "period"],
    "lms_evidence": [],
    "lms_evidence_entries": [],
    "lms_development_plans": [],
}


def upgrade() -> None:
    _add_holder("lms_people", [])
    for name, more in _HELD.items():
        _add_holder(name, more)
        op.execute(f"UPDATE {name} SET holder_id = person_id")  # noqa: S608  (our own names)
    _create_facts()


def _add_holder(name: str, more: list[str]) -> None:
    """In SQL: Alembic knows no way to give a column of SQLite a reference, which takes one while it is empty."""
    key = f"CONSTRAINT fk_{name}_holder_id REFERENCES lms_people (id)"
    op.execute(f"ALTER TABLE {name} ADD COLUMN holder_id INTEGER {key}")
    op.create_index(_index(name, more), name, ["holder_id", *more])


def _index(name: str, more: list[str]) -> str:
    return f"ix_{name}_{'_'.join(('holder_id', *more))}"


def _create_facts() -> None:
    op.create_table(
        _UNIONS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("into_id", sa.Integer, nullable=False),
        sa.Column("proposed_by", sa.Integer, nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("person_id <> into_id", name="ck_lms_unions_two"),
        *(_to_people(_UNIONS, column) for column in ("person_id", "into_id", "proposed_by")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_UNIONS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_UNIONS}_ref"),
    )
    for column in ("person_id", "into_id"):
        op.create_index(f"ix_{_UNIONS}_{column}", _UNIONS, [column])
    op.create_table(
        _DECISIONS,
        sa.Column("union_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("decided_by", sa.Integer, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        _to_people(_DECISIONS, "decided_by"),
        sa.ForeignKeyConstraint(["union_id"], [f"{_UNIONS}.id"], name=f"fk_{_DECISIONS}_union_id"),
        sa.PrimaryKeyConstraint("union_id", name=f"pk_{_DECISIONS}"),
    )
    op.create_table(
        _ENDS,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("union_id", sa.Integer, nullable=False),
        sa.Column("ended_by", sa.Integer, nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        _to_people(_ENDS, "ended_by"),
        sa.ForeignKeyConstraint(["union_id"], [f"{_UNIONS}.id"], name=f"fk_{_ENDS}_union_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{_ENDS}"),
        sa.UniqueConstraint("ref", name=f"uq_{_ENDS}_ref"),
        sa.UniqueConstraint("union_id", name=f"uq_{_ENDS}_union_id"),
    )


def _to_people(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["lms_people.id"], name=f"fk_{table}_{column}")


def downgrade() -> None:
    for name in (_ENDS, _DECISIONS, _UNIONS):
        op.drop_table(name)
    for name, more in {**_HELD, "lms_people": []}.items():
        op.drop_index(_index(name, more), name)
        op.execute(f"ALTER TABLE {name} DROP COLUMN holder_id")  # not rebuilt: others refer to the table
