"""The task at work: what is asked, what was handed in, handing in; and what HR sees of all of them."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.documents.received import MOST_BYTES, Received, receive
from lms.errors import N_, Invalid, NotFound
from lms.services import deciding
from lms.services.application_rates import ask_reviewer as ask
from lms.services.application_rates import get_rates
from lms.services.applications import Given, get_application, get_own_file
from lms.services.applications import hand_in as hand_in_for
from lms.services.records import get_record
from lms.services.uploads import Content
from lms.web.forms import AskReviewerForm, HandInForm, WithdrawForm
from lms.web.gate import is_repeated, say, view
from lms.web.hr import render_record
from lms.web.language import gettext
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

MOST_SENT = 4  # files that are looked at: one more than are taken, so that this is said
# Nothing in a file that somebody handed in may act, whatever it is opened as.
FILE_POLICY = "default-src 'none'; sandbox"


def file_response(content: Content) -> Response:
    """A file that somebody handed in: an image may be shown, all else is only ever a download."""
    response = Response(content.body, content_type=content.content_type)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers.set("Content-Disposition", "inline" if content.is_image else "attachment", filename=content.name)
    return response


@view("/applications/<ref>")
def application(ref: str) -> ResponseReturnValue:
    """My task at work for a course that I completed."""
    page = get_application(reading(), actor(), ref=ref)
    return render("application.html", page=page, form=HandInForm(), choose_again=False)


def _sent() -> list[tuple[str, bytes]]:
    """The names and bytes of the files in the request; one more than are taken says that there were too many."""
    chosen = [file for file in request.files.getlist("files") if file.filename]
    return [(file.filename or "", file.stream.read(MOST_BYTES + 1)) for file in chosen[:MOST_SENT]]


@view("/applications/<ref>", "POST")
def hand_in(ref: str) -> ResponseReturnValue:
    """Hand in; on an error everything that was typed stays."""
    form = HandInForm(request.form)
    page = get_application(reading(), actor(), ref=ref)
    sent = _sent()
    files = _received(form, sent) if form.validate() else ()
    if not form.has_faults:
        try:
            with transaction() as session:
                if not is_repeated(session):
                    hand_in_for(session, actor(), ref=ref, given=_given(form, files))
            say(N_("It is handed in. Your reviewer is asked by mail to look at it."))
            return redirect(url_for("lms.application", ref=ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render("application.html", page=page, form=form, choose_again=bool(sent)), 422


def _received(form: HandInForm, sent: list[tuple[str, bytes]]) -> tuple[Received, ...]:
    """The files as they may be kept; what is wrong with one is said at the field, by its name."""
    files, faults = [], []
    for name, data in sent:
        try:
            files.append(receive(name, data))
        except Invalid as error:
            faults.append(f"{name[:80]}: {gettext(error.message)}")
    form.files.errors = [*form.files.errors, *faults]
    return tuple(files)


def _given(form: HandInForm, files: tuple[Received, ...]) -> Given:
    return Given(
        words=(form.words.data or "").strip(), situation=" ".join((form.situation.data or "").split()),
        link=(form.link.data or "").strip(), is_observed=form.is_observed.data, with_partner=form.with_partner.data,
        files=files, reviewer=(form.reviewer.data or "").strip(), other_side=(form.other_side.data or "").strip(),
    )  # fmt: skip


@view("/applications/<ref>/files/<file>")
def application_file(ref: str, file: str) -> ResponseReturnValue:
    """A file that I handed in."""
    return file_response(get_own_file(reading(), actor(), ref=ref, file=file))


@view("/hr/applications")
def hr_applications() -> ResponseReturnValue:
    """How many are confirmed, and where they get stuck; what nobody answers."""
    return _rates(AskReviewerForm(), "")


def _rates(form: AskReviewerForm, refused: str) -> str:
    return render(
        "hr_applications.html", page=get_rates(reading(), actor()), form=form, blank=AskReviewerForm(), refused=refused
    )


@view("/hr/applications/<ref>/reviewer", "POST")
def ask_reviewer(ref: str) -> ResponseReturnValue:
    """Ask somebody to look at what nobody answers."""
    form = AskReviewerForm(request.form)
    try:
        with transaction() as session:
            ask(session, actor(), ref=ref, email=form.email.data or "")
        say(N_("They are asked by mail to look at it."))
        return redirect(url_for("lms.hr_applications"))
    except Invalid as error:
        form.take_faults(error.fields)
    return _rates(form, ref), 422


@view("/hr/confirmations/<ref>/withdraw", "POST")
def withdraw_confirmation(ref: str) -> ResponseReturnValue:
    """Withdraw a confirmation with a reason."""
    form = WithdrawForm(request.form)
    record_ref = request.form.get("record", "")
    record = get_record(reading(), actor(), ref=record_ref)
    if ref not in {one.ref for completion in record.completions for one in completion.confirmations}:
        raise NotFound()
    if form.validate():
        try:
            with transaction() as session:
                deciding.withdraw_confirmation(session, actor(), ref=ref, reason=form.reason.data or "")
            say(N_("The confirmation is withdrawn. Both sides are told, and levels have followed."))
            return redirect(url_for("lms.hr_record", ref=record_ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render_record(record, form, ref), 422
