"""Evidence of every kind, with its source and who confirmed it; it can be withdrawn; levels are stored for lists"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime, new_ref

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SOURCE = """
UPDATE lms_evidence SET
    source_ref = (SELECT ref FROM lms_completions WHERE lms_completions.id = lms_evidence.completion_id),
    version_id = (SELECT version_id FROM lms_completions WHERE lms_completions.id = lms_evidence.completion_id)
"""


def upgrade() -> None:
    with op.batch_alter_table("lms_evidence") as table:
        table.add_column(sa.Column("source_ref", sa.String(32), nullable=True))
        table.add_column(sa.Column("version_id", sa.Integer, nullable=True))
        table.add_column(sa.Column("confirmed_by", sa.Integer, nullable=True))
        table.add_column(sa.Column("confirmed_as", sa.String(20), nullable=False, server_default="quiz"))
        table.add_column(sa.Column("words_hash", sa.String(64), nullable=False, server_default=""))
    op.execute(_SOURCE)
    with op.batch_alter_table("lms_evidence") as table:
        table.alter_column("source_ref", existing_type=sa.String(32), nullable=False)
        table.alter_column("confirmed_as", existing_type=sa.String(20), server_default=None)
        table.alter_column("words_hash", existing_type=sa.String(64), server_default=None)
        table.drop_constraint("uq_lms_evidence_completion_id_competency", type_="unique")
        table.create_unique_constraint("uq_lms_evidence_source_ref_competency", ["source_ref", "competency"])
        table.create_foreign_key("fk_lms_evidence_version_id", "lms_course_versions", ["version_id"], ["id"])
        table.create_foreign_key("fk_lms_evidence_confirmed_by", "lms_people", ["confirmed_by"], ["id"])
    op.create_index("ix_lms_evidence_completion_id", "lms_evidence", ["completion_id"])
    _create_facts()
    op.create_table(
        "lms_levels",
        sa.Column("person_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("changes_on", sa.Date, nullable=True),
        sa.Column("framework", sa.Integer, nullable=False),
        _refers("lms_levels", "person_id", "lms_people"),
        sa.PrimaryKeyConstraint("person_id", "competency", name="pk_lms_levels"),
    )
    for key in ("competency", "changes_on"):
        op.create_index(f"ix_lms_levels_{key}", "lms_levels", [key])
    _compute_levels_later()


def _compute_levels_later() -> None:
    """The worker fills the new table from the evidence that is there."""
    if not op.get_bind().scalar(sa.text("SELECT count(*) FROM lms_evidence")):
        return
    since = datetime(2026, 1, 1, tzinfo=UTC)  # long due
    jobs = sa.table(
        "lms_jobs",
        sa.column("ref", sa.String), sa.column("kind", sa.String), sa.column("payload", sa.JSON),
        sa.column("due_at", UtcDateTime()), sa.column("claimable_at", UtcDateTime()),
    )
    job = {"ref": new_ref(), "kind": "refresh_levels", "payload": {"everybody": True}, "due_at": since, "claimable_at": since}
    op.bulk_insert(jobs, [job])


def _create_facts() -> None:
    _create(
        "lms_evidence_withdrawals", {"evidence_id": "lms_evidence"}, {"withdrawn_by": True},
        sa.Column("effective_at", UtcDateTime(), nullable=False), words="reason_hash",
    )
    table = "lms_evidence_entries"
    _create(
        table, {}, {"person_id": False, "entered_by": False},
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("competency", sa.String(20), nullable=False),
        sa.Column("version_id", sa.Integer, nullable=True),
        sa.Column("indicators", sa.String(200), nullable=False),
        sa.Column("situation", sa.String(80), nullable=False),
        sa.Column("partner_voice", sa.Boolean, nullable=False),
        sa.Column("beyond_own_team", sa.Boolean, nullable=False),
        sa.Column("happened_on", sa.Date, nullable=False),
        _refers(table, "version_id", "lms_course_versions"),
        sa.CheckConstraint("kind IN ('outside', 'observation', 'equivalency')", name=op.f(f"ck_{table}_kind")),
        words="words_hash",
    )
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    _create(
        "lms_entry_decisions", {"entry_id": table}, {"decided_by": False},
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("decided_as", sa.String(20), nullable=False), words="reason_hash",
    )


def _create(table: str, once: dict[str, str], people: dict[str, bool], *parts: sa.schema.SchemaItem, words: str) -> None:
    """A table of facts: what it is about (one fact for each), by whom, when it was recorded, the hash of its words."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        *(sa.Column(key, sa.Integer, nullable=False) for key in once),
        *(sa.Column(key, sa.Integer, nullable=nullable) for key, nullable in people.items()),
        *parts,
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column(words, sa.String(64), nullable=False),
        *(_refers(table, key, target) for key, target in once.items()),
        *(_refers(table, key, "lms_people") for key in people),
        *(sa.UniqueConstraint(key, name=f"uq_{table}_{key}") for key in once),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("ref", name=f"uq_{table}_ref"),
    )


def _refers(table: str, key: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([key], [f"{target}.id"], name=f"fk_{table}_{key}")


def downgrade() -> None:
    for name in ("lms_levels", "lms_entry_decisions", "lms_evidence_entries", "lms_evidence_withdrawals"):
        op.drop_table(name)
    op.execute("DELETE FROM lms_evidence WHERE completion_id IS NULL")
    op.drop_index("ix_lms_evidence_completion_id", "lms_evidence")
    with op.batch_alter_table("lms_evidence") as table:
        table.drop_constraint("uq_lms_evidence_source_ref_competency", type_="unique")
        table.drop_constraint("fk_lms_evidence_version_id", type_="foreignkey")
        table.drop_constraint("fk_lms_evidence_confirmed_by", type_="foreignkey")
        table.create_unique_constraint(
            "uq_lms_evidence_completion_id_competency", ["completion_id", "competency"]
        )
        for column in ("source_ref", "version_id", "confirmed_by", "confirmed_as", "words_hash"):
            table.drop_column(column)
