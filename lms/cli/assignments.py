"""`flask lms why`: why a course is asked of somebody, or is not."""

import json

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services.reasons import Asked, Checked, Why, as_data, explain_assignment

TAKEN_BACK = {
    "": "by a person", "no_match": "the rule no longer meant them", "rule_ended": "the rule was ended",
    "rule_changed": "the rule was changed", "enough": "enough of its courses were completed",
}  # fmt: skip


@lms_commands.command()
@click.argument("person")
@click.argument("course")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plain_errors
def why(person: str, course: str, as_json: bool) -> None:
    """Say why COURSE (code) is asked of PERSON (number or e-mail), or which condition of which rule fails."""
    with plugin().database.read() as session:
        found = explain_assignment(session, acting(), person=person, course=course)
    click.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_told(found)))


def _told(found: Why) -> list[str]:
    lines = [f"{found.person}, {found.course}", *_answers(found)]
    known = len(lines)
    if found.chosen_on:
        lines.append(f"- {found.chosen_on} by own choice")
    lines += map(_asked, found.asked)
    if len(lines) == known:
        lines.append("Nobody asked for it, and no rule did.")
    for rule in found.rules:
        lines.append(f"Rule “{rule.name}” version {rule.version} {'means' if rule.is_met else 'does not mean'} them:")
        lines += _conditions(rule)
    return lines


def _answers(why: Why) -> list[str]:
    found = why.answers
    until = f"yes, until before {found.valid_until}" if found.valid_until else "yes"
    start = {"prerequisites": f"no: {', '.join(found.missing)} first", "yes": "yes"}
    return [
        f"Ever achieved: {found.achieved_on or 'no'}", f"Valid today: {until if found.is_valid else 'no'}",
        f"May start now: {start.get(found.start, f'no: {found.start}')}",
    ]  # fmt: skip


def _asked(one: Asked) -> str:
    by = {"rule": f"by the rule “{one.name}” version {one.version}", "unit": f"of everybody in {one.name} and below"}
    told = f"- {one.assigned_at.date()} asked {by.get(one.kind, 'of this person')}"
    told += f", by {one.by}" if one.by else ""
    told += f", after HR's file of {one.import_at:%Y-%m-%d %H:%M} UTC" if one.import_at else ""
    told += f", due {one.due_on}" if one.due_on else ""
    return told + (f"; taken back {one.withdrawn_at.date()}: {TAKEN_BACK[one.cause]}" if one.withdrawn_at else "")


def _conditions(rule: Checked) -> list[str]:
    return [
        f"  {'holds' if holds else 'FAILS'}: {condition}{f' ({value})' if value else ''}"
        for condition, holds, value in rule.conditions
    ]
