"""Reads and checks the courses folder: files in, dataclasses and faults out."""
