"""Engines that know the statements of those before: else each test would put each statement into words anew."""

from typing import Any

import sqlalchemy
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

STATEMENTS: LRUCache[Any, Any] = LRUCache(5_000)
KNOWN: dict[object, Dialect] = {}  # what was worded for one dialect object is not found by another


def create_engine(url: Any, **given: Any) -> Engine:
    """SQLAlchemy's, with the dialect object and the statements of the engines of the same kind."""
    engine = sqlalchemy.create_engine(url, **given)
    kind = engine.dialect.name, engine.dialect.driver, given.get("isolation_level")
    if kind in KNOWN and KNOWN[kind].server_version_info:  # it was connected once, and has asked what it must know
        engine.dialect = KNOWN[kind]
    else:
        KNOWN[kind] = engine.dialect
    engine._compiled_cache = STATEMENTS
    return engine
