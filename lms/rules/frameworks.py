"""A competency framework through its versions: where a code went, and what differs between two versions.

A code keeps its meaning for ever. What changes its meaning gets a new code, and the framework's `mapping` says where
the old one went: to one new code, to several, or to none. The newest framework holds the mapping of all codes that
ever were, so that evidence recorded long ago is read through it in one go, over several versions too.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

Moves = Mapping[str, Sequence[str]]  # old code -> new codes
Item = TypeVar("Item")


def moves_of(framework: Mapping[str, Any]) -> Moves:
    """The mapping of a framework's body; the oldest versions have none."""
    return {move["old"]: move["new"] for move in framework.get("mapping", ())}


def follow(code: str, moves: Moves) -> tuple[str, ...]:
    """The codes that a code became, through all moves; itself where it did not move, none where it was dropped."""
    found: dict[str, None] = {}
    waiting, seen = [code], set()
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        if here in moves:
            waiting += moves[here]
        else:
            found[here] = None
    return tuple(found)


def follow_all(codes: Iterable[str], moves: Moves) -> tuple[str, ...]:
    """The codes that some became, each once."""
    return tuple(dict.fromkeys(new for code in codes for new in follow(code, moves)))


def sources_of(code: str, moves: Moves) -> list[str]:
    """The codes that became this one, itself among them."""
    return [old for old in dict.fromkeys([code, *moves]) if code in follow(old, moves)]


def leads_back(code: str, moves: Moves) -> bool:
    """Whether following a code comes to it again."""
    waiting, seen = list(moves.get(code, ())), set()
    while waiting:
        here = waiting.pop()
        if here == code:
            return True
        if here not in seen:
            seen.add(here)
            waiting += moves.get(here, ())
    return False


def gather(
    items: Iterable[Item],
    moves: Moves,
    *,
    code: Callable[[Item], str],
    source: Callable[[Item], Hashable],
    weight: Callable[[Item], int],
) -> dict[str, list[Item]]:
    """Items by the codes that theirs became, in their order.

    Where codes were merged, what comes from one source counts once: that of the greatest weight, the first of equals.
    """
    found: dict[str, dict[Hashable, Item]] = {}
    followed: dict[str, tuple[str, ...]] = {}
    for item in items:
        was = code(item)
        if was not in followed:
            followed[was] = follow(was, moves)
        for became in followed[was]:
            of_code = found.setdefault(became, {})
            there = of_code.get(source(item))
            if there is None or weight(there) < weight(item):
                of_code[source(item)] = item
    return {became: list(of_code.values()) for became, of_code in found.items()}


class Indicator(NamedTuple):
    """What somebody at a level does, and the question that asks for evidence ("" in the oldest versions)."""

    text: str
    prompt: str


