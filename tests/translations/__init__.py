"""Mirrors lms/translations."""
