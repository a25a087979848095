"""The course of six questions, of which the sixth has a wrong key, for the tests of recalls."""

import pytest

from tests.many_attempts import publish_wide


@pytest.fixture
def wide(database, tmp_path):
    publish_wide(database, tmp_path / "wide")
    return database


@pytest.fixture
def mended(wide, tmp_path):
    """Attempts come before it; call it to publish the version whose key is right."""
    return lambda: publish_wide(wide, tmp_path / "mended", mended=True)
