"""The quiz: started, answered, handed in, read again."""

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from lms.errors import N_, NotFound
from lms.services.answers import Receipt, record_answers
from lms.services.attempts import get_quiz
from lms.services.attempts import start_attempt as start
from lms.services.results import get_result
from lms.services.sealed_answers import open_answers
from lms.services.submitting import finish_quiz
from lms.web.answers import MOST_ANSWERS, answers_of, json_answers, receipt_json, save_form
from lms.web.forms import SubmitForm
from lms.web.gate import say, view, wants_json
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction
from lms.web.reports import render_result

SET_ASIDE = N_("Answered on another page in the meantime: question %(positions)s. What was given there stands and is "
               "shown below; choose again if you want to change it.")  # fmt: skip


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
    return render("attempt.html", quiz=quiz, warn=False, aside=[])


@view("/attempts/<ref>/answers", "POST")
def save_answers(ref: str) -> ResponseReturnValue:
    """Keep answers: from the script as JSON, each with its id; without script the whole form."""
    if not wants_json():
        with transaction() as session:
            _quiz, aside = save_form(session, get_quiz(session, actor(), ref=ref, for_update=True))
        say_saved(aside)
        return redirect(url_for("lms.attempt", ref=ref))
    answers = json_answers(request)
    with transaction() as session:
        receipt = record_answers(session, actor(), ref=ref, answers=answers)
    return jsonify(**receipt_json(receipt), csrf_token=generate_csrf())


def say_saved(aside: list[int]) -> None:
    """What became of a form's answers."""
    say(N_("Your answers are saved. You can go on later."))
    if aside:
        say(SET_ASIDE, positions=", ".join(str(position) for position in aside))


@view("/attempts/<ref>/questions/<int:position>")
def attempt_question(ref: str, position: int) -> ResponseReturnValue:
    """One question alone, for whoever has no script or a very slow line: it saves when they go on to the next."""
    quiz = get_quiz(reading(), actor(), ref=ref)
    if not quiz.attempt.is_open:
        return redirect(url_for("lms.attempt_result", ref=ref))
    question = next((drawn for drawn in quiz.drawn if drawn.position == position), None)
    if question is None:
        raise NotFound()
    return render("attempt_question.html", quiz=quiz, question=question)


@view("/attempts/<ref>/questions/<int:position>", "POST")
def save_question(ref: str, position: int) -> ResponseReturnValue:
    """Keep the answer to one question and go on to the next, or to the list after the last."""
    with transaction() as session:
        quiz, aside = save_form(session, get_quiz(session, actor(), ref=ref, for_update=True))
    if aside:
        say_saved(aside)
        return redirect(url_for("lms.attempt_question", ref=ref, position=aside[0]))
    if position < len(quiz.drawn):
        return redirect(url_for("lms.attempt_question", ref=ref, position=position + 1))
    return redirect(url_for("lms.attempt", ref=ref))


@view("/attempts/<ref>/file", "POST")
def bring_answers(ref: str) -> ResponseReturnValue:
    """Take in a file of answers that the quiz's page saved where no link came back."""
    file = request.files.get("file")
    sealed = file.read() if file else b""
    with transaction() as session:
        entries = open_answers(session, actor(), ref=ref, file=sealed)
        slices = [answers_of(entries[n : n + MOST_ANSWERS], None) for n in range(0, len(entries), MOST_ANSWERS)]
        receipts = [record_answers(session, actor(), ref=ref, answers=part) for part in slices]
    say_brought(receipts)
    return redirect(url_for("lms.attempt", ref=ref))


def say_brought(receipts: list[Receipt]) -> None:
    """What became of a file's answers."""
    say(N_("The answers of the file are kept: %(count)d."), count=sum(len(receipt.numbers) for receipt in receipts))
    aside = sorted({standing.position for receipt in receipts for standing in receipt.set_aside.values()})
    if aside:
        say(SET_ASIDE, positions=", ".join(str(position) for position in aside))
    if any(receipt.is_closed for receipt in receipts):
        say(N_("The attempt is handed in, so they do not count."))
    elif any(receipt.is_late for receipt in receipts):
        say(N_("They came after the time was over. HR decides whether they count, without seeing them."))


@view("/attempts/<ref>/submit", "POST")
def submit_attempt(ref: str) -> ResponseReturnValue:
    """Save what the form holds and hand in; questions without an answer are asked about once."""
    form = SubmitForm(request.form)
    with transaction() as session:
        quiz, aside = save_form(session, get_quiz(session, actor(), ref=ref, for_update=True))
        must_ask = quiz.attempt.is_open and (aside or (quiz.unanswered and not form.unanswered_ok.data))
        if not must_ask:
            finish_quiz(session, actor(), quiz)
    if not must_ask:
        return redirect(url_for("lms.attempt_result", ref=ref))
    return render("attempt.html", quiz=get_quiz(reading(), actor(), ref=ref), warn=not aside, aside=aside), 422


@view("/attempts/<ref>/result")
def attempt_result(ref: str) -> ResponseReturnValue:
    """The result with what each answer teaches and what to read again."""
    page = get_result(reading(), actor(), ref=ref)
    if page is None:
        return redirect(url_for("lms.attempt", ref=ref))
    return render_result(page)
