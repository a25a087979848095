"""Evidence beside courses and tasks: put forward, observed, taken as equal, decided on, withdrawn."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.documents.received import MOST_BYTES, receive
from lms.errors import N_, Invalid
from lms.services import entries, entry_pages
from lms.services.levels import get_level
from lms.services.records import get_record
from lms.web.applications import file_response
from lms.web.evidence_forms import DecideEntryForm, EqualForm, ObservationForm, OutsideForm
from lms.web.forms import WithdrawForm, chosen_day
from lms.web.gate import is_repeated, say, view
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/levels/<code>/elsewhere", "GET", "POST")
def enter_evidence(code: str) -> ResponseReturnValue:
    """What the learner learned elsewhere, and what became of it."""
    form = OutsideForm(request.form)
    sent = request.files.get("file") if request.method == "POST" else None
    if request.method == "POST" and form.validate():
        try:
            file = receive(sent.filename, sent.stream.read(MOST_BYTES + 1)) if sent and sent.filename else None
            with transaction() as session:
                if not is_repeated(session):
                    entries.enter_outside(
                        session, actor(), competency=code, words=form.words.data or "",
                        happened_on=chosen_day(form.happened_on), file=file,
                    )  # fmt: skip
            say(N_("It is recorded. Your manager or HR decides whether it counts; you see here what became of it."))
            return redirect(url_for("lms.enter_evidence", code=code))
        except Invalid as error:
            form.take_faults(error.fields or {"file": error.message})
    found, level = get_level(reading(), actor(), code=code)
    mine = entry_pages.list_own(reading(), actor(), framework=found.framework, code=code)
    choose_again = bool(sent and sent.filename)
    page = render(
        "enter_evidence.html", competency=level.competency, form=form, entries=mine, choose_again=choose_again
    )
    return page, _status(form)


@view("/evidence/<ref>/file")
def entry_file(ref: str) -> ResponseReturnValue:
    """The file of an entry, to whoever put it forward and those who decide on it."""
    return file_response(entry_pages.get_entry_file(reading(), actor(), ref=ref))


@view("/team/<ref>/observe", "GET", "POST")
def observe(ref: str) -> ResponseReturnValue:
    """What a manager saw somebody do: first which competency, then the checklist of its indicators."""
    page = entry_pages.get_observation(reading(), actor(), person=ref)
    form = ObservationForm(request.form if request.method == "POST" else request.args)
    offer(form.competency, [(one["code"], f"{one['code']} {one['name']}") for one in page.competencies], N_("Choose"))
    offer(form.indicators, page.indicators(form.competency.data or ""))
    if request.method == "POST" and form.validate():
        seen = entries.Seen(
            form.competency.data or "", form.indicators.data or (), form.words.data or "", form.situation.data or "",
            chosen_day(form.happened_on), form.partner_voice.data, form.beyond_own_team.data,
        )  # fmt: skip
        try:
            with transaction() as session:
                if not is_repeated(session):
                    entries.observe(session, actor(), person=ref, seen=seen)
            say(N_("What you saw is recorded, and counts from the day on which it was."))
            return redirect(url_for("lms.evidence"))
        except Invalid as error:
            form.take_faults(error.fields)
    return render("observe.html", page=page, form=form, ref=ref), _status(form)


@view("/hr/records/<ref>/equal", "GET", "POST")
def equate(ref: str) -> ResponseReturnValue:
    """HR takes something as equal to the course of a record."""
    record = get_record(reading(), actor(), ref=ref)
    form = EqualForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    words, day = form.words.data or "", chosen_day(form.happened_on)
                    entries.equate(session, actor(), record=ref, words=words, happened_on=day)
            say(N_("It is taken as equal: the competencies of the course have a piece of evidence more."))
            return redirect(url_for("lms.hr_record", ref=ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render("equate.html", record=record, form=form), _status(form)


@view("/evidence")
def evidence() -> ResponseReturnValue:
    """What waits for the actor's decision, and what was decided."""
    return _list(DecideEntryForm(), "")


@view("/evidence/<ref>/decide", "POST")
def decide_entry(ref: str) -> ResponseReturnValue:
    """Accept what somebody learned elsewhere, or say why it does not count."""
    form = DecideEntryForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                accepted = form.accepted.data == "1"
                entries.decide_entry(session, actor(), ref=ref, accepted=accepted, reason=form.reason.data or "")
            say(N_("It counts now.") if accepted else N_("It does not count; the person reads your reason."))
            return redirect(url_for("lms.evidence"))
        except Invalid as error:
            form.take_faults(error.fields)
    return _list(form, ref), 422


@view("/evidence/<ref>/withdraw", "POST")
def withdraw_entry(ref: str) -> ResponseReturnValue:
    """Withdraw what was accepted, with a reason."""
    form = WithdrawForm(request.form)
    if form.validate():
        with transaction() as session:
            entries.withdraw_entry(session, actor(), ref=ref, reason=form.reason.data or "")
        say(N_("The evidence is withdrawn. The level has followed."))
        return redirect(url_for("lms.evidence"))
    return _list(form, ref), 422


def _list(form: DecideEntryForm | WithdrawForm, refused: str) -> str:
    found = entry_pages.list_entries(reading(), actor())
    return render(
        "evidence.html", entries=found, form=form, refused=refused, decide=DecideEntryForm(), withdraw=WithdrawForm(),
    )  # fmt: skip


def _status(form: OutsideForm | ObservationForm | EqualForm) -> int:
    return 422 if form.has_faults else 200
