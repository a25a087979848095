"""Manifests of exports: what a receiver checks a file with, signed by the key that seals the records."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import false, or_, select, true
from sqlalchemy.orm import Session

from lms.errors import NotFound
from lms.models import ExportReceipt, ExportRun, Person
from lms.permissions import Actor, Role, reaches_all, require
from lms.services import chain
from lms.services.seals import get_head, is_known


def own_or_all(actor: Actor) -> Any:
    """HR sees its own exports; the operator, and HR of everything, see all."""
    is_operator = any(grant.role is Role.OPERATOR for grant in actor.grants)
    return or_(
        ExportRun.actor_id == actor.person_id, true() if reaches_all(actor, "exports.run") or is_operator else false()
    )


def sign_receipt(session: Session, receipt: ExportReceipt, private: Ed25519PrivateKey | None) -> None:
    """Put the head of the seals into a receipt, and the signature over its manifest, by a key that is known here."""
    receipt.seal_head = str(get_head(session))
    if private is None or not is_known(session, private):
        receipt.signed_by = receipt.signature = ""
        return
    receipt.signed_by = chain.public_of(private)
    run, actor_ref = session.execute(_runs().where(ExportRun.id == receipt.run_id)).one()
    receipt.signature = private.sign(chain.canonical(_manifest(run, receipt, actor_ref))).hex()


def _runs() -> Any:
    return select(ExportRun, Person.ref).outerjoin(Person, Person.id == ExportRun.actor_id)


def get_manifest(session: Session, actor: Actor, *, ref: str) -> dict[str, Any]:
    """What a finished file holds, so that its receiver can check it; NotFound for one that broke off.

    The signature is over the canonical JSON (RFC 8785) of all else.
    """
    require(actor, "exports.run")
    row = session.execute(
        _runs().add_columns(ExportReceipt).join(ExportReceipt, ExportReceipt.run_id == ExportRun.id)
        .where(ExportRun.ref == ref, own_or_all(actor))
    ).first()  # fmt: skip
    if row is None:
        raise NotFound()
    run, actor_ref, receipt = row
    return _manifest(run, receipt, actor_ref) | ({"signature": receipt.signature} if receipt.signature else {})


def _manifest(run: ExportRun, receipt: ExportReceipt, actor_ref: str | None) -> dict[str, Any]:
    """Strings, whole numbers and what is made of them: the canonical form needs no more."""
    return {
        "export": run.ref,
        "layout": run.layout,
        "layout_version": run.layout_version,
        "format": run.format,
        "rows": receipt.rows,
        "totals": receipt.totals,
        "cursor": None if receipt.cursor is None else str(receipt.cursor),
        "sha256": receipt.sha256,
        "filters": run.filters,
        "scope": run.scope,
        "purpose": run.purpose,
        "exported_by": actor_ref or "command line",
        "snapshot_at": run.started_at.isoformat(),
        "finished_at": receipt.finished_at.isoformat(),
        "seal_head": receipt.seal_head,
        "signed_by": receipt.signed_by,
    }
