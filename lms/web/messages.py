"""HR's page of messages: sent, not sent and to come."""

from flask import request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import Length, Optional

from lms.errors import N_
from lms.services.messages import PAGE_SIZE, MessageFilter, list_intended, list_messages
from lms.services.records import list_units
from lms.web.forms import LmsForm, page_number
from lms.web.gate import view
from lms.web.offers import SelectField, offer
from lms.web.pages import render
from lms.web.plugin import actor, reading

TO_COME = "to_come"


class MessageFilterForm(LmsForm):
    """Filters of HR's messages; the person and whether it shows what is to come are set by links."""

    q = StringField(N_("Name, e-mail or number"), [Length(max=100)])
    unit = SelectField(N_("Unit and below"), [Optional()], default="")
    person = HiddenField(validators=[Length(max=32)])
    show = HiddenField(validators=[Length(max=10)])


@view("/hr/messages")
def hr_messages() -> ResponseReturnValue:
    """What people in scope were told, or will be."""
    form = MessageFilterForm(request.args)
    offer(form.unit, list_units(reading(), actor()), N_("All units in your scope"))
    wanted = MessageFilter(
        person=(form.person.data or "").strip(), unit=form.unit.data or "", text=(form.q.data or "").strip()
    )
    number, is_to_come = page_number(request.args.get("page")), form.show.data == TO_COME
    listed = list_intended if is_to_come else list_messages
    found = listed(reading(), actor(), wanted=wanted, page=number)
    query = {name: value for name, value in request.args.items() if name in form and value}
    return render(
        "hr_messages.html", form=form, rows=found[:PAGE_SIZE], has_more=len(found) > PAGE_SIZE, number=number,
        is_to_come=is_to_come, query=query, elsewhere={name: value for name, value in query.items() if name != "show"},
    )  # fmt: skip
