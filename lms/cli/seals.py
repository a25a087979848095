"""`flask lms seal` and `verify`: the order of the records, its seals, and whether anybody changed what is sealed."""

import os
import sys
from functools import partial
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.delivery.seal_key import read_key, write_key
from lms.services import seals
from lms.services.chain import Fault, Head, public_of
from lms.services.seal_checks import read_head

WORDS = {
    "order": "seal {seal} does not follow the seal before it",
    "key": "seal {seal} is signed by a key that nobody vouches for, or by an older one than the seal before it",
    "signature": "the signature of seal {seal} is false",
    "gap": "position {place} (seal {seal}) is empty: its place was deleted or moved",
    "missing": "the record of position {place} (seal {seal}) was deleted",
    "changed": "the record of position {place} (seal {seal}) is not what was sealed",
    "added": "position {place} was added: no seal covers it",
    "records": "the places of seal {seal}, from position {place} on, are not those that were sealed",
    "head": "seal {seal}, from position {place} on, is not the one of the head that was kept",
    "cut": "the order ends before position {place}: what followed up to the head that was kept was cut off",
    "seal": "the columns of seal {seal} do not say what was signed",
}


@lms_commands.command()
@click.option("--new-key", is_flag=True, help="Make a pair of keys; seals from now on are signed with it.")
@click.option("--head", is_flag=True, help="Print the head of the last seal and do nothing: keep it outside.")
@click.option("--public-key", is_flag=True, help="Print the public keys, the first one first, and do nothing.")
@click.option("--export", type=click.Path(path_type=Path), help="Write the whole chain to this file.")
@plain_errors
def seal(new_key: bool, head: bool, public_key: bool, export: Path | None) -> None:
    """Seal the records that wait for it, or see to the keys; the worker seals once an hour by itself."""
    database, path = plugin().database, Path(plugin().seal_key)
    if new_key:
        _renew(path)
    elif head or public_key:
        with database.read() as session:
            told = [seals.get_head(session)] if head else [key.public for key in seals.list_keys(session)]
        click.echo("\n".join(map(str, told)))
    elif export:
        with database.snapshot() as session, export.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in seals.export_chain(session, acting()))
        click.echo(f"The chain is in {export}.")
    else:
        private = read_key(path)
        if private is None:
            click.echo(f"There is no key in {path}. Make one: flask lms seal --new-key", err=True)
            sys.exit(1)
        database.in_slices(partial(_slice, private=private))
        with database.read() as session:
            click.echo(seals.get_head(session))


def _slice(session: object, after: int, *, private: Ed25519PrivateKey) -> int | None:
    return seals.seal_slice(session, acting(), payload={}, after=after, private=private)  # type: ignore[arg-type]


def _renew(path: Path) -> None:
    """The new file is whole before the database knows the key, and takes the old one's place after that: killed in
    between, the old key goes on, and the command can be given again."""
    new, beside = Ed25519PrivateKey.generate(), path.with_name(f"{path.name}.new")
    write_key(beside, new)
    with plugin().database.transaction() as session:
        is_vouched = seals.add_key(session, acting(), new=new, old=read_key(path))
    os.replace(beside, path)
    click.echo(f"The private key is in {path}. The public key, to be kept outside:\n{public_of(new)}")
    if not is_vouched:
        click.echo("The key before was not there to vouch for it: whoever verifies needs both public keys.", err=True)


@lms_commands.command()
@click.option("--head", default="", metavar="POSITION:HASH", help="A head that was kept: the tail was not cut off.")
@click.option("--export", type=click.Path(path_type=Path, exists=True), help="Check this exported chain instead.")
@click.option("--public-key", type=click.Path(path_type=Path, exists=True), help="A file of public keys, one a line.")
@plain_errors
def verify(head: str, export: Path | None, public_key: Path | None) -> None:
    """Say which sealed record was changed, deleted, put in or moved first, or that none was; exit 1 if any."""
    kept = _read_head(head)
    trusted = public_key.read_text(encoding="utf-8").split() if public_key else []
    if export:
        if not trusted:
            raise click.UsageError("An export is checked with a public key that came another way: --public-key FILE")
        with export.open(encoding="utf-8") as file:
            fault, end = seals.verify_export(iter(file), trusted=trusted, kept=kept)
    else:
        with plugin().database.snapshot() as session:
            fault, end = seals.verify(session, acting(), kept=kept, trusted=trusted)
    if fault:
        click.echo(f"Wrong: {_told(fault)}.", err=True)
        sys.exit(1)
    click.echo(f"{end.position} records are as they were sealed. The head is {end}")
    if not kept:
        click.echo("With --head POSITION:HASH, as it was kept outside, a tail that was cut off is found too.")


def _told(fault: Fault) -> str:
    if fault.what.startswith("unsealed "):
        _word, kind, number = fault.what.split()
        return f"{kind} {number} was put in where all had been sealed before"
    return WORDS[fault.what].format(place=fault.place, seal=fault.seal)


def _read_head(head: str) -> Head | None:
    if not head:
        return None
    found = read_head(head)
    if not found:
        raise click.UsageError("--head is POSITION:HASH, as flask lms seal --head prints it.")
    return found
