"""Pictures and papers."""
