"""`flask lms explain`: why somebody has a level."""

import json
from datetime import datetime
from typing import Any

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services.explaining import Explained, as_data, explain_level

VERDICT = {
    "needed": "counts; without it the level would be lower",
    "supports": "counts; the level would stand without it",
    "towards": "does not count yet: it counts towards level {towards}, which needs more",
    "unused": "does not count: the rule of the framework asks for nothing of its kind",
    "withdrawn": "does not count: withdrawn",
    "expired": "does not count any more: it has run out",
    "not_yet": "does not count yet: its date is still to come",
}
TO_DO = {
    "course": "complete a course that names this competency",
    "task": "have a workplace task seen in practice",
    "observation": "have noted by checklist what somebody saw",
    "outside": "have confirmed what was learned elsewhere",
    "equivalency": "have HR take something as equal to a course",
    "agreed": "agree on the level in the conversation",
}


@lms_commands.command()
@click.argument("person")
@click.argument("competency")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As it was or will be on that day, by what is known now.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@plain_errors
def explain(person: str, competency: str, on: datetime | None, as_json: bool) -> None:
    """Say which level PERSON (employee number or e-mail) has in COMPETENCY, and what it rests on."""
    actor = acting()
    with plugin().database.read() as session:
        found = explain_level(session, actor, person=person, code=competency, on=on.date() if on else actor.today)
    click.echo(json.dumps(as_data(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_told(found)))


def _told_target(target: Any, role: str) -> list[str]:
    level = f"level {target.level}" if target.level else "none"
    words = {
        "profile": f"The target is {level}, by the role profile: {role}.",
        "taken": f"The target is {level}: the role profile offers it ({role}), and it was taken.",
        "offered": f"The role profile offers level {target.profile} as a target ({role}); it was not taken yet.",
        "declined": f"The role profile offers level {target.profile} as a target ({role}); it was declined.",
        "nothing": "There is no target.",
    }
    if target.setting is None:
        return [words[target.source]]
    setting = target.setting
    return [f"The target is {level}, set by {setting.by} on {setting.on}: {setting.reason}"]


def _told(found: Explained) -> list[str]:
    explanation, competency = found.level.explanation, found.level.competency
    name = f" ({found.level_name})" if found.level_name else ""
    lines = [f"{found.name}, {competency['code']} {competency['name']}, on {found.on}: level {explanation.level}{name}"]
    lines += _told_target(found.level.target, found.role)
    for judged in explanation.judged:
        source = found.level.sources[judged.proof.ref]
        origin = f"{source.code} version {source.version}, {source.title}, " if source.code else ""
        does = VERDICT[judged.verdict].format(towards=judged.towards)
        lines.append(f"- {judged.proof.effective_on} {judged.proof.kind}: {origin}source {source.source_ref}: {does}")
    if not explanation.judged:
        lines.append("There is no evidence.")
    if explanation.missing:
        lines.append(f"For level {explanation.level + 1}: {'; '.join(map(_lack, explanation.missing))}.")
    if explanation.lapses_on:
        lines.append(f"The level falls on {explanation.lapses_on} unless what it rests on is renewed.")
    return lines


def _lack(lack: Any) -> str:
    """A Lack or LackSome of lms/rules/needs.py in words."""
    if hasattr(lack, "of"):
        return f"{lack.count} of these ({'; '.join(map(_lack, lack.of))})"
    words = [" or ".join(TO_DO[kind] for kind in lack.kinds)]
    words += [f"{lack.pieces} times"] if lack.pieces > 1 else []
    words += ["in different situations"] if lack.from_another else []
    words += ["where a partner has a say"] if lack.partner_voice else []
    words += ["with an effect beyond the own team"] if lack.beyond_own_team else []
    return ", ".join(words)
