"""The fixed page beside which every page of the product is measured: 20 rows of a join of two tables, no sign-in.

It is what a plain Flask page costs on this machine, on the same database server and behind the same web server.
"""

import os

from flask import Flask, render_template_string
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, insert, select

BOOKS, AUTHORS, SHOWN = 1000, 100, 20
metadata = MetaData()
authors = Table("plain_authors", metadata, Column("id", Integer, primary_key=True), Column("name", String(80)))
books = Table(
    "plain_books",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title", String(200)),
    Column("author_id", ForeignKey("plain_authors.id")),
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Books</title></head><body><h1>Books</h1><table>
{% for book in books %}<tr><td>{{ book.id }}</td><td>{{ book.title }}</td><td>{{ book.name }}</td></tr>
{% endfor %}</table></body></html>"""


def fill(url: str) -> None:
    """Make the two tables anew, with their rows."""
    engine = create_engine(url)
    metadata.drop_all(engine)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(authors), [{"id": n, "name": f"Author {n}"} for n in range(1, AUTHORS + 1)])
        rows = [{"id": n, "title": f"Title {n}", "author_id": n % AUTHORS + 1} for n in range(1, BOOKS + 1)]
        connection.execute(insert(books), rows)
    engine.dispose()


def create_app() -> Flask:
    """The application; BENCH_DATABASE_URL names its database."""
    app = Flask(__name__)
    engine = create_engine(os.environ["BENCH_DATABASE_URL"])
    query = select(books.c.id, books.c.title, authors.c.name).join(authors).order_by(books.c.id).limit(SHOWN)

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            return render_template_string(PAGE, books=connection.execute(query).all())

    return app
