"""The site of these tests."""

from tests.site import filled_world, site

__all__ = ["filled_world", "site"]
