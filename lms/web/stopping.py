"""Stopping mails of a kind by the link in one of them."""

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import NotFound
from lms.services.stopping import find_stopper, is_stopped, stop
from lms.web.gate import view
from lms.web.language import speak
from lms.web.pages import render
from lms.web.plugin import plugin, reading, transaction


@view("/stop/<token>", "GET", "POST")
def stop_mails(token: str) -> ResponseReturnValue:
    """Looking changes nothing: mail programs look at links before people do. A mail program's own button posts here."""
    who, kind = find_stopper(reading(), keys=plugin().signing_keys(), token=token, at=plugin().clock())
    if g.lms_identity is not None and (g.lms_actor is None or g.lms_actor.person_id != who.person_id):
        raise NotFound()
    speak(who.language)
    if request.method == "POST":
        with transaction() as session:
            stop(session, who, kind=kind)
        return redirect(url_for("lms.stop_mails", token=token))
    return render("stop_mails.html", kind=kind, is_stopped=is_stopped(reading(), who, kind=kind))
