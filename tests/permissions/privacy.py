"""The part of the policy that is about what is kept of people, and erasing them; policy.py puts it in."""

from typing import Any

from tests.filled import PEOPLE


def seen(person: str, endpoint: str) -> set[str]:
    """Administrators see who asked to be erased, and who accepted it."""
    return set(PEOPLE) if person == "sam" and endpoint == "erasures" else set()


def cells() -> dict[tuple[str, str], Any]:
    """One's own for everybody; HR of the unit decides, an administrator lets it be done, neither about themselves."""
    from tests.permissions.policy import ADMINISTRATORS, HR, WRITTEN, Cell, overseen, own

    def everybody(_person: str) -> set[str]:
        return set(PEOPLE)

    return {
        ("privacy", "GET"): Cell("/privacy"),
        ("own_data", "GET"): Cell("/privacy/own-data.zip"),
        ("ask_erasure", "POST"): Cell("/privacy/erasure", ends=(302, 422)),  # 422 for who has asked
        ("erasures", "GET"): Cell("/erasures", HR | ADMINISTRATORS),
        ("decide_erasure", "POST"): Cell(
            "/erasures/{}", HR, "erasure", overseen, barred=own, ends=(302,),
            send={"accept": "1", "reason": "You have left."}, changes=("erasure_decisions", "fact_texts", *WRITTEN),
        ),
        ("run_erasure", "POST"): Cell(
            "/erasures/{}/run", ADMINISTRATORS, "accepted erasure", everybody, barred=own, ends=(302,),
            changes=("jobs", *WRITTEN),
        ),
    }  # fmt: skip
