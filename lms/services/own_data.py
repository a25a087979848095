"""What is kept about a person, read for that person: by themselves, or by the operator who hands it to them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.documents.own_data import write_own_data
from lms.models.personal import PERSONAL
from lms.permissions import Actor, require
from lms.rules.privacy import Basis, Erasure, Keep, Purpose
from lms.services.erasing import Subject
from lms.services.personal_rows import OwnFile, Part, read_files, read_parts
from lms.services.writing import audit

__all__ = ["Kept", "OwnData", "get_own_data", "list_kept_by_purpose", "write_subject_data"]


@dataclass(frozen=True)
class OwnData:
    """Rows by table, and files."""

    parts: list[Part]
    files: list[OwnFile]


@dataclass(frozen=True)
class Kept:
    """Of one purpose: on which bases, for how long, and what erasure does, each in the manifest's order."""

    purpose: Purpose
    bases: list[Basis]
    keeps: list[Keep]
    erasures: list[Erasure]


def get_own_data(session: Session, actor: Actor) -> OwnData:
    """Everything that is kept about the actor and is theirs; a query for each table of the manifest."""
    require(actor, "privacy.own")
    assert actor.person_id is not None
    return OwnData(read_parts(session, actor.person_id), read_files(session, actor.person_id))


def write_subject_data(session: Session, actor: Actor, *, subject: Subject) -> bytes:
    """The same as a zip in English for the operator, who is asked for it in the person's name; it is on record."""
    require(actor, "subjects.handle")
    audit(session, actor, "subjects.export", "person", subject.ref)
    parts, files = read_parts(session, subject.id), read_files(session, subject.id)
    return write_own_data(parts, files, name=subject.name, at=actor.at, say=str, language="en", direction="ltr")


def list_kept_by_purpose() -> list[Kept]:
    """The manifest as a person reads it."""
    found = []
    for purpose in Purpose:
        entries = [entry for entry in PERSONAL.values() if entry.purpose == purpose]
        found.append(
            Kept(
                purpose, list(dict.fromkeys(entry.basis for entry in entries)),
                list(dict.fromkeys(entry.keep for entry in entries)),
                list(dict.fromkeys(entry.erasure for entry in entries)),
            )
        )  # fmt: skip
    return found
