"""The part of the policy that is about leave; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """The line manager and HR in scope enter it, nobody their own."""
    from tests.permissions.policy import HR, MANAGERS, WRITTEN, Cell, overseen, own, reports

    def in_sight(person: str) -> set[str]:
        return reports(person) | overseen(person)

    return {
        ("leave", "GET"): Cell("/people/{}/leave", MANAGERS | HR, "person", in_sight, barred=own),
        ("leave", "POST"): Cell(
            "/people/{}/leave", MANAGERS | HR, "person", in_sight, barred=own, ends=(302,),
            send={"first": "2027-03-01", "last": "2027-03-10"}, changes=("leaves", *WRITTEN),
        ),
    }  # fmt: skip
