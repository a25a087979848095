"""The generated matrix of access."""
