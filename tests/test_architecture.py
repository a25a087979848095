"""The walls hold themselves: who imports whom, how big a drawer may be, which calls exist nowhere.

The table is that of the architecture: a room that no line names fails, and so does an import that its line lacks.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EVERY_ROOM = {
    "errors", "permissions", "rules", "questions", "exports", "content", "documents", "delivery", "models", "db",
    "services", "identity", "web", "demonstration", "settings", "jobs", "cli", "extension", "migrations", "schema",
    "backup", "doctor",
}  # fmt: skip

# room -> (rooms of lms it may import, what it may import from outside beside the standard library)
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "errors": (set(), set()),
    "permissions": ({"errors"}, set()),
    "rules": ({"errors"}, set()),
    "questions": ({"rules", "errors"}, {"wtforms"}),
    "exports": ({"models", "rules", "errors"}, {"sqlalchemy", "rustpy_xlsxwriter", "pyarrow"}),
    "content": (
        {"questions", "rules", "errors"},
        {"markdown_it", "mdit_py_plugins", "nh3", "pydantic", "yaml", "markdownify", "bs4"},
    ),
    "documents": ({"rules", "errors"}, {"segno", "PIL"}),
    "delivery": ({"errors"}, {"blinker", "jinja2", "cryptography"}),
    "models": ({"rules"}, {"sqlalchemy"}),
    "db": (set(), {"sqlalchemy"}),
    "services": (
        {"models", "rules", "questions", "exports", "permissions", "content", "documents", "errors"},
        # cryptography in those that open what a browser sealed and seal records, itsdangerous for reviewers' links
        {"sqlalchemy", "cryptography", "itsdangerous"},
    ),
    "identity": ({"services", "errors"}, {"flask", "flask_login"}),
    "web": (
        {"services", "questions", "exports", "documents", "identity", "permissions", "db", "errors"},
        # of sqlalchemy its errors and one type alone: a view asks a service, never the database
        {"flask", "flask_login", "flask_wtf", "wtforms", "babel", "markupsafe", "werkzeug", "jinja2", "nh3",
         "bootstrap_wrapper", "sqlalchemy.exc", "sqlalchemy.orm.Session"},
    ),
    "demonstration": ({"services", "models", "rules", "content", "permissions", "db", "errors"}, {"sqlalchemy"}),
    "settings": ({"errors"}, set()),
    "jobs": (
        {"services", "content", "delivery", "demonstration", "settings", "permissions", "db", "errors"},
        {"click", "rich"},
    ),
    "cli": (
        {"services", "content", "delivery", "demonstration", "settings", "permissions", "migrations", "backup",
         "doctor", "jobs", "db", "errors"},
        {"click", "rich", "flask", "sqlalchemy.exc", "cryptography"},
    ),
    "extension": (EVERY_ROOM, {"flask", "flask_login", "flask_babel", "sqlalchemy.URL"}),
    "migrations": ({"models", "schema", "db"}, {"alembic", "sqlalchemy"}),
    "schema": (set(), {"sqlalchemy"}),
    "backup": ({"models", "migrations", "schema", "db", "errors"}, {"sqlalchemy", "psycopg"}),
    "doctor": (
        {"services", "models", "schema", "content", "backup", "delivery", "identity", "settings", "db", "errors"},
        {"flask", "blinker", "jinja2", "sqlalchemy"},
    ),
}  # fmt: skip
WITHOUT_CODE = {"templates", "static", "translations", "__init__.py", "py.typed"}
# Standard library, but no way to a person's browser or disk may begin there.
BANNED_MODULES = {"pickle", "marshal", "shelve", "urllib.request", "requests", "httpx", "http.client"}
EGRESS: set[str] = set()  # files that may send something to another machine
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 40
NAMELESS = re.compile(r"(^|_)(util|utils|helper|helpers|common|manager|misc)($|_)")

PLUGIN = sorted((ROOT / "lms").rglob("*.py"))
HOST = [ROOT / "app.py", *sorted((ROOT / "host").rglob("*.py"))]
OURS = [*PLUGIN, *HOST, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]
PROGRAM = [*PLUGIN, *HOST]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT / "lms").parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Full dotted names, of `from x import y` as x.y; a relative import counts as its own room."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return tuple(found)


def begins(name: str, allowed: set[str]) -> bool:
    return any(name == entry or name.startswith(f"{entry}.") for entry in allowed)


@pytest.mark.parametrize("path", PLUGIN, ids=name_of)
def test_imports_stay_inside_the_table(path: Path) -> None:
    if path == ROOT / "lms" / "__init__.py":
        return
    room = room_of(path)
    assert room in ROOMS, f"{room} is a room that the table of the architecture does not name"
    rooms, outside = ROOMS[room]
    wrong = []
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "lms":
            known = rest.partition(".")[0] in rooms | {room}
        else:
            known = top in sys.stdlib_module_names or begins(name, outside)
        wrong += [] if known else [name]
    assert not wrong, f"{room} may not import {wrong}"


def test_every_entry_of_the_house_is_in_the_table() -> None:
    found = {entry.name for entry in (ROOT / "lms").iterdir() if entry.name != "__pycache__"}
    unnamed = found - WITHOUT_CODE - set(ROOMS) - {f"{room}.py" for room in ROOMS}
    assert not unnamed, f"no rule names {sorted(unnamed)}"
    both = {room for room in ROOMS if {room, f"{room}.py"} <= found}
    assert not both, f"a file and a folder of one name: {both}"


@pytest.mark.parametrize("path", PLUGIN, ids=name_of)
def test_nothing_in_the_plugin_imports_a_host(path: Path) -> None:
    assert not [name for name in imports(path) if begins(name, {"host", "app", "tests", "bench"})]


@pytest.mark.parametrize("path", HOST, ids=name_of)
def test_the_host_takes_nothing_from_tests(path: Path) -> None:
    assert not [name for name in imports(path) if begins(name, {"tests", "bench", "lms.web", "lms.cli"})]


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_drawers_stay_small(path: Path) -> None:
    if "versions" in path.parts:  # a migration is written once, by Alembic, and read from top to bottom
        return
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES, f"{len(text.splitlines())} lines"
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    sizes = {f.name: (f.end_lineno or 0) - f.lineno + 1 for f in functions}
    long = {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FUNCTION}
    assert not long, f"functions over {MOST_LINES_OF_A_FUNCTION} lines: {long}"
    assert not NAMELESS.search(path.stem), "nobody chose a name for this file"


def test_app_stays_an_ordinary_host() -> None:
    assert len((ROOT / "app.py").read_text().splitlines()) < 60


@pytest.mark.parametrize("path", OURS, ids=name_of)
def test_nothing_is_left_to_do(path: Path) -> None:
    assert not re.search(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b", path.read_text())


@cache
def calls(path: Path) -> tuple[str, ...]:
    """Every call as written before its bracket: `session.commit`, `eval`."""
    found = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    return tuple(map(ast.unparse, found))


BANNED_CALLS = re.compile(
    r"(^|\.)(session|db|reading\(\)|writing)\.get$"  # a row by its number, past every scope
    r"|\.query$|^(eval|exec|compile|__import__)$|(^|\.)(render_template_string|urlopen|extractall|from_string)$"
    r"|^yaml\.(load|unsafe_load|full_load)$"
)


@pytest.mark.parametrize("path", PROGRAM, ids=name_of)
def test_banned_calls_exist_nowhere(path: Path) -> None:
    found = [call for call in calls(path) if BANNED_CALLS.search(call)]
    if path != ROOT / "lms" / "web" / "pages.py":
        found += [call for call in calls(path) if call in ("Markup", "markupsafe.Markup")]
    if path != ROOT / "lms" / "db.py":
        found += [call for call in calls(path) if call.endswith(".commit")]
    if name_of(path) not in EGRESS:
        found += [name for name in imports(path) if begins(name, BANNED_MODULES)]
    assert not found


def test_results_come_and_fall_in_one_place() -> None:
    """Whoever marks again puts the new result in the place of the old one as everybody else does."""
    written = re.compile(r"(?<![a-z])AttemptResult\(|update\(AttemptResult\)|insert\(AttemptResult\)")
    rooms = (ROOT / "lms/services").glob("*.py")
    assert [path.name for path in rooms if written.search(path.read_text(encoding="utf-8"))] == ["submitting.py"]


@pytest.mark.parametrize("path", [p for p in PLUGIN if room_of(p) in ("rules", "questions")], ids=name_of)
def test_pure_rooms_read_no_clock(path: Path) -> None:
    assert not [call for call in calls(path) if re.search(r"\b(now|today|utcnow|time)$", call)]


# Codes, values and marked texts leave the services; a bare sentence could not be translated where it is shown.
SENTENCE = re.compile(r"^[A-Z]\w*\W.*[.:?!]$", re.DOTALL)
MARKS = {"N_", "gettext"}


def _sentences(node: ast.AST, marked: bool = False) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue  # a docstring
        inside = marked or (isinstance(child, ast.Call) and ast.unparse(child.func) in MARKS)
        value = child.value if isinstance(child, ast.Constant) else None
        if isinstance(value, str) and not inside and SENTENCE.match(value):
            yield value
        yield from _sentences(child, inside)


@pytest.mark.parametrize(
    "path", [p for p in PLUGIN if room_of(p) in ("services", "web", "errors", "permissions", "identity")], ids=name_of
)
def test_messages_are_marked_for_translation(path: Path) -> None:
    assert not list(_sentences(ast.parse(path.read_text())))
