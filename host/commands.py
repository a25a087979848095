"""`flask host ...`: what an operator does with accounts where no page is meant for it."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from host import accounts, doctor
from lms.errors import LmsError

group = AppGroup("host", help="Accounts of the first host: tables, invitations, who is let in.")


def init(app: Flask) -> None:
    """Add the commands, and answer when `flask lms doctor` asks about this host."""
    app.cli.add_command(group)
    doctor.init(app)


def _app() -> Flask:
    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return]


@group.command()
def prepare() -> None:
    """Create the host's tables where they are missing."""
    accounts.prepare(_app())
    click.echo("The host's tables are there.")


@group.command()
@click.argument("email")
@click.argument("name")
def invite(email: str, name: str) -> None:
    """Make an account for EMAIL and mail a link for choosing a password."""
    try:
        made = accounts.invite_now(_app(), email, name)
    except LmsError as error:
        raise click.ClickException(str(error)) from None
    for invitation in made:
        click.echo(f"{invitation.email}: {'mailed' if invitation.sent else invitation.link}")
    if not made:
        click.echo(f"{email} has an account with a password, or was refused with `flask host refuse`.")


@group.command()
@click.argument("email")
def refuse(email: str) -> None:
    """End the sessions of EMAIL and let nobody sign in with it."""
    _set_active(email, False)


@group.command()
@click.argument("email")
def admit(email: str) -> None:
    """Let EMAIL sign in again."""
    _set_active(email, True)


def _set_active(email: str, active: bool) -> None:
    try:
        accounts.set_active(_app(), email, active)
    except LmsError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{email} {'can sign in' if active else 'is refused'}.")
