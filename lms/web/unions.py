"""Two records of one human being: proposed by HR, agreed to by somebody else, parted again."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Conflict, Invalid
from lms.services import uniting
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.pages import render
from lms.web.people_forms import DecideUnionForm, PartForm, UnionForm
from lms.web.plugin import actor, reading, transaction


@view("/hr/people/unions", "GET", "POST")
def unions() -> ResponseReturnValue:
    """Say that two records are one person's; and what was said before."""
    form = UnionForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    uniting.propose_union(
                        session, actor(), person=form.person.data or "", into=form.into.data or "",
                        reason=form.reason.data or "",
                    )  # fmt: skip
            say(N_("A colleague has to agree. Tell them that it waits here."))
            return redirect(url_for("lms.unions"))
        except Invalid as error:
            form.take_faults(error.fields)
    return _page(form=form), 422 if form.has_faults else 200


def _page(*, form: UnionForm | None = None, faulty: str = "", part: PartForm | None = None) -> str:
    rows = uniting.list_unions(reading(), actor())
    return render("unions.html", rows=rows, form=form or UnionForm(None), faulty=faulty, part=part or PartForm(None))


@view("/hr/people/unions/<ref>", "POST")
def decide_union(ref: str) -> ResponseReturnValue:
    """Agree that two records are one person's, or not."""
    accepted = bool(DecideUnionForm(request.form).accept.data)
    with transaction() as session:
        if not is_repeated(session):
            uniting.decide_union(session, actor(), ref=ref, accepted=accepted)
    say(N_("The two records are one person's from now on.") if accepted else N_("The two records stay apart."))
    return redirect(url_for("lms.unions"))


@view("/hr/people/unions/<ref>/part", "POST")
def part_people(ref: str) -> ResponseReturnValue:
    """Part two records again."""
    form = PartForm(request.form)
    if form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    uniting.part_people(session, actor(), ref=ref, reason=form.reason.data or "")
            say(N_("The two records are parted: each has again what was recorded for it."))
            return redirect(url_for("lms.unions"))
        except Invalid as error:
            form.take_faults(error.fields)
        except Conflict as error:
            form.form_errors.append(gettext(error.message))
    return _page(faulty=ref, part=form), 422
