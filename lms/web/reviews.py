"""Reviewing a task at work: signed in, or by the signed link of a mail on any phone."""

from dataclasses import dataclass

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Conflict, Invalid, NotFound
from lms.permissions import Actor
from lms.services.deciding import Answer, decide, take_back
from lms.services.review_links import read
from lms.services.reviews import (
    Door,
    ReviewPage,
    get_review,
    get_reviewed_file,
    list_given,
    list_waiting,
    reviewer_by_link,
)
from lms.web.applications import file_response
from lms.web.forms import ReviewForm, WithdrawForm
from lms.web.gate import say, view
from lms.web.language import speak
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction

GONE, FORBIDDEN, ABSENT, SIGN_IN = 410, 403, 404, 401
THANKS = N_("Thank you. Your answer is kept, and the learner is told.")


@view("/reviews")
def reviews() -> ResponseReturnValue:
    """What waits for my answer."""
    waiting, given = list_waiting(reading(), actor()), list_given(reading(), actor())
    return render("reviews.html", waiting=waiting, given=given)


@view("/reviews/<ref>")
def review(ref: str) -> ResponseReturnValue:
    """One request to me."""
    return _render(get_review(reading(), actor(), ref=ref), ReviewForm(), WithdrawForm())


def _render(page: ReviewPage, form: ReviewForm, back: WithdrawForm) -> str:
    return render(
        "review.html", page=page, form=form, back=back, token="", answer=url_for("lms.decide_review", ref=page.ref)
    )


@view("/reviews/<ref>", "POST")
def decide_review(ref: str) -> ResponseReturnValue:
    """My answer."""
    form = ReviewForm(request.form)
    page = get_review(reading(), actor(), ref=ref)
    if _answered(actor(), ref, form, by_link=False):
        say(THANKS)
        return redirect(url_for("lms.review", ref=ref))
    return _render(page, form, WithdrawForm()), 422


def _answered(who: Actor, ref: str, form: ReviewForm, *, by_link: bool) -> bool:
    """Whether the answer was taken; what is wrong with it stands in the form."""
    if not form.validate():
        return False
    answer = Answer(
        decision=form.decision.data or "", comment=(form.comment.data or "").strip(),
        pass_to=(form.pass_to.data or "").strip(), partner_voice=form.partner_voice.data,
        beyond_own_team=form.beyond_own_team.data,
    )  # fmt: skip
    try:
        with transaction() as session:
            decide(session, who, ref=ref, answer=answer, by_link=by_link)
    except Invalid as error:
        form.take_faults(error.fields)
        return False
    return True


@view("/reviews/<ref>/withdraw", "POST")
def take_back_review(ref: str) -> ResponseReturnValue:
    """Take back a confirmation that I gave."""
    back = WithdrawForm(request.form)
    page = get_review(reading(), actor(), ref=ref)
    if back.validate():
        try:
            with transaction() as session:
                take_back(session, actor(), ref=ref, reason=back.reason.data or "")
            say(N_("Your confirmation is taken back. The learner is told, and levels have followed."))
            return redirect(url_for("lms.review", ref=ref))
        except Invalid as error:
            back.take_faults(error.fields)
    return _render(page, ReviewForm(), back), 422


@view("/reviews/<ref>/files/<file>")
def review_file(ref: str, file: str) -> ResponseReturnValue:
    """A file of what I am asked to look at."""
    return file_response(get_reviewed_file(reading(), actor(), ref=ref, file=file))


@dataclass(frozen=True)
class _Held:
    """Whom a link names, and which request."""

    who: Actor
    ref: str


class _Refused(Exception):
    """A link that does not open; `reason` is one of words.LINK_REFUSED."""

    def __init__(self, reason: str, status: int, page: ReviewPage | None = None) -> None:
        super().__init__(reason)
        self.reason, self.status, self.page = reason, status, page


def _held(token: str) -> _Held:
    """Whoever may act by a link now. The reviewer and the scope are looked at anew each time it is used."""
    link = read(plugin().signing_keys(), token, plugin().clock())
    if link is None:
        raise _Refused("altered", ABSENT)
    who = reviewer_by_link(reading(), request=link.request, at=plugin().clock())
    if who is None:
        raise _Refused("altered", ABSENT)
    speak(who.language)
    if g.lms_identity is not None and (g.lms_actor is None or g.lms_actor.person_id != who.person_id):
        raise _Refused("other_person", FORBIDDEN)
    if g.lms_identity is None and not plugin().open_reviews:
        raise _Refused("sign_in", SIGN_IN)
    if link.is_over:
        raise _Refused("expired", GONE)
    return _Held(who, link.request)


def _page(held: _Held) -> ReviewPage:
    page = get_review(reading(), held.who, ref=held.ref)
    if page.door is not Door.OPEN:
        raise _Refused(page.refusal, GONE, page)
    return page


def _refused(error: _Refused) -> ResponseReturnValue:
    page = render("review_refused.html", reason=error.reason, page=error.page, can_sign_in=g.lms_identity is None)
    return page, error.status


def _render_link(token: str, page: ReviewPage, form: ReviewForm) -> str:
    return render(
        "review.html", page=page, form=form, back=None, token=token, answer=url_for("lms.decide_link", token=token)
    )


@view("/r/<token>")
def review_link(token: str) -> ResponseReturnValue:
    """What a mail's link opens. Looking changes nothing: mail programs look at links before people do."""
    try:
        page = _page(_held(token))
    except _Refused as error:
        return _refused(error)
    return _render_link(token, page, ReviewForm())


@view("/r/<token>", "POST")
def decide_link(token: str) -> ResponseReturnValue:
    """The answer by a link."""
    form = ReviewForm(request.form)
    try:
        held = _held(token)
        page = _page(held)
        if not _answered(held.who, held.ref, form, by_link=True):
            return _render_link(token, page, form), 422
    except Conflict:  # answered, or somebody else was asked, since the page was read
        return review_link(token)
    except _Refused as error:
        return _refused(error)
    say(THANKS)
    return redirect(url_for("lms.review_link", token=token))


@view("/r/<token>/files/<file>")
def link_file(token: str, file: str) -> ResponseReturnValue:
    """A file, while the link opens what it belongs to."""
    try:
        held = _held(token)
        _page(held)
    except _Refused as error:
        raise NotFound() from error
    return file_response(get_reviewed_file(reading(), held.who, ref=held.ref, file=file))
