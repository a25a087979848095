"""Answers as they come in: from the quiz's script as JSON, without script as a form."""

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Request, request
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.services.answers import EVERYTHING, Answer, Receipt, record_answers
from lms.services.attempts import QuizPage, get_quiz
from lms.web.plugin import actor

MOST_ANSWERS = 50
MOST_QUESTIONS = 1000  # no quiz has as many, and no database refuses the number
FIELDS = {"id", "question", "values", "sequence", "base", "given"}


def save_form(session: Session, quiz: QuizPage) -> tuple[QuizPage, list[int]]:
    """Store what the form holds and the log does not; returns the quiz as it is then, and the places of the questions
    that were answered on another page in the meantime: what was given there stands."""
    if not quiz.attempt.is_open:
        return quiz, []
    tab, sequence = _page(request.form.get("tab", "")), _number(request.form.get("sequence", "0"))
    answers = []
    for drawn in quiz.drawn:
        values = form_values(drawn.position)
        is_shown = values or f"shown{drawn.position}" in request.form
        if is_shown and values != drawn.sent and drawn.parse(values) != drawn.value:
            base = _number(request.form.get(f"base{drawn.position}", str(EVERYTHING)))
            answers.append(Answer(str(uuid.uuid4()), drawn.position, values, tab, sequence, base))
    if not answers:
        return quiz, []
    receipt = record_answers(session, actor(), ref=quiz.attempt.ref, answers=answers)
    aside = sorted(standing.position for standing in receipt.set_aside.values())
    return get_quiz(session, actor(), ref=quiz.attempt.ref, for_update=True), aside


def form_values(position: int) -> tuple[str, ...]:
    """What the form's fields of a question hold (lms.questions.base), in their order."""
    name = f"q{position}"
    return tuple(
        text for field, text in request.form.items(multi=True) if field == name or field.startswith(f"{name}.")
    )


def _page(text: str) -> str:
    """The open page's id, written as the script's answers have it; empty where the form has none."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""


def _number(text: str) -> int:
    return min(int(text), EVERYTHING) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def json_answers(sent: Request) -> list[Answer]:
    """The answers that the script sent; Invalid where anything is not as it sends it."""
    try:
        body = sent.get_json()
    except RecursionError as error:  # brackets in brackets, a thousand deep
        raise Invalid(N_("Send between 1 and 50 answers.")) from error
    fields = body if isinstance(body, dict) else {}
    return answers_of(fields.get("answers"), fields.get("tab"))


def answers_of(entries: Any, tab: Any) -> list[Answer]:
    """Plain data as answers, all given on one page."""
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ANSWERS:
        raise Invalid(N_("Send between 1 and 50 answers."))
    return [_answer(entry, tab) for entry in entries]


def _answer(entry: Any, tab: Any) -> Answer:
    """Strict: exactly these fields in these shapes, so that nothing else can be set."""
    fields = {"sequence": 0, "base": EVERYTHING, "given": None, **(entry if isinstance(entry, dict) else {})}
    values, position, own_tab = fields.get("values"), fields.get("question"), fields.pop("tab", tab)
    is_sound = (
        set(fields) == FIELDS
        and _is_number(position, 1, MOST_QUESTIONS)
        and _is_number(fields["sequence"], 0, EVERYTHING)
        and _is_number(fields["base"], 0, EVERYTHING)
        and isinstance(values, list)
        and len(values) <= MOST_ANSWERS
        and all(isinstance(value, str) and len(value) <= 1000 for value in values)
    )
    try:
        event_id = str(uuid.UUID(str(fields.get("id"))))
        where = "" if own_tab is None else str(uuid.UUID(str(own_tab)))
        given = None if fields["given"] is None else datetime.fromtimestamp(int(fields["given"]) / 1000, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        is_sound = False
    if not is_sound:
        raise Invalid(N_("An answer needs an id (a UUID), the number of its question, and a list of values."))
    return Answer(event_id, position, tuple(values), where, fields["sequence"], fields["base"], given)  # type: ignore[arg-type]


def _is_number(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """What the script is told: `stored` maps each answer's id to its number in the log; only that is saved.

    `aside` lists the answers in whose place another stands, with what stands.
    """
    aside = [
        {"id": event_id, "question": other.position, "values": other.values, "base": other.number}
        for event_id, other in receipt.set_aside.items()
    ]
    return {"stored": receipt.numbers, "aside": aside, "late": receipt.is_late, "closed": receipt.is_closed}