def indicators(competency: Mapping[str, Any], level: int) -> list[Indicator]:
    """The indicators of a level; the oldest published versions hold texts alone."""
    given = competency["levels"][str(level)]
    return [Indicator(one, "") if isinstance(one, str) else Indicator(one["text"], one["prompt"]) for one in given]


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same in two versions. `what` is "level", "rule", "competency", "indicator", "prompt",
    "role" or "target"; `how` is "added", "removed", "renamed", "moved", "reworded" or "changed"."""

    what: str
    how: str
    code: str  # PC1, PC1.2b, role:PC1, or of a level or rule its number or name
    before: str = ""
    after: str = ""


def compare_frameworks(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """What became of each competency and indicator, in the order of the old version, then what is new."""
    moves = moves_of(new)
    before, after = _by_code(old), _by_code(new)
    reasons = {move["old"]: move.get("reason", "") for move in new.get("mapping", ())}
    heirs: dict[str, list[str]] = {}
    for code in before:
        for heir in follow(code, moves):
            heirs.setdefault(heir, []).append(code)
    found: list[Difference] = []
    for code, competency in before.items():
        became = [heir for heir in follow(code, moves) if heir in after]
        if len(became) == 1 and heirs[became[0]] == [code]:
            found += _compare_competencies(competency, after[became[0]])
        else:
            how, after_it = ("moved", ", ".join(became)) if became else ("removed", reasons.get(code, ""))
            found.append(Difference("competency", how, code, competency["name"], after_it))
    new_codes = [code for code in after if code not in heirs]
    found += [Difference("competency", "added", code, "", after[code]["name"]) for code in new_codes]
    return [*_compare_levels(old, new), *found]


def _compare_levels(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    """What the four levels are called, and the rule by which evidence gives them."""
    for before, after in zip(old["levels"], new["levels"], strict=False):
        was, now = (f"{one['name']}: {one['line']} ({one['proof']})" for one in (before, after))
        if was != now:
            yield Difference("level", "reworded", str(after["level"]), was, now)
        if before.get("needs") != after.get("needs"):
            yield Difference("rule", "changed", str(after["level"]))
    for name in ("aggregation", "ageing"):
        if old.get(name) != new.get(name):
            yield Difference("rule", "changed", name)


def _by_code(framework: Mapping[str, Any]) -> dict[str, Any]:
    return {competency["code"]: competency for competency in framework["competencies"]}


def _compare_competencies(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Difference]:
    if old["code"] != new["code"]:
        yield Difference("competency", "renamed", old["code"], old["name"], f"{new['code']} {new['name']}")
    before, after = _described(old), _described(new)
    if before != after:
        yield Difference("competency", "reworded", new["code"], before, after)
    for level in sorted({*old["levels"], *new["levels"]}, key=int):
        yield from _compare_indicators(f"{new['code']}.{level}", _of_level(old, level), _of_level(new, level))


def _described(one: Mapping[str, Any]) -> str:
    return f"{one['name']}: {one['line']} ({', '.join([*map(str, one['actions']), *one['steps']])})"


def _of_level(competency: Mapping[str, Any], level: str) -> list[Indicator]:
    return indicators(competency, int(level)) if level in competency["levels"] else []


def _compare_indicators(start: str, old: list[Indicator], new: list[Indicator]) -> Iterable[Difference]:
    """Texts that stand in both are the same, wherever; of the rest the first belongs to the first, and so on."""
    kept = {one.text for one in old} & {one.text for one in new}
    gone, come = [[(n, one) for n, one in enumerate(some) if one.text not in kept] for some in (old, new)]
    for (_, before), (place, after) in zip(gone, come, strict=False):
        yield Difference("indicator", "reworded", letter_code(start, place), before.text, after.text)
    for place, before in gone[len(come) :]:
        yield Difference("indicator", "removed", letter_code(start, place), before.text)
    for place, after in come[len(gone) :]:
        yield Difference("indicator", "added", letter_code(start, place), "", after.text)
    prompts = {one.text: one.prompt for one in old}
    for place, after in enumerate(new):
        if after.text in kept and prompts[after.text] != after.prompt:
            yield Difference("prompt", "reworded", letter_code(start, place), prompts[after.text], after.prompt)


def letter_code(start: str, place: int) -> str:
    """PC1.2 and 1 (the second) -> PC1.2b."""
    return f"{start}{chr(ord('a') + place)}"


def compare_roles(old: Mapping[str, Any], new: Mapping[str, Any], moves: Moves) -> list[Difference]:
    """Role profiles that came and went, and targets that changed; those of a code that moved are read through it."""
    before = {role["code"]: role for role in old["roles"]}
    after = {role["code"]: role for role in new["roles"]}
    found = [Difference("role", "removed", code, role["name"]) for code, role in before.items() if code not in after]
    for code, role in after.items():
        if code not in before:
            found.append(Difference("role", "added", code, "", role["name"]))
            continue
        was_role, is_role = (_role_described(one) for one in (before[code], role))
        if was_role != is_role:
            found.append(Difference("role", "changed", code, was_role, is_role))
        targets = move_targets(before[code]["targets"], moves)
        for competency in dict.fromkeys([*targets, *role["targets"]]):
            was, now = targets.get(competency), role["targets"].get(competency)
            if was != now:
                found.append(Difference("target", "changed", f"{code}:{competency}", _number(was), _number(now)))
    return found


def _role_described(role: Mapping[str, Any]) -> str:
    offered = ", offered" if role["offered"] else ""
    return f"{role['name']} ({role['audience']}{offered}; {', '.join(role['functions'])})"


def move_targets(targets: Mapping[str, int], moves: Moves) -> dict[str, int]:
    """Targets by the codes that theirs became; where several became one, the highest."""
    found: dict[str, int] = {}
    for code, level in targets.items():
        for became in follow(code, moves):
            found[became] = max(level, found.get(became, 0))
    return found


def _number(level: int | None) -> str:
    return "" if level is None else str(level)
