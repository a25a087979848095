"""The main way: assigned, read, answered, passed, withdrawn."""
