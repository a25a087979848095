"""Faults that are put in on purpose, each as a patch; the one test that fits has to fail, and for the right reason.

A test of this folder that no patch can make fail would show nothing. A patch that does not apply any more fails too:
write it anew against the code as it is.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.serving import ROOT
from tests.faults.sizes import FORM, SEED

PATCHES = ROOT / "tests" / "faults" / "seeded"
COPIED, LINKED = ("lms", "host", "tests"), ("app.py", "templates", "courses", "pyproject.toml")
POINTS = "test_points.py::test_a_kill_at_every_point_leaves_all_or_nothing[sqlite-{}]"
WORKERS = "test_workers.py::test_no_kill_loses_or_doubles_a_mail[sqlite-1]"
# patch -> the test that has to fail, and what it has to say
CAUGHT = {
    "acknowledge_before_commit": (POINTS.format("save"), r"acknowledged, and it has not happened"),
    "no_unique_id": (POINTS.format("save"), r"sent again, the effect differs"),
    "two_transactions": (POINTS.format("submit"), r"half of it happened|results and their traces: 1 and 0"),
    "synchronous_normal": (
        "test_order.py::test_each_answer_leaves_after_what_it_says_is_kept[sqlite]", r"assert trace.too_early == \[\]",
    ),
    "client_clock": (
        "test_deadline.py::test_each_answer_around_the_deadline_is_counted_graced_or_held[sqlite]",
        r"after the deadline",
    ),
    "blank_overwrites": (
        "test_tabs.py::test_what_stands_is_never_replaced_unknowingly[sqlite]", r"is_told|standing\.id|ruled",
    ),
    "retry_with_a_new_id": ("test_cuts.py::test_no_cut_loses_or_doubles_anything[sqlite]", r"is there \d+ times"),
    "counted_before": ("test_limits.py::test_the_last_attempt_is_given_once[sqlite]", r"assert 11 == 10"),
    "deferred_begin": (
        "test_limits.py::test_the_last_attempt_is_given_once[sqlite]", r"the other does not come to the lock",
    ),
    "sent_before_it_is_recorded": (WORKERS, r"came 2 times, and 0 are in doubt"),
    "mail_without_key": (
        "test_workers.py::test_a_kill_after_the_mails_are_written_tells_nobody_again[sqlite]",
        r"of assignment \S+ ([5-9]|\d\d+) are told",
    ),
    "resend_not_compared": ("test_tabs.py::test_an_id_is_not_good_for_a_second_answer[sqlite]", r"DID NOT RAISE"),
}  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the tests need of this checkout, to be spoilt."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name)  # with what is compiled: it is as old as its source
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    return folder


def spoil(copy: Path, name: str) -> None:
    """Apply a patch, all of it and exactly where it belongs."""
    done = subprocess.run(
        ["git", "apply", "-p1", str(PATCHES / f"{name}.patch")],
        cwd=copy, env={**os.environ, "GIT_CEILING_DIRECTORIES": str(copy.parent)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, f"{name} does not apply any more: {done.stderr}"


def test_each_patch_has_its_test() -> None:
    assert {path.stem for path in PATCHES.glob("*.patch")} == set(CAUGHT)


@pytest.mark.skipif(FORM == "seeded", reason="this is such a copy")
@pytest.mark.parametrize("name", CAUGHT)
def test_a_seeded_fault_is_caught(name: str, copy: Path, sqlite_field: Path) -> None:
    spoil(copy, name)
    test, reason = CAUGHT[name]
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("LMS_", "PYTEST_"))}
    environ |= {"FAULTS": "seeded", "FAULTS_FIELD": str(sqlite_field), "FAULTS_SEED": str(SEED)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist",
         f"--basetemp={copy.parent}/of-the-copy", f"tests/faults/{test}"],
        cwd=copy, env=environ, capture_output=True, text=True,
    )  # fmt: skip
    if name == "synchronous_normal" and done.returncode == 0 and "1 skipped" in done.stdout:
        pytest.skip("this system lets nobody trace a process")
    assert done.returncode == 1, f"{name} went unnoticed by {test}: {done.stdout[-3000:]}"
    assert re.search(reason, done.stdout), f"{name} was noticed, but not for what it is: {done.stdout[-3000:]}"
    print(f"{name}: caught by {test}, FAULTS_SEED={SEED}")
