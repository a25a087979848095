"""An intranet in the factory pattern: Flask-SQLAlchemy and Flask-Migrate, users of its own, one database for all."""

from pathlib import Path

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_required, login_user, logout_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash

from lms.extension import LMS
from lms.identity import Identity

db = SQLAlchemy()
migrate = Migrate(directory=str(Path(__file__).parent / "migrations"))
login_manager = LoginManager()
login_manager.login_view = "pages.sign_in"
pages = Blueprint("pages", __name__, template_folder="templates")


class Account(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """Whoever may sign in."""

    id = db.Column(db.Integer, primary_key=True)
    public_id = db.Column(db.String(80), unique=True, nullable=False)
    email = db.Column(db.String(120), unique=True, nullable=False)
    full_name = db.Column(db.String(120), nullable=False)
    password_hash = db.Column(db.String(200), nullable=False)


class Notice(db.Model):  # type: ignore[name-defined, misc]
    """A note on the board."""

    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String(200), nullable=False, index=True)
    account_id = db.Column(db.ForeignKey("account.id"), nullable=False)


@login_manager.user_loader
def load_account(account_id: str) -> Account | None:
    return db.session.get(Account, int(account_id))


@pages.route("/")
def home() -> ResponseReturnValue:
    return render_template("home.html", notices=db.session.scalars(db.select(Notice.text).order_by(Notice.id)).all())


@pages.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET":
        return render_template("sign_in.html", wrong=False)
    account = db.session.scalar(db.select(Account).where(Account.email == request.form["email"]))
    if account is None or not check_password_hash(account.password_hash, request.form["password"]):
        return render_template("sign_in.html", wrong=True), 403
    login_user(account)
    return redirect(request.args.get("next") or url_for("pages.home"))


@pages.route("/sign-out", methods=["POST"])
def sign_out() -> ResponseReturnValue:
    logout_user()
    return redirect(url_for("pages.home"))


@pages.route("/notices", methods=["POST"])
@login_required
def add_notice() -> ResponseReturnValue:
    from flask_login import current_user

    db.session.add(Notice(text=request.form["text"], account_id=current_user.id))
    db.session.commit()
    return redirect(url_for("pages.home"))


def identify(account: Account) -> Identity:
    assert type(account) is Account, "the user itself, not flask-login's stand-in for it"
    return Identity(subject=account.public_id, email=account.email, name=account.full_name)


def leave_out_learning(name: str | None, kind: str, _parents: object) -> bool:
    """For Alembic's autogenerate: the plugin's tables are not the intranet's to compare or drop."""
    return not (kind == "table" and name is not None and name.startswith("lms_"))


def create_app(url: str, learning: bool = True) -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="intranet-" + "x" * 32, SQLALCHEMY_DATABASE_URI=url, TESTING=True)
    db.init_app(app)
    migrate.init_app(app, db, include_name=leave_out_learning)
    login_manager.init_app(app)
    app.register_blueprint(pages)
    app.register_error_handler(404, lambda error: (render_template("error.html", title="Nothing on this shelf"), 404))
    app.context_processor(lambda: {"title": "Intranet", "shelves": 3})
    if learning:
        with app.app_context():
            LMS(app, url_prefix="/learn", database=db.engine.url, identify=identify)
    return app
