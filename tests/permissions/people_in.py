"""The part of the policy that is about HR's files of people; policy.py puts it in.

Row 26 of the matrix: HR for the units that they were set over, administrators for all. Whoever sent a file explains it
and has it taken in; somebody else in scope sees it, and approves it where it waits for that.
"""

from typing import Any

NAMING = ("people_file", "refused_people", "unions", "part_people")  # who takes people in sees who is in the file
SENT = {"ingrid": {"ingrid", "nadia"}, "sam": {"ingrid", "nadia"}, "nadia": {"nadia"}}  # who sees whose


def seen(person: str) -> set[str]:
    return SENT.get(person, set())


def of_others(person: str) -> set[str]:
    return seen(person) - {person}


def proposed(person: str) -> set[str]:
    """Whoever proposed that two records are one person's does not agree to it."""
    return seen(person) & {person}


def seen_united(person: str) -> set[str]:
    """One of the two works in no unit: HR of everything sees it, and administrators."""
    return seen(person) & {"ingrid"} if person != "nadia" else set()


def cells() -> dict[tuple[str, str], Any]:
    """Sending a file, saying what its headers mean, looking at it and deciding on it."""
    from tests.permissions.policy import ADMINISTRATORS, HR, WRITTEN, Cell

    who, headers = HR | ADMINISTRATORS, ("given_name", "family_name", "work_email", "unit_code")
    return {
        ("people_files", "GET"): Cell("/hr/people", who),
        # Without a file; with one: tests/web/test_people_files.py
        ("people_files", "POST"): Cell("/hr/people", who, ends=(422,)),
        ("people_columns", "GET"): Cell("/hr/people/{}/columns", who, "unexplained file", seen, barred=of_others),
        ("people_columns", "POST"): Cell(
            "/hr/people/{}/columns", who, "unexplained file", seen, barred=of_others, ends=(302,),
            send={f"column-{place}": name for place, name in enumerate(headers)}, changes=("import_steps", "jobs"),
        ),
        ("people_file", "GET"): Cell("/hr/people/{}", who, "people file", seen),
        ("decide_people_file", "POST"): Cell(
            "/hr/people/{}/decide", who, "people file", seen, barred=of_others, ends=(302,),
            send={"act": "take"}, changes=("import_steps", "jobs", *WRITTEN),
        ),
        ("unions", "GET"): Cell("/hr/people/unions", who),
        ("unions", "POST"): Cell("/hr/people/unions", who, ends=(422,)),  # without names: tests/services/test_uniting
        ("decide_union", "POST"): Cell(
            "/hr/people/unions/{}", who, "union", seen, barred=proposed, ends=(302,),
            send={"accept": "0"}, changes=("union_decisions", *WRITTEN),
        ),
        ("part_people", "POST"): Cell(
            "/hr/people/unions/{}/part", who, "united", seen_united, ends=(302,),
            send={"reason": "Two people"}, changes=("union_ends", "fact_texts", "people", *WRITTEN),
        ),
        ("refused_people", "GET"): Cell("/hr/people/{}/refused.csv", who, "people file", seen),
    }  # fmt: skip
