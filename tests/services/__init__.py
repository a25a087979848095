"""Mirrors lms/services."""
