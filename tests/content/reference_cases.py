"""Faults of framework, roles, steps and paths."""

from tests.content.case import Case
from tests.content.sample import FRAMEWORK

FRAME, ROLES, STEPS, PATHS = "framework.yaml", "roles.yaml", "steps.yaml", "paths.yaml"

REFERENCE_CASES = [
    Case("no framework", FRAME, "", None, 1, 1, "the file is missing"),
    Case(
        "competency twice",
        FRAME,
        "competencies:\n",
        "competencies:\n" + FRAMEWORK.split("competencies:\n")[1],
        19,
        11,
        "competency 'PC1' twice",
    ),
    Case("level twice", FRAME, "{level: 2,", "{level: 1,", 5, 13, "level '1' twice"),
    Case("missing indicators", FRAME, "      3: [Helps]\n", "", 15, 7, "has no indicators of level 3"),
    Case("level 5", FRAME, "      4: [Changes]", "      4: [Changes]\n      5: [x]", 19, 7, "at most 4"),
    Case("unknown step of a competency", FRAME, "steps: [S1]", "steps: [S2]", 13, 13, "unknown step 'S2'"),
    Case("unknown function", ROLES, "[grants]", "[grant]", 6, 17, "unknown function 'grant'; did you mean 'grants'?"),
    Case("function of two roles", ROLES, "[grants]", "[grants, grants]", 6, 25, "profile of function 'grants' twice"),
    Case("unknown target", ROLES, "{PC1: 2}", "{PC7: 2}", 7, 15, "unknown competency 'PC7'"),
    Case("unknown audience of a role", ROLES, "audience: staff", "audience: all", 5, 15, "'everyone', not 'all'"),
    Case(
        "function twice",
        ROLES,
        "  - {code: grants, name: Grants}",
        "  - {code: grants, name: G}\n  - {code: grants, name: G}",
        10,
        12,
        "function 'grants' twice",
    ),
    Case(
        "step twice",
        STEPS,
        "partner_types:",
        "  - {id: S1, name: X, line: Y}\npartner_types:",
        4,
        10,
        "step 'S1' twice",
    ),
    Case(
        "path twice",
        PATHS,
        "courses: [M01, M99]}",
        "courses: [M01]}\n  - {code: induction, name: I, line: L, courses: [M01]}",
        4,
        12,
        "path 'induction' twice",
    ),
    Case("course twice in a path", PATHS, "[M01, M99]", "[M01, M01]", 3, 70, "course 'M01' twice"),
]
