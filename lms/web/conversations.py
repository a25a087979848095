"""The conversation on an assessment, and what both sides record in it."""

from collections.abc import Callable, Mapping

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lms.errors import N_, Invalid
from lms.services import agreeing
from lms.services.conversations import Conversation, find_talk, get_conversation, texts_of
from lms.web.assessments import evidence_label
from lms.web.forms import MoveForm, chosen_level
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction
from lms.web.words import NO_LEVEL

TOLD = {
    "propose": N_("The level is proposed. It holds when the other side accepts it."),
    "accept": N_("The level is agreed on."),
    "differ": N_("It is recorded that you see it differently."),
}


def _levels(conversation: Conversation) -> list[tuple[str, str]]:
    named = [(str(n), f"{n}: {name}") for n, name in enumerate(conversation.level_names, 1)]
    return [("0", gettext(NO_LEVEL)), *named]


def _form(conversation: Conversation, data: Mapping[str, str] | None = None) -> MoveForm:
    form = MoveForm(data)
    offer(form.level, _levels(conversation), N_("Choose"))
    return form


def _page(
    conversation: Conversation, status: int = 200, code: str = "", refused: MoveForm | None = None
) -> ResponseReturnValue:
    """The page; a form that was refused stands in its place (`code` and its act) with what it held."""
    return render(
        "conversation.html", page=conversation, levels=[label for _, label in _levels(conversation)], code=code,
        refused=refused, blank=_form(conversation), texts_of=texts_of, evidence_label=evidence_label,
    ), status  # fmt: skip


@view("/assessments/<ref>")
def conversation(ref: str) -> ResponseReturnValue:
    """Both ratings beside what evidence measures, competency by competency."""
    return _page(get_conversation(reading(), actor(), ref=ref))


@view("/assessments/<ref>/<code>", "POST")
def move(ref: str, code: str) -> ResponseReturnValue:
    """Propose a level, accept one, or record that one sees it differently."""
    found = get_conversation(reading(), actor(), ref=ref)
    find_talk(found, code)
    form = _form(found, request.form)
    if form.act.data not in MOVES:
        raise Invalid(N_("Nothing was kept: the form was incomplete. Open the conversation and try again."))
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    MOVES[form.act.data](session, ref, code, form)
            say(TOLD[form.act.data])
            return redirect(url_for("lms.conversation", ref=ref, _anchor=code))
        except Invalid as error:
            form.take_faults(error.fields)
    return _page(found, 422, code, form)


def _propose(session: Session, ref: str, code: str, form: MoveForm) -> None:
    level = chosen_level(form.level)
    agreeing.propose_level(session, actor(), ref=ref, code=code, level=level, reason=form.reason.data or "")


def _accept(session: Session, ref: str, code: str, form: MoveForm) -> None:
    agreeing.accept_level(session, actor(), ref=ref, code=code, proposal=form.proposal.data or "")


def _differ(session: Session, ref: str, code: str, form: MoveForm) -> None:
    agreeing.differ(session, actor(), ref=ref, code=code, words=form.reason.data or "")


MOVES: dict[str, Callable[[Session, str, str, MoveForm], None]] = {
    "propose": _propose,
    "accept": _accept,
    "differ": _differ,
}
