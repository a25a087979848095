"""HR's files of people: sent, explained, looked at, taken in; and their history."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.permissions import reaches_all
from lms.services import people_imports
from lms.services.import_lines import refused_csv
from lms.web.forms import page_number
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.people_forms import DecidePeopleForm, PeopleFileForm
from lms.web.plugin import actor, reading, transaction

_SAID = {
    "taking": N_("The file is being taken in. What became of it stands here in a moment."),
    "waiting": N_("The file waits for a second person. Tell a colleague who may approve it."),
}


@view("/hr/people", "GET", "POST")
def people_files() -> ResponseReturnValue:
    """Send a file; and what became of those before."""
    form = PeopleFileForm(request.form if request.method == "POST" else None)
    everybody = N_("Everybody") if reaches_all(actor(), "people.import") else None
    offer(form.unit, people_imports.list_units(reading(), actor()), everybody)
    sent = request.files.get("file")
    if request.method == "POST" and form.validate():
        body = sent.stream.read(people_imports.LARGEST_FILE + 1) if sent else b""
        try:
            with transaction() as session:
                if is_repeated(session):
                    return redirect(url_for("lms.people_files"))
                ref, is_unclear = people_imports.send_file(
                    session, actor(), body=body, unit_code=form.unit.data or "", is_full=form.is_full.data,
                    invites=form.invites.data,
                )  # fmt: skip
            return redirect(url_for("lms.people_columns" if is_unclear else "lms.people_file", ref=ref))
        except Invalid as error:
            form.take_faults(error.fields)
    number = page_number(request.args.get("page"))
    rows, has_more = people_imports.list_imports(reading(), actor(), page=number)
    page = render("people_files.html", form=form, rows=rows, number=number, has_more=has_more)
    return page, 422 if form.has_faults else 200


@view("/hr/people/<ref>/columns", "GET", "POST")
def people_columns(ref: str) -> ResponseReturnValue:
    """What the headers of a file mean: guessed, to be changed, remembered for the next file."""
    columns = people_imports.get_columns(reading(), actor(), ref=ref)
    headers, faults, missing = list(columns.guessed), dict[str, str](), ""
    chosen = columns.guessed
    if request.method == "POST":
        chosen = {header: request.form.get(f"column-{place}", "") for place, header in enumerate(headers)}
        try:
            with transaction() as session:
                people_imports.choose_columns(session, actor(), ref=ref, chosen=chosen)
            return redirect(url_for("lms.people_file", ref=ref))
        except Invalid as error:
            missing = gettext(error.fields.pop(""), **error.params) if "" in error.fields else ""
            faults = error.fields
    page = render("people_columns.html", ref=ref, chosen=chosen, faults=faults, missing=missing)
    return page, 422 if faults or missing else 200


@view("/hr/people/<ref>")
def people_file(ref: str) -> ResponseReturnValue:
    """What a file changes, or has changed, line by line."""
    row = people_imports.get_import(reading(), actor(), ref=ref)
    asked = request.args.get("change", "")
    change = asked if asked in people_imports.SHOWN else ""
    number = page_number(request.args.get("page"))
    lines = people_imports.list_lines(reading(), actor(), ref=ref, change=change, page=number)
    has_more = len(lines) == people_imports.PAGE_SIZE
    return render(
        "people_file.html", row=row, lines=lines, change=change, number=number, has_more=has_more,
        shown=people_imports.SHOWN,
    )  # fmt: skip


@view("/hr/people/<ref>/decide", "POST")
def decide_people_file(ref: str) -> ResponseReturnValue:
    """Have a file taken in, approve a colleague's, or drop it."""
    form = DecidePeopleForm(request.form)
    with transaction() as session:
        if not is_repeated(session):
            if form.act.data == "drop":
                people_imports.drop_file(session, actor(), ref=ref)
                say(N_("The file was dropped. Nothing of it was taken in."))
            elif form.act.data == "approve":
                say(_SAID[people_imports.approve_file(session, actor(), ref=ref)])
            elif form.act.data == "take":
                say(_SAID[people_imports.take_file(session, actor(), ref=ref)])
            else:
                raise Invalid(N_("Choose."))
    return redirect(url_for("lms.people_file", ref=ref))


@view("/hr/people/<ref>/refused.csv")
def refused_people(ref: str) -> ResponseReturnValue:
    """The refused rows with line and reason, to be corrected and sent again."""
    lines = people_imports.list_lines(reading(), actor(), ref=ref, change="refused", size=None)
    text = "".join(refused_csv(lines, lambda told, values: gettext(told, **values)))
    response = Response(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="refused.csv")
    response.headers["Cache-Control"] = "no-store"
    return response
