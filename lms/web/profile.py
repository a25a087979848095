"""My profile: name and language, what HR knows of my post, who looked at my record."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services.mails import choose_mails
from lms.services.profile import get_profile, save_profile
from lms.web.forms import ProfileForm
from lms.web.gate import say, view
from lms.web.language import gettext, languages
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, reading, transaction
from lms.web.words_of_jobs import MAIL_CHOICE


@view("/profile", "GET", "POST")
def profile() -> ResponseReturnValue:
    """Show and change what is mine to change."""
    page = get_profile(reading(), actor())
    wanted = [kind for kind, is_wanted in page.mails.items() if is_wanted]
    form = ProfileForm(request.form if request.method == "POST" else None, obj=page.person, mails=wanted)
    offer(form.language, languages().items())
    form.mails.choices = [(kind, gettext(MAIL_CHOICE[kind])) for kind in page.mails]
    if request.method == "POST":
        try:
            with transaction() as session:
                save_profile(
                    session, actor(), display_name=form.display_name.data or "", language=form.language.data or "",
                    known=set(languages()),
                )  # fmt: skip
                choose_mails(session, actor(), wanted=form.mails.data or ())
        except Invalid as error:
            form.take_faults(error.fields)
            return render("profile.html", form=form, page=get_profile(reading(), actor())), 422
        say(N_("Your profile is saved."))
        return redirect(url_for("lms.profile"))
    return render("profile.html", form=form, page=page)
