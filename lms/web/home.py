"""My page, and the door for somebody whom HR's file does not know."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_
from lms.services.actors import join
from lms.services.home import get_home
from lms.web.gate import say, view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction


@view("/")
def home() -> ResponseReturnValue:
    """What is due, where I left off, what my plan asks next, what runs out."""
    return render("home.html", page=get_home(reading(), actor()))


@view("/welcome", "GET", "POST")
def welcome() -> ResponseReturnValue:
    """Signed in with the host, but not in the learning records: begin a record of one's own."""
    if g.lms_actor is not None:
        return redirect(url_for("lms.home"))
    identity = g.lms_identity
    if request.method == "GET":
        return render("welcome.html", identity=identity)
    with transaction() as session:
        join(
            session, provider=identity.provider, subject=identity.subject, email=identity.email, name=identity.name,
            at=plugin().clock(),
        )  # fmt: skip
    say(N_("Welcome. Your learning record is open."))
    return redirect(url_for("lms.home"))
