"""Mirrors lms/models."""
