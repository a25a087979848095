"""Rules of assignment: the list, one rule, the editor with its trial, the second person's word, the end."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.errors import N_, Invalid
from lms.services import assignment_rules as rules_of
from lms.services.rule_choices import RuleChoices, list_rule_choices
from lms.services.rule_drafts import Draft
from lms.web.forms import page_number
from lms.web.gate import is_repeated, say, view
from lms.web.pages import render
from lms.web.plugin import actor, plugin, reading, transaction
from lms.web.rule_forms import read_draft, rule_form

PAGE_SIZE = 25


@view("/assignments/rules")
def rules() -> ResponseReturnValue:
    """Every rule in scope."""
    page = page_number(request.args.get("page"))
    found = rules_of.list_rules(reading(), actor(), page=page, size=PAGE_SIZE)
    return render("rules.html", rules=found, page=page, has_more=len(found) == PAGE_SIZE)


@view("/assignments/rules/new", "GET", "POST")
def new_rule() -> ResponseReturnValue:
    """Write a rule."""
    return _edit(None)


@view("/assignments/rules/<ref>")
def rule(ref: str) -> ResponseReturnValue:
    """A rule: whom it means now, what it asks, and its versions."""
    return render("rule.html", page=rules_of.get_rule(reading(), actor(), ref=ref), ref=ref)


@view("/assignments/rules/<ref>/edit", "GET", "POST")
def edit_rule(ref: str) -> ResponseReturnValue:
    """Write the next version of a rule."""
    return _edit(ref)


def _edit(ref: str | None) -> ResponseReturnValue:
    last = rules_of.draft_of(rules_of.get_versions(reading(), actor(), ref=ref)[0]) if ref else None
    choices = list_rule_choices(reading(), actor())
    if request.method == "GET":
        return render("edit_rule.html", form=rule_form(choices, draft=last), ref=ref, trial=None, second=_second())
    form, trial = rule_form(choices, request.form), None
    if form.validate():
        draft = read_draft(form, choices)
        try:
            if "try" in request.form:
                trial = rules_of.try_out(reading(), actor(), draft=draft, choices=choices, ref=ref)
            else:
                return _save(draft, choices, ref)
        except Invalid as error:
            form.take_faults(error.fields)
    page = render("edit_rule.html", form=form, ref=ref, trial=trial, second=_second())
    return page, 200 if trial else 422


def _second() -> int:
    return plugin().second_person_from


def _save(draft: Draft, choices: RuleChoices, ref: str | None) -> ResponseReturnValue:
    with transaction() as session:
        if is_repeated(session):
            return redirect(url_for("lms.rules"))
        saved, waits = rules_of.save_rule(
            session, actor(), draft=draft, choices=choices, second_from=_second(), ref=ref
        )
    say(
        N_("The rule is saved. It touches many people, so somebody else of HR has to agree before it holds.") if waits
        else N_("The rule is saved. Within some minutes it is applied to everybody whom it means.")
    )  # fmt: skip
    return redirect(url_for("lms.rule", ref=saved))


@view("/assignments/rules/<ref>/decide", "POST")
def decide_rule(ref: str) -> ResponseReturnValue:
    """A second person lets the version that waits come into force, or refuses it."""
    approved, number = request.form.get("approve") == "yes", page_number(request.form.get("number"))
    with transaction() as session:
        rules_of.decide_rule(session, actor(), ref=ref, number=number, approved=approved)
    say(N_("The rule holds now.") if approved else N_("The version is refused; what held before still does."))
    return redirect(url_for("lms.rule", ref=ref))


@view("/assignments/rules/<ref>/end", "POST")
def end_rule(ref: str) -> ResponseReturnValue:
    """The rule asks nothing of anybody from now on."""
    with transaction() as session:
        waits = rules_of.end_rule(session, actor(), ref=ref, second_from=_second())
    say(
        N_("The end touches many people, so somebody else of HR has to agree before it holds.") if waits
        else N_("The rule is ended. What nobody has completed is taken back; who has begun may go on by own choice.")
    )  # fmt: skip
    return redirect(url_for("lms.rule", ref=ref))
