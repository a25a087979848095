"""The private key that seals are signed with: a file outside of the database, readable by its owner alone."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def read_key(path: Path) -> Ed25519PrivateKey | None:
    """The key of a file, or None where there is no file. Raises ValueError for a file that is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None


def find_key(path: Path) -> Ed25519PrivateKey | None:
    """The key where there is one that can be read; the doctor says what is wrong with another."""
    try:
        return read_key(path)
    except (OSError, ValueError):
        return None


def read_or_make_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file, which is made where there is none."""
    key = read_key(path)
    if key is None:
        key = Ed25519PrivateKey.generate()
        write_key(path, key)
    return key


def write_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Write it so that nobody else can read it, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
