"""Leave of somebody in scope: entering it, and that they are back."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.leaves import end_leave, enter_leave, get_leaves
from lms.web.forms import BackForm, LeaveForm, chosen_day
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction


@view("/people/<ref>/leave", "GET", "POST")
def leave(ref: str) -> ResponseReturnValue:
    """When somebody is on leave; a new one, or since when they are back from the one that the form names."""
    page = get_leaves(reading(), actor(), ref=ref)
    ended = request.form.get("leave", "")
    form = LeaveForm(request.form if request.method == "POST" and not ended else None)
    back = BackForm(request.form if ended else None)
    sent: LeaveForm | BackForm = back if ended else form
    if request.method == "POST" and sent.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    if ended:
                        end_leave(session, actor(), ref=ref, leave=ended, back_on=chosen_day(back.back_on))
                        say(N_("It is noted. Due dates and reminders count from that day on again."))
                    else:
                        enter_leave(session, actor(), ref=ref, first=chosen_day(form.first), last=chosen_day(form.last))
                        say(
                            N_("The leave is entered. Due dates have moved by its days, and no reminders go out in it.")
                        )
            return redirect(url_for("lms.leave", ref=ref))
        except Invalid as error:
            sent.take_faults(error.fields)
    page_text = render(
        "leave.html", page=page, form=form, back=back, ended=ended, blank=BackForm(), today=actor().today
    )
    return page_text, 422 if sent.has_faults else 200
