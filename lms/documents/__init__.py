"""Pictures and papers made from plain data."""
