"""What a host does to every request, and how the plugin's pages get along with it; its own pages go on as they are.

Both are signals, not handlers: a handler of the app's would stand among the host's own, and in which order the host
makes its extensions must not matter.
"""

from typing import Any

from flask import Flask, Response, g, request, request_finished, request_started
from flask_wtf import CSRFProtect

CONTENT_POLICY = "Content-Security-Policy"


def meet(app: Flask) -> None:
    """Listen to the requests of this app."""
    request_started.connect(_check_our_forms_once, sender=app)
    request_finished.connect(_keep_policy, sender=app)


def _check_our_forms_once(app: Flask, **_more: Any) -> None:
    """Our gate checks our forms, by the same token, and keeps what was entered; a check before it would lose that."""
    protection = app.extensions.get("csrf")
    if isinstance(protection, CSRFProtect):
        protection.exempt(app.blueprints["lms"])


def _keep_policy(_app: Flask, response: Response, **_more: Any) -> None:
    """A host that writes its own content policy into every answer adds to ours: the browser enforces both."""
    ours = g.get("lms_content_policy")
    if ours and request.blueprint == "lms" and ours not in response.headers.getlist(CONTENT_POLICY):
        response.headers.add(CONTENT_POLICY, ours)
