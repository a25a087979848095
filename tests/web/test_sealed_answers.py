"""Files of answers that a quiz's page saved: opened for their owner, and for nobody and nothing else."""

import json
import secrets
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from lms.models import AnswerEvent, Attempt
from tests.site import Counted, Site


def entry(values: list[str], **more: Any) -> dict[str, Any]:
    """An answer to the first question as the script keeps it."""
    kept = {"id": str(uuid4()), "question": 1, "values": values, "tab": str(uuid4()), "sequence": 1, "base": 0}
    return {**kept, "given": 1_795_000_000_000, **more}


def seal(site: Site, ref: str, *entries: dict[str, Any], key: str = "") -> dict[str, Any]:
    """A file as the page makes it."""
    with site.database.read() as session:
        key = key or str(session.scalar(select(Attempt.draft_key).where(Attempt.ref == ref)))
    cipher = AESGCM(urlsafe_b64decode(key + "="))
    sealed = []
    for one in entries:
        iv = secrets.token_bytes(12)
        body = cipher.encrypt(iv, json.dumps(one).encode(), ref.encode())
        sealed.append({"iv": b64encode(iv).decode(), "sealed": b64encode(body).decode()})
    return {"format": "lms-answers-1", "attempt": ref, "answers": sealed}


def bring(site: Site, person: str, ref: str, file: Any) -> Any:
    body = file if isinstance(file, bytes) else json.dumps(file).encode()
    return site.post(person, f"/attempts/{ref}/file", {"file": (BytesIO(body), "quiz.answers")})


def stored(site: Site, ref: str) -> list[tuple[str, bool]]:
    query = select(AnswerEvent.event_id, AnswerEvent.takes_effect).join(Attempt).where(Attempt.ref == ref)
    with site.database.read() as session:
        return [tuple(row) for row in session.execute(query.order_by(AnswerEvent.id))]


def test_the_answers_of_a_file_are_kept_and_shown(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    one = entry(["2"])
    with Counted(site.database) as counted:
        assert bring(site, "amina", ref, seal(site, ref, one)).status_code == 302
    assert counted.commits == 1
    assert stored(site, ref) == [(one["id"], True)]
    page = site.get("amina", f"/attempts/{ref}").text
    assert "The answers of the file are kept: 1." in page
    assert "checked" in page


def test_the_same_file_twice_changes_nothing(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    file = seal(site, ref, entry(["2"]), entry(["1"], sequence=2))
    for _ in range(2):
        assert bring(site, "amina", ref, file).status_code == 302
    assert len(stored(site, ref)) == 2


def test_more_answers_than_one_request_takes(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    tab = str(uuid4())
    file = seal(site, ref, *(entry([str(1 + n % 2)], tab=tab, sequence=n) for n in range(120)))
    assert bring(site, "amina", ref, file).status_code == 302
    assert [effect for _, effect in stored(site, ref)] == [True] * 120


def test_an_older_answer_in_a_file_does_not_replace_a_newer_one(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    file = seal(site, ref, entry(["1"]))
    site.post("amina", f"/attempts/{ref}/answers", {"q1": "2", "tab": str(uuid4()), "base1": "0"})
    bring(site, "amina", ref, file)
    assert [effect for _, effect in stored(site, ref)] == [True, False]
    assert "Answered on another page in the meantime: question 1." in site.get("amina", f"/attempts/{ref}").text


def _changed(file: dict[str, Any]) -> dict[str, Any]:
    body = file["answers"][0]["sealed"]
    file["answers"][0]["sealed"] = ("B" if body[0] != "B" else "C") + body[1:]
    return file


ALTERED: dict[str, Callable[[Site, str], Any]] = {
    "no file": lambda _site, _ref: b"",
    "a picture": lambda _site, _ref: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "other JSON": lambda _site, _ref: {"answers": []},
    "a list": lambda _site, _ref: [1, 2],
    "brackets without end": lambda _site, _ref: b"[" * 100_000,
    "another format": lambda site, ref: {**seal(site, ref, entry(["1"])), "format": "lms-answers-2"},
    "a changed byte": lambda site, ref: _changed(seal(site, ref, entry(["1"]))),
    "another key": lambda site, ref: seal(site, ref, entry(["1"]), key="A" * 43),
    "another attempt": lambda site, _ref: seal(site, site.refs["open attempt"]["wei"], entry(["1"])),
    "another attempt's answers under this name": lambda site, ref: {
        **seal(site, site.refs["open attempt"]["wei"], entry(["1"])), "attempt": ref,
    },
    "no base64": lambda site, ref: {**seal(site, ref, entry(["1"])), "answers": [{"iv": "?", "sealed": "?"}]},
    "a question that is not there": lambda site, ref: seal(site, ref, entry(["1"], question=9)),
    "an option that is not there": lambda site, ref: seal(site, ref, entry(["9"])),
    "a field too many": lambda site, ref: seal(site, ref, entry(["1"], passed=True)),
    "no answer but a number": lambda site, ref: seal(site, ref, 7),  # type: ignore[arg-type]
    "too many": lambda _site, ref: {"format": "lms-answers-1", "attempt": ref, "answers": [{}] * 501},
}  # fmt: skip


@pytest.mark.parametrize("fault", ALTERED)
def test_what_is_not_the_attempts_own_file_is_refused_in_words(site: Site, fault: str) -> None:
    ref = site.refs["open attempt"]["amina"]
    refused = bring(site, "amina", ref, ALTERED[fault](site, ref))
    assert refused.status_code == 422
    assert stored(site, ref) == []
    assert "Please correct this" in refused.text


def test_a_file_opens_for_its_owner_alone(site: Site) -> None:
    ref = site.refs["open attempt"]["amina"]
    file = seal(site, ref, entry(["1"]))
    for person in ("wei", "kofi", "ingrid", "olga", "sam", "rosa"):
        assert bring(site, person, ref, file).status_code == 404
    assert stored(site, ref) == []
