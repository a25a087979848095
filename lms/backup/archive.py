"""The file of a backup: a zip of the database's dump and a manifest that says what the dump must be."""

import hashlib
import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO

from lms.errors import Conflict, Invalid

FORMAT = 1
MANIFEST = "manifest.json"
PIECE = 1024 * 1024
FAULTY = "%(file)s is not a whole backup (%(why)s). Nothing was changed. Take another one."


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `made_at` is the moment that its records are of."""

    kind: str  # sqlite or postgresql
    schema: str
    tables_version: str
    prefixes: list[str]
    made_at: str
    rows: dict[str, int]
    program: str = ""
    sha256: str = ""
    bytes: int = 0
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """`made_at` as an instant."""
        return datetime.fromisoformat(self.made_at)

    @property
    def member(self) -> str:
        """The name of the dump in the zip."""
        return f"database.{self.kind}"


def program_version() -> str:
    """The version of the installed package; "checkout" where it runs from its sources."""
    names = metadata.packages_distributions().get("lms")
    return metadata.version(names[0]) if names else "checkout"


def pack(dump: Path, manifest: Manifest, target: Path) -> Manifest:
    """Write the backup beside the target, read it back, and move it there whole. Raises Conflict for a taken name."""
    if target.exists():
        raise Conflict("%(file)s exists already. A backup never takes the place of another.", file=str(target))
    with dump.open("rb") as content:
        sha256, size = _digest(content)
    whole = replace(manifest, sha256=sha256, bytes=size, program=program_version())
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # it holds people's records
    try:
        with os.fdopen(handle, "w+b") as file:
            # pg_dump's own format is compressed already.
            how = zipfile.ZIP_DEFLATED if whole.kind == "sqlite" else zipfile.ZIP_STORED
            with zipfile.ZipFile(file, "w", how, compresslevel=3) as packed:
                packed.writestr(MANIFEST, json.dumps(asdict(whole), indent=2))
                packed.write(dump, whole.member)
            file.flush()
            os.fsync(file.fileno())
        with zipfile.ZipFile(partial) as packed, packed.open(whole.member) as content:
            if _digest(content) != (sha256, size):
                raise OSError(f"{partial} reads otherwise than it was written: is the disk sound?")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return whole


def read_manifest(source: Path) -> Manifest:
    """What a backup says of itself. Raises Invalid for what is no backup, OSError for what cannot be read."""
    try:
        with zipfile.ZipFile(source) as packed:
            given = json.loads(packed.read(MANIFEST))
        if given.get("format") != FORMAT:
            raise Invalid("%(file)s was made by a newer program. Install that one to restore it.", file=str(source))
        manifest = Manifest(**given)
        _ = manifest.moment
    except (zipfile.BadZipFile, KeyError, TypeError, AttributeError, ValueError, EOFError) as error:
        raise Invalid(FAULTY, file=str(source), why=type(error).__name__) from None
    return manifest


def unpack(source: Path, manifest: Manifest, target: Path) -> None:
    """Write the dump out, and hold it against the manifest. Raises Invalid."""
    try:
        with zipfile.ZipFile(source) as packed, packed.open(manifest.member) as content, target.open("wb") as out:
            found = _digest(content, out)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise Invalid(FAULTY, file=str(source), why=type(error).__name__) from None
    if found != (manifest.sha256, manifest.bytes):
        raise Invalid(FAULTY, file=str(source), why="its SHA-256 is another")


def _digest(content: IO[bytes], out: IO[bytes] | None = None) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := content.read(PIECE):
        digest.update(piece)
        size += len(piece)
        if out is not None:
            out.write(piece)
    return digest.hexdigest(), size
