"""The part of the policy that is about the seals over the records; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """HR and administrators see counts and hashes, and everybody how a file is checked."""
    from tests.permissions.policy import ADMINISTRATORS, HR, PUBLIC, WRITTEN, Cell

    return {
        ("verify_records", "GET"): Cell("/verify/records", door=PUBLIC),
        ("seals", "GET"): Cell("/seals", HR | ADMINISTRATORS),
        ("check_seals", "POST"): Cell("/seals/check", HR | ADMINISTRATORS, ends=(302,), changes=("jobs", *WRITTEN)),
    }
