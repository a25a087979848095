"""Alembic runs this; the connection comes from lms.migrations and stays inside its transaction."""

from alembic import context

from lms.migrations import belongs_to_plugin
from lms.models import Base
from lms.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    include_name=belongs_to_plugin,
    render_as_batch=True,
    user_module_prefix="lms.models.base.",
)
context.run_migrations()
