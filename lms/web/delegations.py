"""While a line manager is away: naming a deputy, taking it back, and HR's list of who stands in for whom."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.delegations import delegate, list_overseen, list_own, take_back
from lms.web.forms import AwayForm, chosen_day, page_number
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/team/away", "GET", "POST")
def away() -> ResponseReturnValue:
    """While I am away: who stands in for me, and a new one."""
    form = AwayForm(request.form if request.method == "POST" else None)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    delegate(
                        session, actor(), deputy=form.deputy.data or "", first=chosen_day(form.first),
                        last=chosen_day(form.last),
                    )  # fmt: skip
                    say(N_("Your deputy is named and told by mail."))
            return redirect(url_for("lms.away"))
        except Invalid as error:
            form.take_faults(error.fields)
    page = render("away.html", form=form, lines=list_own(reading(), actor()), today=actor().today)
    return page, 422 if form.has_faults else 200


@view("/team/away/<ref>/end", "POST")
def take_back_delegation(ref: str) -> ResponseReturnValue:
    """I am back, or it was a mistake: nobody stands in for me any more."""
    with transaction() as session:
        take_back(session, actor(), ref=ref)
    say(N_("It is taken back. From now on nobody acts in your name."))
    return redirect(url_for("lms.away"))


@view("/hr/deputies")
def delegations() -> ResponseReturnValue:
    """Who stands, stood and will stand in for the line managers in scope."""
    number = page_number(request.args.get("page"))
    return render("delegations.html", page=list_overseen(reading(), actor(), page=number), number=number)
