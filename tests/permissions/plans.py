"""The part of the policy that is about plans between two sides; policy.py puts it in."""

from typing import Any


def cells() -> dict[tuple[str, str], Any]:
    """Who reads, signs and carries over, and what each writes."""
    from tests.permissions.policy import HR, MANAGERS, WRITTEN, Cell, own, reports

    return {
        ("carry_over", "POST"): Cell(
            "/plan/objectives/{}/carry", kind="old objective", reach=own, ends=(302,), changes=("objectives", *WRITTEN)
        ),
        ("plan_ideas", "GET"): Cell("/plan/ideas"),
        ("own_plan", "GET"): Cell("/plans/{}", kind="plan", reach=own),
        ("print_plan", "GET"): Cell("/plans/{}/print", kind="plan", reach=own),
        ("act_on_plan", "POST"): Cell(  # who has no line manager shares with nobody, and so says nothing
            "/plans/{}/acts", kind="plan", reach=own, ends=(302, 409),
            send={"kind": "comment", "holds": "1", "text": "Thank you"},
        ),
        ("plan_note", "GET"): Cell("/plans/{}/note", kind="plan", reach=own),
        ("plan_note", "POST"): Cell(
            "/plans/{}/note", kind="plan", reach=own, ends=(302,), send={"text": "For me"}, changes=("plan_notes",)
        ),
        ("team_plan", "GET"): Cell("/team/plans/{}", MANAGERS, "shared plan", reports),
        ("act_on_team_plan", "POST"): Cell(
            "/team/plans/{}/acts", MANAGERS, "shared plan", reports, ends=(302,),
            send={"kind": "comment", "holds": "1", "text": "Thank you"},
            changes=("plan_acts", "fact_texts", *WRITTEN),
        ),
        ("plan_stages", "GET"): Cell("/hr/plans", HR),
        ("add_item", "GET"): Cell("/plan/objectives/{}/items", kind="objective", reach=own),
    }  # fmt: skip
