"""Tasks at work: what is handed in, by whom it is looked at, what they say; uploads"""

import sqlalchemy as sa
from alembic import op

from lms.models.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = (
    "lms_confirmation_withdrawals", "lms_review_decisions", "lms_review_requests", "lms_hand_in_uploads",
    "lms_hand_ins", "lms_upload_bodies", "lms_uploads",
)  # fmt: skip


def upgrade() -> None:
    _create_uploads()
    _create_hand_ins()
    _create_reviews()
    op.add_column("lms_standings", sa.Column("handed_in_on", sa.Date, nullable=True))
    op.add_column("lms_standings", sa.Column("returned_on", sa.Date, nullable=True))
    op.add_column("lms_standings", sa.Column("confirmed_as", sa.String(20), nullable=False, server_default=""))


def _keyed(name: str, *more: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer, sa.Identity(), nullable=False),
        sa.Column("ref", sa.String(32), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("ref", name=f"uq_{name}_ref"),
    )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _create_uploads() -> None:
    _keyed(
        "lms_uploads",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        _refers("lms_uploads", "person_id", "lms_people"),
    )
    op.create_index("ix_lms_uploads_person_id", "lms_uploads", ["person_id"])
    op.create_table(
        "lms_upload_bodies",
        sa.Column("upload_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("name", sa.String(140), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        _refers("lms_upload_bodies", "upload_id", "lms_uploads"),
        sa.PrimaryKeyConstraint("upload_id", name="pk_lms_upload_bodies"),
    )


def _create_hand_ins() -> None:
    _keyed(
        "lms_hand_ins",
        sa.Column("completion_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("handed_in_at", UtcDateTime(), nullable=False),
        sa.Column("is_observed", sa.Boolean, nullable=False),
        sa.Column("with_partner", sa.Boolean, nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        _refers("lms_hand_ins", "completion_id", "lms_completions"),
        sa.UniqueConstraint("completion_id", "number", name="uq_lms_hand_ins_completion_id_number"),
    )
    op.create_table(
        "lms_hand_in_uploads",
        sa.Column("upload_id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("hand_in_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        _refers("lms_hand_in_uploads", "upload_id", "lms_uploads"),
        _refers("lms_hand_in_uploads", "hand_in_id", "lms_hand_ins"),
        sa.PrimaryKeyConstraint("upload_id", name="pk_lms_hand_in_uploads"),
        sa.UniqueConstraint("hand_in_id", "position", name="uq_lms_hand_in_uploads_hand_in_id_position"),
    )


def _create_reviews() -> None:
    _keyed(
        "lms_review_requests",
        sa.Column("hand_in_id", sa.Integer, nullable=False),
        sa.Column("reviewer_id", sa.Integer, nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("cause", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.Integer, nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        _refers("lms_review_requests", "hand_in_id", "lms_hand_ins"),
        _refers("lms_review_requests", "reviewer_id", "lms_people"),
        _refers("lms_review_requests", "asked_by", "lms_people"),
    )
    op.create_index("ix_lms_review_requests_hand_in_id", "lms_review_requests", ["hand_in_id"])
    is_open = {"sqlite_where": sa.text("is_open"), "postgresql_where": sa.text("is_open")}
    op.create_index("uq_lms_review_requests_open", "lms_review_requests", ["hand_in_id", "side"], unique=True, **is_open)
    op.create_index("ix_lms_review_requests_waiting", "lms_review_requests", ["reviewer_id"], **is_open)
    _keyed(
        "lms_review_decisions",
        sa.Column("request_id", sa.Integer, nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("by_link", sa.Boolean, nullable=False),
        sa.Column("partner_voice", sa.Boolean, nullable=False),
        sa.Column("beyond_own_team", sa.Boolean, nullable=False),
        sa.Column("comment_hash", sa.String(64), nullable=False),
        _refers("lms_review_decisions", "request_id", "lms_review_requests"),
        sa.UniqueConstraint("request_id", name="uq_lms_review_decisions_request_id"),
    )
    _keyed(
        "lms_confirmation_withdrawals",
        sa.Column("decision_id", sa.Integer, nullable=False),
        sa.Column("withdrawn_by", sa.Integer, nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=False),
        sa.Column("reason_hash", sa.String(64), nullable=False),
        _refers("lms_confirmation_withdrawals", "decision_id", "lms_review_decisions"),
        _refers("lms_confirmation_withdrawals", "withdrawn_by", "lms_people"),
        sa.UniqueConstraint("decision_id", name="uq_lms_confirmation_withdrawals_decision_id"),
    )


def downgrade() -> None:
    for column in ("confirmed_as", "returned_on", "handed_in_on"):
        op.drop_column("lms_standings", column)
    for table in TABLES:
        op.drop_table(table)
