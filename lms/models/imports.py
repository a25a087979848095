"""HR's files of people: what each would change, who took it in, and how far that has come.

A file is staged: its differences are written slice by slice and change nothing. One row, the step `taken` or
`approved`, makes them effective; from then on a worker writes them to the end, slice by slice.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Identity, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.models.base import Base, Keyed


class PeopleImport(Keyed, Base):
    """A file that somebody sent (nobody: the command line), and about whom it is. A fact."""

    __tablename__ = "lms_people_imports"

    sent_by: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    sent_at: Mapped[datetime]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("lms_units.id"))  # and all below it; empty: everybody
    is_full: Mapped[bool]  # who is not in it leaves
    invites: Mapped[bool]
    file_hash: Mapped[str] = mapped_column(String(64))


class ImportFile(Base):
    """The file's bytes; gone as soon as it was read."""

    __tablename__ = "lms_import_files"

    import_id: Mapped[int] = mapped_column(ForeignKey("lms_people_imports.id"), primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ImportStep(Base):
    """What happened to a file, one of services.people_imports.Step. A fact."""

    __tablename__ = "lms_import_steps"
    __table_args__ = (UniqueConstraint("import_id", "kind"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("lms_people_imports.id"))
    kind: Mapped[str] = mapped_column(String(20))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # counts and headers, nothing personal


class ImportLine(Base):
    """What one line of a file changes (rules.people_changes.Change), of whom by their ref; lines that change nothing
    have none. A fact."""

    __tablename__ = "lms_import_lines"
    __table_args__ = (Index("ix_lms_import_lines_import_id_change", "import_id", "change", "position"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("lms_people_imports.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]  # in the file; 0 of somebody whom it does not name
    change: Mapped[str] = mapped_column(String(10))
    person_ref: Mapped[str | None] = mapped_column(String(32), index=True)
    moves_manager: Mapped[bool]


class ImportDetail(Base):
    """The words of a line: names, cells before and after, why it was refused. Can be erased."""

    __tablename__ = "lms_import_details"

    import_id: Mapped[int] = mapped_column(ForeignKey("lms_people_imports.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Of a newcomer as soon as they are there; of refused lines and those that were not taken nobody.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("lms_people.id"), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class ImportSlice(Base):
    """How far the taking has come: the phase, and the last position (or unit) of it that is written. A fact."""

    __tablename__ = "lms_import_slices"

    import_id: Mapped[int] = mapped_column(ForeignKey("lms_people_imports.id"), primary_key=True)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    upto: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)  # counts, and the positions that could not be written
