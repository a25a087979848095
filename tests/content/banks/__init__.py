"""Question banks of other programs: read, written, broken."""
