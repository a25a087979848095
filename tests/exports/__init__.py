"""Layouts and formats of the exports."""
