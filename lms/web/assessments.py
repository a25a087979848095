"""Rating oneself, rating somebody of one's team, and the focus of a cycle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from lms.errors import N_, Invalid
from lms.services import assessments
from lms.services.focus import FEWEST, MOST
from lms.services.focus import choose_focus as choose
from lms.services.framework import current_framework, list_indicators
from lms.services.levels import CompetencyLevel, get_levels
from lms.services.ratings import Rated
from lms.web import words
from lms.web.forms import LmsForm
from lms.web.gate import is_repeated, say, view
from lms.web.language import format_day, gettext
from lms.web.offers import offer
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction
from lms.web.rating_forms import FocusForm, MemberRatingForm, SelfRatingForm, chosen_level

Pairs = list[tuple[str, str]]
KEPT = N_("Kept as a draft. Nobody but you sees it; hand it in when it is ready.")
HANDED_IN = N_("Handed in. You can change it until both ratings are in.")
BOTH_IN = N_("Both ratings are in: now each of you sees the other. Talk it over.")


@dataclass(frozen=True)
class Card:
    """One competency on a page of ratings."""

    competency: dict[str, Any]
    target: int | None
    indicators: list[tuple[str, int, str]]
    form: LmsForm

    @property
    def code(self) -> str:
        """As PC1."""
        return str(self.competency["code"])


def level_choices(framework: Mapping[str, Any]) -> Pairs:
    """The levels as a list offers them, from 0."""
    named = [(str(level["level"]), f"{level['level']}: {level['name']}") for level in framework["levels"]]
    return [("0", gettext(words.NO_LEVEL)), *named]


def _cards(
    kind: type[LmsForm], framework: Mapping[str, Any], offered: Mapping[str, Pairs], kept: Mapping[str, Rated],
    targets: Mapping[str, int | None], data: MultiDict[str, str] | None,
) -> list[Card]:  # fmt: skip
    """A card for each competency of the framework, with what was sent (`data`) or else with what is kept."""
    cards = []
    for competency in framework["competencies"]:
        code = competency["code"]
        rated = kept.get(code)
        held: dict[str, Any] = {}
        if rated and data is None:
            level = "" if rated.level is None else str(rated.level)
            held = {"level": level, "words": rated.words, "points": list(rated.points), "confidence": rated.confidence}
        form = kind(data, data=held, prefix=f"{code}-")
        offer(form.level, level_choices(framework), N_("Left out"))
        offer(form.points, offered[code])
        if "confidence" in form:
            offer(form.confidence, [(key, gettext(text)) for key, text in words.CONFIDENCE.items()], N_("Choose"))
        cards.append(Card(competency, targets.get(code), list_indicators(competency), form))
    return cards


def _rated(card: Card) -> Rated:
    data = card.form.data
    text = (data["words"] or "").strip()
    confidence = (data.get("confidence") or "").strip()
    return Rated(card.code, chosen_level(card.form.level), text, tuple(data["points"] or ()), confidence)


def _save(
    cards: Sequence[Card], offered: Mapping[str, Pairs], back: str, person_ref: str | None = None
) -> ResponseReturnValue | None:
    """Keep or hand in what the cards hold; None where something has to be corrected, which the cards then say."""
    if [card for card in cards if not card.form.validate()]:  # all of them, so that each says its faults
        return None
    hand_in = "hand_in" in request.form
    try:
        with transaction() as session:
            if is_repeated(session):
                return redirect(back)
            saved = assessments.save_sheet(
                session, actor(), cycle_start=plugin().plan_cycle_start, person_ref=person_ref,
                ratings=[_rated(card) for card in cards], hand_in=hand_in,
                offered={code: [value for value, _ in pairs] for code, pairs in offered.items()},
            )  # fmt: skip
    except Invalid as error:
        show_faults(cards, error.fields)
        return None
    if saved.stage == "both_in":
        say(BOTH_IN)
        return redirect(url_for("lms.conversation", ref=saved.ref))
    say(HANDED_IN if hand_in else KEPT)
    return redirect(back)


def show_faults(cards: Sequence[Card], faults: Mapping[str, str]) -> None:
    """Each at its field (PC1-level); what is about no single field, above them all."""
    for name, message in faults.items():
        code, _, field = name.rpartition("-")
        card = next((card for card in cards if card.code == code), cards[0])
        card.form.take_faults({field: message})


@view("/assessment", "GET", "POST")
def assessment() -> ResponseReturnValue:
    """Rate myself in the competencies of the framework."""
    levels = get_levels(reading(), actor())
    offered = {level.competency["code"]: _evidence(level) for level in levels.levels}
    targets = {level.competency["code"]: level.target.level for level in levels.levels}
    return _rating(SelfRatingForm, levels.framework, offered, targets, url_for("lms.assessment"))


@view("/team/<ref>/assessment", "GET", "POST")
def rate_member(ref: str) -> ResponseReturnValue:
    """Rate somebody who reports to me, before I see how they rate themselves."""
    framework = current_framework(reading())
    offered = {
        competency["code"]: [
            (code, gettext(words.INDICATOR, level=level, text=text))
            for code, level, text in list_indicators(competency)
        ]
        for competency in framework["competencies"]
    }
    return _rating(MemberRatingForm, framework, offered, {}, url_for("lms.rate_member", ref=ref), ref)


def _rating(
    kind: type[LmsForm], framework: Mapping[str, Any], offered: Mapping[str, Pairs], targets: Mapping[str, int | None],
    back: str, ref: str | None = None,
) -> ResponseReturnValue:  # fmt: skip
    """One side's page: shown, or kept and handed in."""
    page = assessments.get_rating_page(reading(), actor(), cycle_start=plugin().plan_cycle_start, person_ref=ref)
    kept = page.sheet.ratings if page.sheet else {}
    is_sent = request.method == "POST"
    cards = _cards(kind, framework, offered, kept, targets, request.form if is_sent else None)
    if is_sent and (done := _save(cards, offered, back, ref)):
        return done
    return render("assessment.html", page=page, cards=cards, framework=framework, back=back), (422 if is_sent else 200)


