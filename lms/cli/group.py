"""What every command shares: the group, the plugin of the app, the operator who acts, errors without a trace."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from lms.delivery.host import invite
from lms.errors import FaultyFile, Invalid, LmsError
from lms.permissions import Actor, operator


class Commands(AppGroup):
    """Loads the commands when one is asked for: YAML, pydantic and others would be dead weight in a web process."""

    def load(self) -> None:
        """Register every command."""
        from lms.cli import (  # noqa: F401
            assignments,
            backups,
            content,
            demonstration,
            exports,
            frameworks,
            installation,
            levels,
            people,
            questions,
            records,
            reminders,
            reports,
            seals,
            subjects,
            worker,
        )

    def list_commands(self, context: click.Context) -> list[str]:
        """The names of all commands."""
        self.load()
        return super().list_commands(context)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of this name, or None."""
        self.load()
        return super().get_command(context, name)


lms_commands = Commands("lms", help="Partnership Learning: content, people, roles, records, the installation.")


def plugin() -> Any:
    """The plugin of the current app."""
    return current_app.extensions["lms"]


def acting() -> Actor:
    """The operator, now."""
    return operator(plugin().clock())


def plain_errors(function: Callable[..., None]) -> Callable[..., None]:
    """What the user can mend is printed without a trace, every fault on its line; the exit code is 1."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except (LmsError, OSError, DBAPIError) as error:
            for line in _told(error):
                click.echo(line, err=True)
            sys.exit(1)

    return run


def _told(error: LmsError | OSError | DBAPIError) -> list[str]:
    """What to print: each fault or field on a line of its own, and what came of it."""
    if isinstance(error, FaultyFile):
        return [*map(str, error.faults), str(error)]
    if isinstance(error, Invalid):
        return [*(f"{name}: {why}" for name, why in error.fields.items()), str(error)]
    if isinstance(error, DBAPIError):
        return [f"The database refused: {error.orig}", "If tables are missing, run: flask lms upgrade"]
    return [str(error)]


def confirm(word: str, about: str, yes: bool) -> None:
    """Say what is at stake and go on only when the word is typed (or --yes was given)."""
    click.echo(about)
    if not yes and click.prompt(f'Type "{word}" to go on', default="", show_default=False) != word:
        click.echo("Nothing was changed.")
        sys.exit(1)


def invites_by_mail() -> bool:
    """Whether the plugin's own mails reach people: then the worker invites, else the command shows the links."""
    return bool(plugin().mailing.carrier.arrives)


def tell_invited(invited: list[tuple[str, str]]) -> None:
    """Say what becomes of the invitations of (e-mail, name); where no mail reaches anybody, the host is asked now."""
    if invites_by_mail():
        for email, _name in invited:
            click.echo(f"{email}: a mail waits for the worker (flask lms worker)")
    else:
        show_links(invited)


def show_links(invited: list[tuple[str, str]]) -> None:
    """Ask the host to invite (e-mail, name) now, and say what became of each."""
    for invitation in invite(current_app._get_current_object(), invited):  # type: ignore[attr-defined]
        how = "was sent a mail" if invitation.sent else f"no mail was sent; give them this link: {invitation.link}"
        click.echo(f"{invitation.email}: {how}")
