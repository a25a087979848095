"""`flask lms rebuild`: what is derived, anew."""

import click

from lms.cli.group import acting, lms_commands, plain_errors, plugin
from lms.services import item_analysis, plan_rows, standings, stored_levels, uniting


@lms_commands.command()
@plain_errors
def rebuild() -> None:
    """Drop what is derived; compute standings, levels and stages of plans anew from the facts."""
    actor, database = acting(), plugin().database
    with database.transaction() as session:
        item_analysis.drop_figures(session, actor)
        uniting.rebuild_holders(session, actor)
        count = standings.rebuild(session, actor)
    database.in_slices(lambda session, after: stored_levels.rebuild_slice(session, actor, after))
    with database.transaction() as session:
        levels = stored_levels.finish_rebuild(session, actor)
    database.in_slices(lambda session, after: plan_rows.rebuild_stages(session, actor, after))
    click.echo(f"{count} standings and {levels} levels were computed anew.")
