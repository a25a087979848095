"""The first host: an ordinary Flask application with accounts of its own, which mounts the plugin at /learn."""

from flask import Flask

from host import accounts, commands, limits, serving
from host.users import User
from lms.delivery.host import forgotten, invited
from lms.errors import ConfigurationError
from lms.extension import LMS
from lms.identity import Identity
from lms.settings import read_settings


def create_app() -> Flask:
    """Build the application from the LMS_* variables; what is wrong with them ends the program in plain words."""
    try:
        return build(read_settings())
    except ConfigurationError as error:
        raise SystemExit(str(error)) from None


def build(settings: dict[str, str]) -> Flask:
    """Build the application from its settings. Raises ConfigurationError."""
    app = Flask(__name__, static_folder=None)  # host.serving serves the files, compressed and with their hashes
    serving.init(app, settings)
    accounts.init(app, settings)
    commands.init(app)
    mounted = LMS(app, url_prefix=serving.PLUGIN, database=settings["LMS_DATABASE_URL"], identify=identify)
    mounted.plugin.backed_up += ("host_",)  # the accounts lie in the same database, and nobody comes in without them
    limits.guard_open_pages(app)
    invited.connect(accounts.invite, sender=app)
    forgotten.connect(accounts.forget, sender=app)
    return app


def identify(user: User) -> Identity:
    """What the plugin learns of whoever is signed in; the subject stays when e-mail and password change."""
    return Identity(subject=user.public_id, email=user.email, name=user.name)
