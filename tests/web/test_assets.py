"""The script's modules: they find one another, under addresses that change with any of them."""

import re

import pytest

from lms.web.assets import FILES, MODULES, OWN, modules_folder
from tests.site import PREFIX, Site

IMPORT = re.compile(r'^import .* from "\./([\w.]+)";$', re.MULTILINE)


def test_every_module_imports_only_modules() -> None:
    reached, waiting = set(), ["quiz.js"]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        text = (OWN / name).read_text(encoding="utf-8")
        assert text.count("import ") == len(IMPORT.findall(text)), name
        waiting += set(IMPORT.findall(text)) - reached
    assert reached == set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_kept_for_a_year_under_its_own_address_alone(site: Site, name: str) -> None:
    cases = ((f"{modules_folder()}/", "max-age=31536000"), ("0123456789/", "no-cache"), ("", "no-cache"))
    for folder, kept in cases:
        with site.get(None, f"/static/{folder}{name}") as answer:
            assert answer.status_code == 200
            assert answer.mimetype == "text/javascript"
            assert kept in answer.headers["Cache-Control"]


def test_nothing_else_lies_in_a_folder(site: Site) -> None:
    for path in ("x/lms.css", f"{modules_folder()}/waiting.js", "x/quiz.jsx"):
        assert site.get(None, f"/static/{path}").status_code == 404, path


def test_scripts_are_short_and_load_nothing_from_elsewhere() -> None:
    for name in FILES:
        if name.endswith(".js"):
            text = (OWN / name).read_text(encoding="utf-8")
            assert text.count("\n") <= 300, name
            assert not re.search(r"https?://|eval\(|innerHTML|insertAdjacentHTML|document\.write", text), name
    assert (OWN / "waiting.js").stat().st_size <= 1024


def test_the_quizs_page_names_them(site: Site) -> None:
    ref = next(iter(site.refs["open attempt"].values()))
    page = site.get("amina", f"/attempts/{ref}").text
    for name in MODULES:
        assert f'<link rel="modulepreload" href="{PREFIX}/static/{modules_folder()}/{name}">' in page
    assert f'<script type="module" src="{PREFIX}/static/{modules_folder()}/quiz.js"></script>' in page
