"""`python -m tests.browser_needed`, which `make test` runs first: Chromium is there, is installed, or is missed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """The path of an installed Chromium."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def install_chromium() -> None:
    """Debian's package, where we are root and apt is there."""
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    subprocess.run(
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
        check=False,
        **quiet,
    )


def main() -> int:
    """0 when there is a browser, or when tests may do without; 1 in CI without one."""
    if find_chromium():
        return 0
    if os.geteuid() == 0 and Path("/usr/bin/apt-get").exists():
        print("Installing Chromium for the browser tests ...", flush=True)
        install_chromium()
    if find_chromium():
        return 0
    print("Chromium is missing: the browser tests will be skipped. Install it (Debian: apt install chromium).")
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
