"""The key that records are sealed with, and whether the seals keep up."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, inspect, select

from lms.db import Database
from lms.delivery.seal_key import read_key
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.models import AuditEntry, Seal, SealedRecord
from lms.services.chain import public_of
from lms.services.seals import list_keys

LATE = timedelta(days=1)


def check_seals(database: Database, path: Path, now: datetime) -> list[Finding]:
    """Whether there is a key, nobody else can read it, the database knows it, and what was written is sealed."""
    with database.read() as session:
        if not inspect(session.connection()).has_table(SealedRecord.__tablename__):
            return []  # check_version has said it
        keys = [key.public for key in list_keys(session)]
        sealed = select(SealedRecord.position).where(
            SealedRecord.kind == AuditEntry.__tablename__, SealedRecord.record_id == AuditEntry.id
        )
        since = session.scalar(select(func.min(AuditEntry.at)).where(AuditEntry.at < now - LATE, ~sealed.exists()))
        seals = session.scalar(select(func.max(Seal.number))) or 0
    private = read_key(path)
    if private is None:
        if not keys:
            text = "records are not sealed: there is no key yet."
            return [advise("seals", text, "Make one: flask lms seal --new-key. Keep the public key outside.")]
        return [wrong("seals", f"the private key is not in {path}.", "Put it back, or: flask lms seal --new-key")]
    if path.stat().st_mode & 0o077:
        return [wrong("seals", f"others can read {path}: whoever has it can seal.", f"chmod 600 {path}, and renew it.")]
    if not keys or public_of(private) != keys[-1]:
        text = f"the key in {path} is not the newest that the database knows: nothing more is sealed as it should be."
        return [wrong("seals", text, "Put the right file there, or: flask lms seal --new-key")]
    if since is not None:
        text = f"records since {since:%Y-%m-%d %H:%M} UTC wait to be sealed."
        return [advise("seals", text, "Does a worker run? At once: flask lms seal")]
    return [fine("seals", f"{seals}, and no record waits for long; flask lms verify checks them.")]
