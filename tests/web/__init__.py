"""Mirrors lms/web."""
