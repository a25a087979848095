"""Authors meet their course as a learner would; nothing of it is kept."""

import secrets

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.services import preview
from lms.web.answers import form_values
from lms.web.courses import picture
from lms.web.gate import view
from lms.web.pages import render
from lms.web.plugin import actor, reading

MOST = 2**31 - 1  # seeds of attempts have 31 bits


@view("/authoring/<slug>/preview")
def preview_course(slug: str) -> ResponseReturnValue:
    """What a learner reads of the course before the start."""
    return render("preview_course.html", course=preview.get_preview(reading(), actor(), slug=slug))


@view("/authoring/<slug>/preview/sections/<key>")
def preview_section(slug: str, key: str) -> ResponseReturnValue:
    """One section to read."""
    course, section = preview.get_preview_section(reading(), actor(), slug=slug, key=key)
    return render("preview_section.html", course=course, section=section)


@view("/authoring/<slug>/preview/sections/media/<path>")
def preview_media(slug: str, path: str) -> ResponseReturnValue:
    """A picture of the course; sections refer to it as `media/name`."""
    content_type, body = preview.get_preview_media(reading(), actor(), slug=slug, path=path)
    return picture(content_type, body)


@view("/authoring/<slug>/preview/quiz")
def preview_quiz(slug: str) -> ResponseReturnValue:
    """The quiz as a seed draws it; without one a new draw is made."""
    if not request.args.get("seed"):
        whole = request.args.get("whole") or None
        return redirect(url_for("lms.preview_quiz", slug=slug, seed=secrets.randbits(31), whole=whole))
    return render("preview_quiz.html", quiz=_drawn(slug))


@view("/authoring/<slug>/preview/quiz", "POST")
def mark_preview(slug: str) -> ResponseReturnValue:
    """What handing in would have said."""
    quiz = _drawn(slug)
    answers = {drawn.position: form_values(drawn.position) for drawn in quiz.drawn}
    return render("preview_result.html", page=preview.mark_preview(quiz, answers))


def _drawn(slug: str) -> preview.PreviewQuiz:
    text = request.args.get("seed", "")
    seed = min(int(text), MOST) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    return preview.draw_preview(reading(), actor(), slug=slug, seed=seed, whole=bool(request.args.get("whole")))
