"""A club's site: plain Flask in one file, a user loader of ten lines, no database, no extension but flask-login."""

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_user, logout_user

from lms.extension import LMS


class Member(UserMixin):
    def __init__(self, email: str) -> None:
        self.id = self.email = email
        self.name = email.partition("@")[0].title()


def create_app(members: dict[str, str], database: str, learning: bool = True) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="club-" + "x" * 32, TESTING=True)
    login_manager = LoginManager(app)
    login_manager.login_view = "sign_in"

    @login_manager.user_loader
    def load(member_id: str) -> Member | None:
        return Member(member_id) if member_id in members else None

    @app.route("/", methods=["GET", "POST"])
    def home() -> ResponseReturnValue:
        return f"""The club. You sent {len(request.form)} fields.
            <form method="post" action="/"><input type="text" name="text"><button>Send</button></form>
            <form method="post" action="/sign-out"><button>Leave</button></form>"""

    @app.route("/sign-in", methods=["GET", "POST"])
    def sign_in() -> ResponseReturnValue:
        if request.method == "POST" and members.get(request.form["email"]) == request.form["password"]:
            login_user(Member(request.form["email"]))
            return redirect(request.args.get("next") or "/")
        return f"""<form method="post" action="{request.full_path}">
            <input type="text" name="email"><input type="password" name="password"><button>Come in</button></form>"""

    @app.route("/sign-out", methods=["POST"])
    def sign_out() -> ResponseReturnValue:
        logout_user()
        return redirect("/")

    @app.errorhandler(Exception)
    def fail(error: Exception) -> ResponseReturnValue:
        return f"The club is sorry: {type(error).__name__}.", getattr(error, "code", 500)

    if learning:
        LMS(app, url_prefix="/club/learning", database=database)
    return app
