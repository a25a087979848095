"""Mails to people: what is to be told is written in the transaction of the act; what became of it is appended."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Mail(Keyed, Base):
    """One mail to one person, of which the ref makes the Message-ID. `kind` is one of rules.mails.Kind.

    Key and ref follow from a hash of the news: the same news is told to the same person once, and under one Message-ID.

    What it is about lies in FactText under its ref, and can be erased: then it is not sent any more.
    """

    __tablename__ = "lms_mails"

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    written_at: Mapped[datetime]
    data_hash: Mapped[str] = mapped_column(String(64))  # of what FactText holds


class MailEvent(Base):
    """What became of a mail, one of rules.mails.Event; the last one is its state. A fact."""

    __tablename__ = "lms_mail_events"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    mail_id: Mapped[int] = mapped_column(ForeignKey("lms_mails.id"), index=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")  # why it was not sent
    language: Mapped[str] = mapped_column(String(20), default="")  # in which it was rendered


class MailChoice(Base):
    """Whether a person wants a kind of mail; the last row holds. A fact."""

    __tablename__ = "lms_mail_choices"
    __table_args__ = (Index("ix_lms_mail_choices_person_id_kind", "person_id", "kind"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"))
    kind: Mapped[str] = mapped_column(String(40))
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime]
