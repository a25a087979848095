"""How the host serves: its secret, security headers, static files, and pages for errors."""

import gzip
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from wsgiref.headers import Headers

import bootstrap_wrapper
from flask import Flask, Response, current_app, g, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from host import health, logs, metrics, watch
from lms.db import Busy
from lms.errors import ConfigurationError
from lms.extension import own_files

MEGABYTE = 1024 * 1024
RETRY_AFTER = 5  # seconds, where the database is busy
STATIC = Path(__file__).parent / "static"
PLUGIN = "/learn"  # where app.py mounts it
BOOTSTRAP = ("bootstrap.min.css", "bootstrap.rtl.min.css")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

ERRORS = {
    400: ("This request was not understood", "Go back, load the page again and repeat what you did."),
    403: ("This is not open to you", "If you need it for your work, ask the people who look after learning."),
    404: ("There is nothing here", "The address may be incomplete, or the page was moved. Begin at the start page."),
    405: ("This address is not a page", "It only takes what a form sends. Begin at the start page."),
    413: ("That is too large", "What you sent is larger than this site takes. Send a smaller file or a shorter text."),
    415: ("This format is not taken here", "Use the form on the page."),
    429: ("Too many attempts", "For safety we wait a little after many attempts."),
    500: ("Something went wrong here", "Nothing that you see as saved is lost. Try again in a few minutes."),
    503: ("Too busy right now", "Many people are here at once. Nothing that you see as saved is lost."),
}


def init(app: Flask, settings: Mapping[str, str]) -> None:
    """Configure the application. Raises ConfigurationError for settings that cannot work."""
    secure = settings["LMS_COOKIE_SECURE"] == "1"
    app.secret_key = secret_key(settings, app.instance_path)
    app.config.update(
        HOST_ORGANISATION=settings["LMS_ORGANISATION"],
        MAX_CONTENT_LENGTH=2 * MEGABYTE,
        SESSION_COOKIE_SECURE=secure,
        # The prefix makes browsers refuse the cookie from a neighbouring domain.
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        TRUSTED_HOSTS=_names(settings.get("LMS_TRUSTED_HOSTS", "")) or None,
    )
    app.jinja_env.globals.update(host_organisation=settings["LMS_ORGANISATION"])
    _serve_static(app)
    proxies = _proxies(settings["LMS_PROXIES"])
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    watching = watch.Watch(app, believe_header=proxies > 0)
    app.wsgi_app = watching  # type: ignore[method-assign]
    logs.init(watching)
    metrics.init(app, watching, settings)
    health.init(app)
    app.after_request(_headers(secure))
    for code in ERRORS:
        app.register_error_handler(code, _error_page)
    app.register_error_handler(Busy, lambda _error: _error_page(ServiceUnavailable(retry_after=RETRY_AFTER)))
    app.add_url_rule("/", "host_home", lambda: _no_store(render_template("home.html")))


def secret_key(settings: Mapping[str, str], instance_path: str) -> str:
    """The key that signs sessions and links: LMS_SECRET_KEY, or the file that `make run` made."""
    given = settings["LMS_SECRET_KEY"]
    path = Path(instance_path, "secret_key")
    if not given and path.is_file():
        given = path.read_text(encoding="ascii").strip()
    if not given:
        raise ConfigurationError(
            "There is no secret key, and without it nobody can sign in. Set LMS_SECRET_KEY to 32 "
            f"random characters or more, or let `make run` make {path}."
        )
    if len(given) < 32:
        raise ConfigurationError(
            f"The secret key has {len(given)} characters; 32 are needed. This makes one: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return given


def make_secret_file(instance_path: str) -> Path:
    """Make instance/secret_key, readable by its owner alone, unless it exists."""
    path = Path(instance_path, "secret_key")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path


def _names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]


def _proxies(given: str) -> int:
    if not given.isascii() or not given.isdigit() or int(given) > 10:
        raise ConfigurationError(f"LMS_PROXIES is {given!r}; it is the number of proxies in front, 0 to 10.")
    return int(given)


def _serve_static(app: Flask) -> None:
    """Serve the host's files, two of Bootstrap's and the plugin's own, compressed, for a year: their addresses carry
    their hash. Pages go out as they are: they hold a form's token, and compressed beside a visitor's own words their
    length would tell of it."""
    folder = Path(app.instance_path, "static")
    sources = {path.name: path for path in sorted(STATIC.iterdir()) if path.is_file()}
    css: Path = bootstrap_wrapper.get_bootstrap_dir() / "css"
    sources |= {f"bootstrap/{name}": css / name for name in BOOTSTRAP}
    versions = {name: _copy_compressed(source, folder / name) for name, source in sources.items()}
    noise = WhiteNoise(
        app.wsgi_app,
        max_age=int(timedelta(days=365).total_seconds()),
        allow_all_origins=False,
        add_headers_function=_static_headers,
    )
    for name in sources:
        noise.add_file_to_dictionary(f"/static/{name}", str(folder / name))
    for name, path in own_files().items():
        _copy_compressed(path, folder / "plugin" / path.name)
        noise.add_file_to_dictionary(f"{PLUGIN}/static/{name}", str(folder / "plugin" / path.name))
    app.wsgi_app = noise  # type: ignore[method-assign]

    def host_asset(name: str) -> str:
        return f"{request.script_root}/static/{name}?v={versions[name]}"

    app.jinja_env.globals.update(host_asset=host_asset)


def _copy_compressed(source: Path, target: Path) -> str:
    """Copy a file and its gzip into the instance folder, where WhiteNoise finds both; return a hash for its address.

    Bootstrap is 230 KB, and 31 KB compressed: on a slow line half a minute, or four seconds.
    """
    content = source.read_bytes()
    target.parent.mkdir(parents=True, exist_ok=True)
    for path, wanted in ((target, content), (target.with_name(target.name + ".gz"), gzip.compress(content, mtime=0))):
        if path.is_file() and path.read_bytes() == wanted:
            continue
        draft = path.with_name(f".{path.name}.{os.getpid()}")  # two workers begin at once: each renames a whole file
        draft.write_bytes(wanted)
        draft.replace(path)
    return hashlib.sha256(content).hexdigest()[:10]


def _static_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _headers(secure: bool) -> Callable[[Response], Response]:
    """What every answer carries that has not set its own: the plugin's blueprints write their own policy."""
    wanted = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if secure:
        wanted["Strict-Transport-Security"] = "max-age=31536000"

    def add(response: Response) -> Response:
        for name, value in wanted.items():
            response.headers.setdefault(name, value)
        return response

    return add


def _no_store(page: str) -> Response:
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"  # so that Back after signing out shows no name
    return response


def _error_page(error: HTTPException) -> Response:
    """A page in plain words. It reads nothing from the database, which may be what failed."""
    code = error.code or 500
    title, advice = ERRORS.get(code, ERRORS[500])
    number = ""
    if isinstance(error, InternalServerError):
        number = watch.request_id.get()
        current_app.logger.error("The person was shown error number %s for what stands above.", number)
    wait = g.get("host_retry_after") or getattr(error, "retry_after", None)
    # Not render_template: that would run the context processors, and one of them loads the account.
    template = current_app.jinja_env.get_template("error.html")
    page = template.render(title=title, advice=advice, wait=wait, number=number)
    response = _no_store(page)
    response.status_code = code
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
