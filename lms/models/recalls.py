"""Questions whose key was wrong: recalled by their author, and what HR let follow from it for people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed, where


class QuestionRecall(Keyed, Base):
    """The author says that a question was marked wrongly, and how it is to be marked. A fact.

    `is_current` only falls: when a later recall of the question takes its place, or when the author takes it back.
    What is handed in while it is current is marked by it; what was handed in before waits for HR.
    """

    __tablename__ = "lms_question_recalls"
    __table_args__ = (Index("uq_lms_question_recalls_current", "question_id", unique=True, **where("is_current")),)

    question_id: Mapped[int] = mapped_column(ForeignKey("lms_questions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))  # one of rules.recalling.Kind
    # the same question in another version of the course, whose key is right
    key_question_id: Mapped[int | None] = mapped_column(ForeignKey("lms_questions.id"))
    recalled_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    recalled_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))
    is_current: Mapped[bool] = mapped_column(default=True)


class ResultRecall(Base):
    """A result was marked as a recall says. A fact; a result with no such row follows the published key."""

    __tablename__ = "lms_result_recalls"

    result_id: Mapped[int] = mapped_column(ForeignKey("lms_attempt_results.id"), primary_key=True)
    recall_id: Mapped[int] = mapped_column(ForeignKey("lms_question_recalls.id"), primary_key=True)


class RecallDecision(Keyed, Base):
    """What HR decides for the people of its scope: to mark again, to leave it, or to undo what was decided. A fact."""

    __tablename__ = "lms_recall_decisions"

    recall_id: Mapped[int] = mapped_column(ForeignKey("lms_question_recalls.id"), index=True)
    act: Mapped[str] = mapped_column(String(10))  # one of rules.recalling.Act
    policy: Mapped[str] = mapped_column(String(20))  # one of rules.recalling.Policy
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    decided_at: Mapped[datetime]
    reason_hash: Mapped[str] = mapped_column(String(64))


class RecallOutcome(Base):
    """What a decision did to one attempt. A fact; `is_current` only falls, when the decision is undone.

    The undoing has rows of its own, which never are current.
    """

    __tablename__ = "lms_recall_outcomes"
    __table_args__ = (
        Index("uq_lms_recall_outcomes_current", "recall_id", "attempt_id", unique=True, **where("is_current")),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    recall_id: Mapped[int] = mapped_column(ForeignKey("lms_question_recalls.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("lms_recall_decisions.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("lms_attempts.id"), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("lms_attempt_results.id"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("lms_attempt_results.id"), index=True)  # None: as it was
    is_current: Mapped[bool] = mapped_column(default=True)
