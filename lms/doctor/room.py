"""Room on the disks, and the backups that stand on one of them."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from lms.backup import read_manifest
from lms.db import Database
from lms.doctor.finding import Finding, advise, fine, wrong
from lms.errors import Invalid

MEGABYTE = 1024 * 1024
LEAST, LITTLE = 100 * MEGABYTE, 1024 * MEGABYTE
OLD = timedelta(hours=26)  # a nightly backup, and two hours in which to make it


def check_room(database: Database, instance: Path) -> list[Finding]:
    """The disks of the database's file and of the instance folder."""
    file = Path(str(database.url.database)) if database.is_sqlite and database.url.database else None
    size = file.stat().st_size if file is not None and file.is_file() else 0
    places = {"instance folder": (instance, 0)}
    if file is not None:
        places["database"] = (file.parent, size)
    return [_look(name, folder, needed) for name, (folder, needed) in places.items()]


def _look(name: str, folder: Path, needed: int) -> Finding:
    folder = folder.resolve()
    while not folder.exists():  # not made yet: what counts is the disk that it will be on
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return wrong("disk", f"{folder} ({name}) cannot be written to.", "Give it to the user that serves.")
    return judge_room(name, folder, shutil.disk_usage(folder).free, needed)


def judge_room(name: str, folder: Path, free: int, size: int) -> Finding:
    """Whether `free` bytes are enough beside something of `size` bytes that grows."""
    text = f"{free // MEGABYTE} MB free for the {name} ({folder})"
    if free < LEAST:
        return wrong("disk", f"{text}: soon nothing can be saved.", "Make room.")
    if free < max(LITTLE, size):
        return advise("disk", f"{text}, which holds {size // MEGABYTE} MB.", "Make room for another copy of it.")
    return fine("disk", f"{text}.")


def check_backups(folder: Path | None, now: datetime) -> list[Finding]:
    """Whether the folder of backups has room and a fresh one."""
    if folder is None:
        return []
    if not folder.is_dir():
        return [wrong("backups", f"there is no folder {folder}.", "Make it, and let a timer write backups into it.")]
    moments = []
    for path in folder.iterdir():
        try:
            moments.append(read_manifest(path).moment)
        except (Invalid, OSError):
            continue  # something else that lies there
    found = [_look("backups", folder, 0)]
    if not moments:
        return [*found, wrong("backups", f"there is none in {folder}.", f"flask lms backup {folder}/FILE")]
    text = f"{len(moments)} in {folder}, the newest of {max(moments):%Y-%m-%d %H:%M} UTC."
    if now - max(moments) > OLD:
        return [*found, wrong("backups", text, "It is more than a day old: does the timer run?")]
    return [*found, fine("backups", text)]
