"""`flask lms demo`: a fictional organisation."""

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin, show_links

# Of the demonstration: one person of each role.
INVITED = 8


@lms_commands.command()
@click.option("--staff", default=60, show_default=True, help="How many people the organisation has.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same organisation.")
@plain_errors
def demo(staff: int, seed: int) -> None:
    """Fill an empty database with a fictional organisation of any size."""
    from lms.demonstration import make_demonstration

    accounts = make_demonstration(
        plugin().database, acting(), people=staff, seed=seed, cycle_start=plugin().plan_cycle_start
    )
    click.echo(f"A fictional organisation of {len(accounts)} people is there. Its first people are invited:")
    show_links([(account.email, account.name) for account in accounts[:INVITED]])
