"""`flask lms explain`: why somebody has a level."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services.levels import Explained, explain_level

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
    click.echo(json.dumps(_plain(found), indent=2, ensure_ascii=False) if as_json else "\n".join(_told(found)))


def _plain(found: Explained) -> dict[str, Any]:
    explanation, sources = found.level.explanation, found.level.sources
    return {
        "person": found.name,
        "competency": found.level.competency["code"],
        "on": found.on.isoformat(),
        "level": explanation.level,
        "target": found.level.target,
        "framework_version": found.framework_version,
        "evidence": [
            {
                "ref": judged.proof.ref, "kind": judged.proof.kind.value, "verdict": judged.verdict.value,
                "effective_on": judged.proof.effective_on.isoformat(), "expires_on": _day(judged.proof.expires_on),
                "withdrawn_on": _day(judged.proof.withdrawn_on), "situation": judged.proof.situation,
                "partner_voice": judged.proof.partner_voice, "beyond_own_team": judged.proof.beyond_own_team,
                "freshness": judged.freshness.value, "towards": judged.towards,
                "course": sources[judged.proof.ref].code, "version": sources[judged.proof.ref].version,
                "source": sources[judged.proof.ref].source_ref, "confirmed_as": sources[judged.proof.ref].confirmed_as,
                "recorded_at": sources[judged.proof.ref].recorded_at.isoformat(),
            }
            for judged in explanation.judged
        ],
        "missing_for_next_level": [asdict(missing) for missing in explanation.missing],
        "lapses_on": _day(explanation.lapses_on),
    }  # fmt: skip


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _told(found: Explained) -> list[str]:
    explanation, competency = found.level.explanation, found.level.competency
    name = f" ({found.level_name})" if found.level_name else ""
    lines = [f"{found.name}, {competency['code']} {competency['name']}, on {found.on}: level {explanation.level}{name}"]
    if found.level.target:
        lines.append(f"The target of the role is level {found.level.target}.")
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
