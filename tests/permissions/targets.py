"""The part of the policy that is about targets and the versions of the framework; policy.py puts it in."""

from typing import Any

from tests.filled import PARTNERS


def cells() -> dict[tuple[str, str], Any]:
    """Targets are set by the line manager and by HR in scope; those of partner staff by their own side alone."""
    from tests.permissions.policy import ADMINISTRATORS, HR, MANAGERS, WRITTEN, Cell, overseen, reports

    def in_sight(person: str) -> set[str]:
        return reports(person) | overseen(person)

    def not_theirs_to_set(person: str) -> set[str]:
        return {person} | (set() if person in PARTNERS else set(PARTNERS))

    return {
        ("choose_targets", "POST"): Cell(
            "/targets", frozenset(PARTNERS), ends=(302,), send={"taken": "1"},
            changes=("target_choices", *WRITTEN),
        ),
        ("person_targets", "GET"): Cell(
            "/people/{}/targets", MANAGERS | HR, "person", in_sight, barred=not_theirs_to_set
        ),
        ("person_targets", "POST"): Cell(
            "/people/{}/targets", MANAGERS | HR, "person", in_sight, barred=not_theirs_to_set, ends=(302,),
            send={"competency": "PC1", "level": "3", "reason": "A wider post."},
            changes=("targets", "fact_texts", *WRITTEN),
        ),
        ("frameworks", "GET"): Cell("/frameworks", ADMINISTRATORS),
    }  # fmt: skip
