"""Uploads: what `documents.received` let through, kept in the database, because several machines share one."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.documents.received import CONTENT_TYPES, IMAGES, Kind, Received
from lms.models import Upload, UploadBody
from lms.permissions import Actor


@dataclass(frozen=True)
class File:
    """A file of somebody, without its bytes. Its name is empty when it was erased."""

    ref: str
    name: str
    kind: str
    size: int

    @property
    def is_image(self) -> bool:
        """Whether a page may show it."""
        return self.kind in IMAGES


@dataclass(frozen=True)
class Content:
    """A file with its bytes, to be sent."""

    name: str
    kind: Kind
    body: bytes

    @property
    def content_type(self) -> str:
        """As the header says it."""
        return CONTENT_TYPES[self.kind]

    @property
    def is_image(self) -> bool:
        """Whether a page may show it; all else is a download."""
        return self.kind in IMAGES


def keep_upload(session: Session, actor: Actor, received: Received) -> Upload:
    """Keep a file of the actor's; who may read it is said by what it is handed in for. No permission of its own."""
    upload = Upload(
        person_id=actor.person_id, kind=received.kind, size=len(received.body),
        sha256=hashlib.sha256(received.body).hexdigest(), uploaded_at=actor.at,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    session.add(UploadBody(upload_id=upload.id, name=received.name, body=received.body))
    return upload


def select_content() -> Any:
    """Name, kind and bytes of uploads; the caller adds whose, and in which scope."""
    joined = select(UploadBody.name, Upload.kind, UploadBody.body).select_from(Upload)
    return joined.join(UploadBody, UploadBody.upload_id == Upload.id)


def as_content(row: Any) -> Content:
    """A row of `select_content`."""
    name, kind, body = row
    return Content(name, Kind(kind), body)
