"""The wheel holds all that the plugin needs: put into an empty environment, it serves a small host.

The environment gets what the wheel declares, what that declares in turn, and nothing else; it is taken from the disk,
so that the test needs no network.
"""

import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from packaging.requirements import Requirement

from tests.content.sample import GOOD, write_library
from tests.docs.pages import ROOT, blocks

PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
HOST = blocks(ROOT / "docs" / "integrators.md", "python")[0]  # fifteen lines


def declared() -> list[str]:
    """The dependencies of the wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as docs/integrators.md says."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True)
    [made] = folder.glob("*.whl")
    return made


def test_the_dependencies_are_those_of_requirements_txt() -> None:
    first_part = (ROOT / "requirements.txt").read_text(encoding="utf-8").split("# The first host")[0]
    assert declared() == [line for line in first_part.splitlines() if line and not line.startswith("#")]


def test_every_file_of_the_plugin_is_in_it_and_nothing_else(wheel: Path) -> None:
    files = {path for path in (ROOT / "lms").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    kinds = {path.suffix for path in files}
    assert kinds >= {".py", ".html", ".css", ".js", ".po", ".typed"}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert held == {path.relative_to(ROOT).as_posix() for path in files}
        assert all(archive.read(name) == (ROOT / name).read_bytes() for name in held)


def needed(names: list[str]) -> dict[str, Distribution]:
    """The distributions that these requirements ask for, directly or not; each is of a version that was asked for."""
    found: dict[str, Distribution] = {}
    waiting, seen = [Requirement(name) for name in names], set()
    while waiting:
        requirement = waiting.pop()
        if str(requirement) in seen:
            continue
        seen.add(str(requirement))
        one = found[requirement.name.lower()] = distribution(requirement.name)
        assert requirement.specifier.contains(one.version), f"{requirement}, found {one.version}"
        inner = [Requirement(text) for text in one.requires or []]
        for extra in ("", *requirement.extras):
            waiting += [one for one in inner if one.marker is None or one.marker.evaluate({"extra": extra})]
    return found


@pytest.fixture
def python(wheel: Path, tmp_path: Path) -> Path:
    """The interpreter of an environment with the wheel and its dependencies alone."""
    folder = tmp_path / "empty"
    venv.create(folder, symlinks=True)
    [packages] = folder.glob("lib/python*/site-packages")
    for one in needed(declared()).values():
        for top in {path.parts[0] for path in one.files or [] if path.parts[0] not in ("..", "__pycache__")}:
            if not (packages / top).exists():
                (packages / top).symlink_to(Path(str(one.locate_file(top))))
    made = folder / "bin" / "python"
    subprocess.run([*PIP, "--python", made, "install", "--no-deps", "--no-index", wheel], check=True)
    subprocess.run([*PIP, "--python", made, "check"], check=True)
    return made


@pytest.fixture
def host(python: Path, tmp_path: Path) -> Iterator[str]:
    """The fifteen lines of docs/integrators.md, served; the address."""
    (tmp_path / "app.py").write_text(HOST, encoding="utf-8")
    flask = [python, "-m", "flask", "--app", "app"]
    plain = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    for words in (["lms", "upgrade"], ["lms", "load", write_library(tmp_path / "courses", GOOD)]):
        subprocess.run([*flask, *words], cwd=tmp_path, env=plain, check=True, capture_output=True)
    server = subprocess.Popen(
        [*flask, "run", "--port", "0"],
        cwd=tmp_path,
        env=plain,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert server.stderr is not None
    address = next(found[1] for line in server.stderr if (found := re.search(r"Running on (http://\S+)", line)))
    yield address
    server.terminate()
    server.wait()
    server.stderr.close()


def test_a_host_of_fifteen_lines_serves_it(host: str, python: Path, tmp_path: Path) -> None:
    look = "import lms; print(lms.__file__); import flask_security"  # which only the first host needs
    found = subprocess.run([python, "-c", look], cwd=tmp_path, capture_output=True, text=True)
    assert found.stdout.startswith(str(python.parents[1])), "not the checkout's"
    assert "ModuleNotFoundError: No module named 'flask_security'" in found.stderr
    browser = build_opener(HTTPCookieProcessor())
    pages = {}
    for language in ("en", "fr"):
        with browser.open(Request(f"{host}/learn/", headers={"Accept-Language": language})) as page:
            pages[language] = page.read().decode()
    assert "Begin my learning record" in pages["en"]
    assert "Ouvrir mon dossier de formation" in pages["fr"]
    for sheet in re.findall(r'href="(/learn/static/[^"]+)"', pages["en"]):
        with browser.open(host + sheet) as file:
            assert file.headers["Content-Type"].startswith("text/css")
            assert b".lms-" in file.read() or "bootstrap" in sheet
