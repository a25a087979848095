"""Targets: set for one person by who may, and an offer that partner staff take or do not."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.targets import TargetsPage, get_targets, set_target
from lms.services.targets import choose_targets as choose
from lms.web import words
from lms.web.forms import TargetForm
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction

AS_PROFILE = "profile"


@view("/people/<ref>/targets", "GET", "POST")
def person_targets(ref: str) -> ResponseReturnValue:
    """What somebody aims at, and a form to set it."""
    page = get_targets(reading(), actor(), ref=ref)
    form = _form(page)
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    level = None if form.level.data == AS_PROFILE else int(form.level.data or 0)
                    competency, reason = form.competency.data or "", form.reason.data or ""
                    set_target(session, actor(), ref=ref, competency=competency, level=level, reason=reason)
            say(N_("The target is set. The person sees it, with your name and reason."))
            return redirect(url_for("lms.person_targets", ref=ref))
        except Invalid as error:
            form.take_faults(error.fields)
    return render("person_targets.html", page=page, form=form), 422 if request.method == "POST" else 200


def _form(page: TargetsPage) -> TargetForm:
    form = TargetForm(request.form if request.method == "POST" else None)
    competencies = page.framework["competencies"]
    offer(form.competency, [(c["code"], f"{c['code']} {c['name']}") for c in competencies], N_("Choose"))
    levels = [(str(level["level"]), f"{level['level']} {level['name']}") for level in page.framework["levels"]]
    fixed = [(AS_PROFILE, gettext(words.AS_PROFILE)), ("0", gettext(words.NO_TARGET))]
    offer(form.level, [*levels, *fixed], N_("Choose"))
    return form


@view("/targets", "POST")
def choose_targets() -> ResponseReturnValue:
    """Take the targets that the profile of my post offers, or do not."""
    taken = request.form.get("taken") == "1"
    with transaction() as session:
        choose(session, actor(), taken=taken)
    say(N_("These are your targets now.") if taken else N_("The offered targets are not yours: they are switched off."))
    return redirect(url_for("lms.levels"))
