"""The quiz: started, answered, handed in, read again."""

import uuid
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.services.answers import Answer, record_answers
from lms.services.attempts import QuizPage, get_quiz
from lms.services.attempts import start_attempt as start
from lms.services.results import get_result
from lms.services.submitting import submit_attempt as submit
from lms.web.forms import SubmitForm
from lms.web.gate import say, view, wants_json
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

MOST_ANSWERS = 50
MOST_QUESTIONS = 1000  # no quiz has as many, and no database refuses the number


@view("/courses/<slug>/attempts", "POST")
def start_attempt(slug: str) -> ResponseReturnValue:
    """Draw an attempt, or go on with the open one."""
    with transaction() as session:
        ref = start(session, actor(), slug=slug).ref
    return redirect(url_for("lms.attempt", ref=ref))


@view("/attempts/<ref>")
def attempt(ref: str) -> ResponseReturnValue:
    """The questions with the answers that are stored."""
    quiz = get_quiz(reading(), actor(), ref=ref)
    if not quiz.attempt.is_open:
        return redirect(url_for("lms.attempt_result", ref=ref))
    return render("attempt.html", quiz=quiz, warn=False)


@view("/attempts/<ref>/answers", "POST")
def save_answers(ref: str) -> ResponseReturnValue:
    """Keep answers: from the script as JSON, each with its id; without script the whole form."""
    if not wants_json():
        with transaction() as session:
            _save_form(session, get_quiz(session, actor(), ref=ref))
        say(N_("Your answers are saved. You can go on later."))
        return redirect(url_for("lms.attempt", ref=ref))
    answers = _json_answers(_json_body())
    with transaction() as session:
        stored = record_answers(session, actor(), ref=ref, answers=answers)
    return jsonify(stored=stored, csrf_token=generate_csrf())


@view("/attempts/<ref>/submit", "POST")
def submit_attempt(ref: str) -> ResponseReturnValue:
    """Save what the form holds and hand in; questions without an answer are asked about once."""
    form = SubmitForm(request.form)
    with transaction() as session:
        is_handed_in = _hand_in(session, ref, unanswered_ok=bool(form.unanswered_ok.data))
    if is_handed_in:
        return redirect(url_for("lms.attempt_result", ref=ref))
    quiz = get_quiz(reading(), actor(), ref=ref)
    return render("attempt.html", quiz=quiz, warn=True), 422


@view("/attempts/<ref>/result")
def attempt_result(ref: str) -> ResponseReturnValue:
    """The result with what each answer teaches and what to read again."""
    page = get_result(reading(), actor(), ref=ref)
    if page is None:
        return redirect(url_for("lms.attempt", ref=ref))
    return render("attempt_result.html", page=page)


def _hand_in(session: Session, ref: str, unanswered_ok: bool) -> bool:
    """Save the form and hand in, all in one transaction; False where questions are open and were not asked about."""
    quiz = get_quiz(session, actor(), ref=ref)
    if quiz.attempt.is_open:
        if _save_form(session, quiz).unanswered and not unanswered_ok:
            return False
        submit(session, actor(), ref=ref)
    return True


def _save_form(session: Session, quiz: QuizPage) -> QuizPage:
    """Store the answers of the form that differ from what is stored; returns the quiz as it is then."""
    answers = []
    for drawn in quiz.drawn:
        values = tuple(request.form.getlist(f"q{drawn.position}"))
        if values != drawn.chosen_places and (values or f"shown{drawn.position}" in request.form):
            answers.append(Answer(str(uuid.uuid4()), drawn.position, values))
    if not answers:
        return quiz
    record_answers(session, actor(), ref=quiz.attempt.ref, answers=answers)
    return get_quiz(session, actor(), ref=quiz.attempt.ref)


def _json_body() -> Any:
    try:
        return request.get_json()
    except RecursionError as error:  # brackets in brackets, a thousand deep
        raise Invalid(N_("Send between 1 and 50 answers.")) from error


def _json_answers(body: Any) -> list[Answer]:
    entries = body.get("answers") if isinstance(body, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_ANSWERS:
        raise Invalid(N_("Send between 1 and 50 answers."))
    return [_json_answer(entry) for entry in entries]


def _json_answer(entry: Any) -> Answer:
    """Strict: exactly these fields in these shapes, so that nothing else can be set."""
    fields = entry if isinstance(entry, dict) else {}
    values, position = fields.get("values"), fields.get("question")
    is_sound = (
        set(fields) == {"id", "question", "values"}
        and isinstance(position, int)
        and not isinstance(position, bool)
        and 0 < position <= MOST_QUESTIONS
        and isinstance(values, list)
        and len(values) <= MOST_ANSWERS
        and all(isinstance(value, str) and len(value) <= 1000 for value in values)
    )
    try:
        event_id = str(uuid.UUID(str(fields.get("id"))))
    except ValueError:
        is_sound = False
    if not is_sound:
        raise Invalid(N_("An answer needs an id (a UUID), the number of its question, and a list of values."))
    assert isinstance(position, int)
    assert isinstance(values, list)
    return Answer(event_id, position, tuple(values))
