"""The sample library on the disk."""

from pathlib import Path

import pytest

from tests.content.sample import GOOD, write_library


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A good library in a folder called courses."""
    return write_library(tmp_path / "courses", GOOD)
