"""What is kept about me and why; my data to take along; asking to be erased; and what HR and administrators do then."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.documents.own_data import BASIS, ERASED, KEPT_FOR, PURPOSE, USE, write_own_data
from lms.errors import N_, Conflict, Invalid
from lms.services import erasing
from lms.services.data_log import list_exports_of_me
from lms.services.own_data import get_own_data, list_kept_by_purpose
from lms.web.forms import DecideErasureForm, ErasureForm
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext, language, text_direction
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction


@view("/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept about me, for what, how long."""
    return _page(ErasureForm())


def _page(form: ErasureForm) -> str:
    return render(
        "privacy.html", kept=_told(), form=form, asked=erasing.list_own(reading(), actor()),
        exports=list_exports_of_me(reading(), actor()),
    )  # fmt: skip


def _told() -> list[dict[str, Any]]:
    """The manifest in the reader's language."""
    months = plugin().months
    return [
        {
            "title": gettext(PURPOSE[one.purpose]), "use": gettext(USE[one.purpose]),
            "bases": [gettext(BASIS[basis]) for basis in one.bases],
            "keeps": [gettext(KEPT_FOR[keep]) % {"months": months.get(keep, 0)} for keep in one.keeps],
            "erasures": [gettext(ERASED[erasure]) for erasure in one.erasures],
        }
        for one in list_kept_by_purpose()
    ]  # fmt: skip


@view("/privacy/own-data.zip")
def own_data() -> ResponseReturnValue:
    """Everything that is kept about me, as a file."""
    data = get_own_data(reading(), actor())
    body = write_own_data(
        data.parts, data.files, name=actor().name, at=actor().at, say=gettext, language=language(),
        direction=text_direction(),
    )  # fmt: skip
    response = Response(body, content_type="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename="own-data.zip")
    return response


@view("/privacy/erasure", "POST")
def ask_erasure() -> ResponseReturnValue:
    """Ask to be erased."""
    form = ErasureForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    erasing.ask_erasure(session, actor(), words=form.words.data or "")
            say(N_("HR reads your request and answers on this page."))
            return redirect(url_for("lms.privacy"))
        except Invalid as error:
            form.take_faults(error.fields)
        except Conflict as error:
            form.form_errors.append(gettext(error.message))
    return _page(form), 422


@view("/erasures")
def erasures() -> ResponseReturnValue:
    """Requests to be erased, of the people in scope."""
    return _requests()


def _requests(faulty: str = "", form: DecideErasureForm | None = None) -> str:
    rows = erasing.list_requests(reading(), actor())
    return render("erasures.html", rows=rows, faulty=faulty, form=form or DecideErasureForm())


@view("/erasures/<ref>", "POST")
def decide_erasure(ref: str) -> ResponseReturnValue:
    """Accept a request or refuse it."""
    form = DecideErasureForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    erasing.decide_erasure(
                        session, actor(), ref=ref, accepted=bool(form.accept.data), reason=form.reason.data or ""
                    )
            say(N_("It is decided, and the person reads it on their page."))
            return redirect(url_for("lms.erasures"))
        except Invalid as error:
            form.take_faults(error.fields)
    return _requests(ref, form), 422


@view("/erasures/<ref>/run", "POST")
def run_erasure(ref: str) -> ResponseReturnValue:
    """Let the worker erase whoever a request is about."""
    with transaction() as session:
        if not is_repeated(session):
            erasing.run_erasure(session, actor(), ref=ref)
    say(N_("The worker erases the person in the next minutes."))
    return redirect(url_for("lms.erasures"))
