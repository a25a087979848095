"""Mirrors lms/rules."""
