"""Answers that come as a file, sealed in the learner's browser where no link came back.

The browser seals each answer with the attempt's own key (AES-256-GCM, the attempt's reference as associated data), as
it does in its store; so a copied file tells nothing, and fits no other attempt.
"""

import json
from base64 import b64decode, urlsafe_b64decode
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Executable, bindparam, select
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid, NotFound
from lms.models import Attempt, Enrolment
from lms.permissions import Actor, require
from lms.services.scope import ME, own

FORMAT = "lms-answers-1"
MOST_ANSWERS = 500
NO_SUCH_FILE = N_("This is no file of saved answers. Choose the file that the quiz's page saved; its name ends with "
                  ".answers.")  # fmt: skip
OTHER_ATTEMPT = N_("This file belongs to another attempt or another person. Open the quiz in which it was saved.")
ALTERED = N_("This file was changed since it was saved, so it cannot be read. Choose the file as it was saved.")


def open_answers(session: Session, actor: Actor, *, ref: str, file: bytes) -> list[dict[str, Any]]:
    """The answers in a file of the actor's own attempt, as the script sends them, each with its `tab`; one query.

    Raises NotFound for an attempt of somebody else, Invalid for a file that is none, another's, or altered.
    """
    require(actor, "attempts.take")
    key = session.scalar(_key(), own(actor, ref=ref))
    if key is None:
        raise NotFound()
    sealed = _read(file)
    if sealed["attempt"] != ref:
        raise Invalid(OTHER_ATTEMPT)
    cipher = AESGCM(urlsafe_b64decode(key + "="))
    try:
        return [
            json.loads(cipher.decrypt(b64decode(one["iv"]), b64decode(one["sealed"]), ref.encode()))
            for one in sealed["answers"]
        ]
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise Invalid(ALTERED) from error


def _read(file: bytes) -> dict[str, Any]:
    try:
        found = json.loads(file)
    except (ValueError, RecursionError) as error:
        raise Invalid(NO_SUCH_FILE) from error
    answers = found.get("answers") if isinstance(found, dict) else None
    is_sound = isinstance(answers, list) and 0 < len(answers) <= MOST_ANSWERS
    if not is_sound or found.get("format") != FORMAT or not isinstance(found.get("attempt"), str):
        raise Invalid(NO_SUCH_FILE)
    return {"attempt": found["attempt"], "answers": answers}


@cache
def _key() -> Executable:
    of = Attempt.ref == bindparam("ref")
    return (
        select(Attempt.draft_key)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(of, Enrolment.person_id == ME)
    )
