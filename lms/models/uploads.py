"""Files that people hand in: that one was handed in is a fact; its name and its bytes lie beside it, to be erased."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class Upload(Keyed, Base):
    """A file as it is kept: an image is drawn anew, a document is as it came. `kind` is one of
    documents.received.Kind."""

    __tablename__ = "lms_uploads"

    person_id: Mapped[int] = mapped_column(ForeignKey("lms_people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int]  # in bytes, as kept
    sha256: Mapped[str] = mapped_column(String(64))  # of the bytes as kept
    uploaded_at: Mapped[datetime]


class UploadBody(Base):
    """The name and the bytes of an upload; gone when they were erased."""

    __tablename__ = "lms_upload_bodies"

    upload_id: Mapped[int] = mapped_column(ForeignKey("lms_uploads.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(140))
    body: Mapped[bytes] = mapped_column(LargeBinary)
