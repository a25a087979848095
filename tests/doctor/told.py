"""What the doctor tells of an app."""

from pathlib import Path

from flask import Flask

from lms.doctor import Finding, State
from lms.doctor.examination import examine


def told(app: Flask, state: State, backups: Path | None = None) -> list[Finding]:
    """The findings of a state. A PostgreSQL of the tests runs without fsync, which the doctor rightly refuses."""
    found = [finding for finding in examine(app, backups) if finding.state == state]
    return [finding for finding in found if "fsync" not in finding.text]


def words(findings: list[Finding]) -> str:
    """Their texts, to look in."""
    return "\n".join(f"{finding.about}: {finding.text} {finding.advice}" for finding in findings)