def _evidence(level: CompetencyLevel) -> Pairs:
    """The person's own evidence for a competency, as far as it was not withdrawn."""
    shown = [one for one in level.explanation.judged if one.verdict != "withdrawn"]
    return [(one.proof.ref, evidence_label(one.proof, level)) for one in shown]


def evidence_label(proof: Any, level: CompetencyLevel) -> str:
    """A piece of evidence in words: what it is, and of when."""
    title = level.sources[proof.ref].title or gettext(words.EVIDENCE_KIND[proof.kind])
    return f"{title}, {format_day(proof.effective_on)}"


@dataclass(frozen=True)
class FocusPart:
    """The part of a page that shows and asks for the focus of the cycle."""

    chosen: Pairs
    suggested: Pairs
    form: FocusForm


def focus_part(framework: Mapping[str, Any], chosen: Sequence[str], suggested: Sequence[str]) -> FocusPart:
    """What is chosen, or else suggested, by code and name; the suggestion is ticked until something is chosen."""
    names = {one["code"]: one["name"] for one in framework["competencies"]}
    form = FocusForm(data={"competencies": list(chosen or suggested)})
    offer(form.competencies, [(code, f"{code} {name}") for code, name in names.items()])
    return FocusPart(
        [(code, names[code]) for code in chosen if code in names],
        [(code, names[code]) for code in suggested if not chosen],
        form,
    )  # fmt: skip


@view("/focus", "POST")
def choose_focus() -> ResponseReturnValue:
    """Choose the competencies to work on in this cycle."""
    wanted = request.form.getlist("competencies")
    with transaction() as session:
        chosen = choose(session, actor(), cycle_start=plugin().plan_cycle_start, competencies=wanted)
    if len(chosen) > MOST:
        say(N_("Your focus is kept. More than three are hard to keep in sight: two or three are enough for a year."))
    elif len(chosen) < FEWEST:
        say(N_("Your focus is kept. Two or three are usual, so that one hard month does not stop you."))
    else:
        say(N_("Your focus is kept. Your manager sees it in the conversation."))
    return redirect(url_for("lms.levels", _anchor="focus"))
