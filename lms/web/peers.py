"""Asking peers for what they saw, and answering as one."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.errors import N_, Invalid
from lms.services import peers
from lms.services.framework import list_indicators
from lms.services.ratings import Rated
from lms.web import words
from lms.web.assessments import Card, level_choices, show_faults
from lms.web.forms import LmsForm
from lms.web.gate import is_repeated, say, view
from lms.web.language import gettext
from lms.web.offers import SelectField, offer
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction
from lms.web.rating_forms import chosen_level


class AskPeerForm(LmsForm):
    """Whom to ask, and about what."""

    email = StringField(N_("E-mail of the colleague"), [Length(max=320)])
    competencies = SelectMultipleField(N_("Competencies"), [Optional()])


class PeerRatingForm(LmsForm):
    """What a peer saw of somebody in one competency."""

    level = SelectField(N_("Level"), [Optional()], default="")
    confidence = SelectField(N_("How sure are you?"), [Optional()], default="")
    words = TextAreaField(N_("The situation in which you saw it"), [Length(max=1000)])


@view("/peers", "GET", "POST")
def ask_peers() -> ResponseReturnValue:
    """Ask colleagues of mine what they saw."""
    return _ask(url_for("lms.ask_peers"), None)


@view("/team/<ref>/peers", "GET", "POST")
def ask_member_peers(ref: str) -> ResponseReturnValue:
    """Ask colleagues of somebody who reports to me."""
    return _ask(url_for("lms.ask_member_peers", ref=ref), ref)


def _ask(back: str, ref: str | None) -> ResponseReturnValue:
    page = peers.get_peers_page(reading(), actor(), cycle_start=plugin().plan_cycle_start, person_ref=ref)
    is_sent = request.method == "POST"
    form = AskPeerForm(request.form) if is_sent else AskPeerForm(data={"competencies": list(page.focus)})
    offer(form.competencies, [(one["code"], f"{one['code']} {one['name']}") for one in page.framework["competencies"]])
    if is_sent and form.validate():
        try:
            with transaction() as session:
                if not is_repeated(session):
                    peers.ask_peer(
                        session, actor(), cycle_start=plugin().plan_cycle_start, email=(form.email.data or "").strip(),
                        competencies=form.competencies.data or (), person_ref=ref,
                    )  # fmt: skip
            say(N_("Your colleague is asked, and gets a mail."))
            return redirect(back)
        except Invalid as error:
            form.take_faults(error.fields)
    return render("peers.html", page=page, form=form, back=back), 422 if is_sent else 200


@view("/peers/<ref>", "GET", "POST")
def rate_as_peer(ref: str) -> ResponseReturnValue:
    """Say what I saw of a colleague, or decline."""
    page = peers.get_request(reading(), actor(), ref=ref)
    is_sent = request.method == "POST"
    cards = []
    for competency in page.competencies:
        form = PeerRatingForm(request.form if is_sent else None, prefix=f"{competency['code']}-")
        offer(form.level, level_choices(page.framework), N_("Left out"))
        offer(form.confidence, [(key, gettext(text)) for key, text in words.CONFIDENCE.items()], N_("Choose"))
        cards.append(Card(competency, None, list_indicators(competency), form))
    if is_sent and _answered(ref, cards):
        return redirect(url_for("lms.rate_as_peer", ref=ref))
    return render("peer_rating.html", page=page, cards=cards), 422 if is_sent else 200


def _answered(ref: str, cards: list[Card]) -> bool:
    """Whether the answer was taken; what is wrong with it stands in the cards."""
    is_declined = "decline" in request.form
    if not is_declined and [card for card in cards if not card.form.validate()]:
        return False
    try:
        with transaction() as session:
            if not is_repeated(session):
                ratings = None if is_declined else [_rated(card) for card in cards]
                peers.answer_request(session, actor(), ref=ref, ratings=ratings)
    except Invalid as error:
        show_faults(cards, error.fields)
        return False
    say(N_("You declined. Nobody is told why.") if is_declined else N_("Thank you. What you saw is kept."))
    return True


def _rated(card: Card) -> Rated:
    form = card.form
    text = (form.words.data or "").strip()
    return Rated(card.code, chosen_level(form.level), text, (), (form.confidence.data or "").strip())
