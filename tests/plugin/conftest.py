"""Furnished hosts over the small organisation."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lms.db import Database
from tests.conftest import fresh
from tests.plugin.houses import HOUSES, House, build, leave
from tests.site import filled_world

__all__ = ["filled_world"]

Move = Callable[..., House]


@pytest.fixture
def furnish(tmp_path: Path) -> Iterator[Move]:
    """furnish("office", database) builds that host over it; what it holds is let go of afterwards."""
    built: list[House] = []

    def make(name: str, database: Database, **how: bool) -> House:
        built.append(build(name, database, tmp_path, **how))
        return built[-1]

    yield make
    for house in built:
        leave(house)


@pytest.fixture
def postgresql(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The small organisation on PostgreSQL alone."""
    with fresh(request, "postgresql", filled=True) as made:
        yield made


@pytest.fixture(params=HOUSES)
def house(request: pytest.FixtureRequest, sqlite: Database, furnish: Move) -> House:
    """Each host in turn."""
    return furnish(request.param, sqlite)
