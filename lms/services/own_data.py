"""What is kept about a person, read for that person: by themselves, or by the operator who hands it to them."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from lms.permissions import Actor, require
from lms.rules.privacy import Basis, Erasure, Keep, Purpose
from lms.services.erasing import Subject
from lms.services.personal_rows import OwnFile, Part, list_kept, read_files, read_parts
from lms.services.writing import audit

__all__ = ["Kept", "OwnData", "get_own_data", "get_subject_data", "list_kept_by_purpose"]


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


def get_subject_data(session: Session, actor: Actor, *, subject: Subject) -> OwnData:
    """The same for the operator, who is asked for it in the person's name; it is on record."""
    require(actor, "subjects.handle")
    audit(session, actor, "subjects.export", "person", subject.ref)
    return OwnData(read_parts(session, subject.id), read_files(session, subject.id))


def list_kept_by_purpose() -> list[Kept]:
    """The manifest as a person reads it."""
    entries = list_kept()
    return [
        Kept(
            purpose,
            list(dict.fromkeys(entry.basis for entry in entries if entry.purpose == purpose)),
            list(dict.fromkeys(entry.keep for entry in entries if entry.purpose == purpose)),
            list(dict.fromkeys(entry.erasure for entry in entries if entry.purpose == purpose)),
        )
        for purpose in Purpose
    ]
