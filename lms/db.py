"""The plugin's own engine and sessions; `transaction()` holds the only commit of the package.

SQLite: WAL with `synchronous=FULL`; readers take a plain BEGIN, writers BEGIN IMMEDIATE behind a lock file,
because SQLite's own busy handler polls and so starves writers of other processes
(docs/decisions/0003-two-databases.md has the measurements).
"""

import fcntl
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, Executable, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

ASIDE = 0.005  # seconds
PATIENCE = 2.0  # seconds that a request waits for SQLite's other writers: its thread answers nobody else meanwhile
REST = 5  # seconds without use after which a connection to PostgreSQL is asked whether it still stands
_SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged answer survives a power cut
    "foreign_keys": 1,
    "busy_timeout": 2000,  # for a stranger's lock, such as a shell's; our own writers queue for it
    "trusted_schema": 0,
    "secure_delete": 1,
}


class Busy(Exception):
    """Other writers were there before, and for too long; nothing was written."""


class Database:
    """Sessions for reading and sessions for writing; on PostgreSQL each kind has connections of its own."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._reading = self.engine if self.is_sqlite else _postgresql_engine(self.url, read_only=True)
        self._reader = sessionmaker(self._reading, autoflush=False)
        self._writer = sessionmaker(self.engine.execution_options(sqlite_write=True))
        is_file = self.is_sqlite and self.url.database not in (None, "", ":memory:")
        self._writers = _WritersQueue(Path(f"{self.url.database}-writers")) if is_file else None

    def dispose(self, close: bool = True) -> None:
        """Let go of all connections; after a fork without closing those that are the parent's."""
        for engine in (self.engine, self._reading):
            engine.dispose(close=close)

    def read(self) -> Session:
        """A session that keeps nothing; on PostgreSQL the server refuses a write in it. Close it."""
        return self._reader()

    def read_rows(self, statement: Executable, values: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of one statement of columns, for whoever asks nothing else and needs no session."""
        with self._reading.connect() as connection:
            return connection.execute(statement, values).all()

    def in_slices(self, step: Callable[[Session, int], int | None]) -> None:
        """Do long work part by part, each in a transaction of its own: `step` is given the number after which to go
        on, and returns the last that it did, or None when nothing is left."""
        after: int | None = 0
        while after is not None:
            with self.transaction() as session:
                after = step(session, after)
            self.step_aside()

    def step_aside(self) -> None:
        """Between two slices: whoever waits for SQLite's lock was woken and needs a moment to take it. Who asks again
        at once is always the first, and a learner's answer would wait until all slices are done."""
        if self.is_sqlite:
            time.sleep(ASIDE)

    def snapshot(self) -> Session:
        """A read session in which all statements see one moment, also on PostgreSQL; close it."""
        session = self.read()
        if not self.is_sqlite:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return session

    @contextmanager
    def transaction(self, patience: float | None = None) -> Iterator[Session]:
        """A write session that is committed at the end of the block, or rolled back on any error.

        Raises Busy when SQLite's other writers take longer than `patience` seconds; commands wait without an end.
        """
        with self.write_lock(patience), self._writer() as session:
            yield session
            session.commit()

    def scrub(self, tables: Sequence[str]) -> None:
        """Leave nothing in the files of what was deleted: SQLite overwrites it, but its log holds the old pages until
        they are written back; PostgreSQL keeps old rows until they are swept.

        Raises Busy when somebody reads SQLite for too long; then it is to be done again.
        """
        if self.is_sqlite:
            with self.write_lock(), self.engine.connect() as connection:
                if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar():
                    raise Busy("somebody reads the database all the time")
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")

    def write_lock(self, patience: float | None = None) -> AbstractContextManager[None]:
        """The queue of SQLite's writers, for the one act that does not write through a session: a restore."""
        return self._writers.turn(patience) if self._writers else nullcontext()


_Turn = Future[IO[str]]  # done when the lock is taken; its result is the open file that holds it


class _WritersQueue:
    """Writers of all processes, in the order of their arrival: here among threads, in the kernel among processes.

    Nobody can walk away from the kernel's queue, so a thread of its own stands there, for one writer after the other.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._joining = threading.Lock()
        self._turns: SimpleQueue[_Turn | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._last: _Turn | None = None

    @contextmanager
    def turn(self, patience: float | None) -> Iterator[None]:
        """Hold the lock for the block. Raises Busy."""
        turn = self._join()
        try:
            _wait_for(turn, patience)
            yield
        finally:
            if not turn.cancel():  # the file's end is the lock's end
                turn.result().close()

    def _join(self) -> _Turn:
        turn: _Turn = Future()
        with self._joining:
            nobody_waits = self._last is None or self._last.done()
            if nobody_waits and (handle := _lock_now(self._path)):  # two changes of threads are saved
                turn.set_result(handle)
                return turn
            self._last = turn
            if self._thread is None or not self._thread.is_alive():  # a fork takes no thread along
                self._turns = SimpleQueue()
                self._thread = threading.Thread(target=_take_turns, args=(self._path, self._turns), daemon=True)
                self._thread.start()
                weakref.finalize(self, self._turns.put, None)
            self._turns.put(turn)
        return turn


def _lock_now(path: Path) -> IO[str] | None:
    """The file that holds the lock, or None where somebody else holds it."""
    handle = path.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def _wait_for(turn: _Turn, patience: float | None) -> None:
    try:
        turn.result(patience)
    except TimeoutError as error:
        raise Busy(f"other writers took longer than {patience} seconds") from error


def _take_turns(path: Path, turns: "SimpleQueue[_Turn | None]") -> None:
    """Fetch the lock for each; whoever gets it closes the file, and whoever walked away has cancelled."""
    while (turn := turns.get()) is not None:
        if turn.cancelled():
            continue
        try:
            handle = path.open("a")
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            _settle(turn, error)
            continue
        if not _settle(turn, handle):
            handle.close()


def _settle(turn: _Turn, outcome: IO[str] | OSError) -> bool:
    """Tell whoever waits; False when nobody does any more."""
    try:
        turn.set_exception(outcome) if isinstance(outcome, OSError) else turn.set_result(outcome)
    except InvalidStateError:
        return False
    return True


def _postgresql_engine(url: URL, read_only: bool = False) -> Engine:
    """UTC everywhere: a timestamp that left as UTC must come back as UTC whatever the server's zone is.

    A host's URL may name another driver; ours is the one that COPY goes through. A connection learns its statements
    (it prepares what it is asked twice), so the one that was used last is used next.
    """
    options = "-c timezone=UTC -c datestyle=ISO" + (" -c default_transaction_read_only=on" if read_only else "")
    session = {"options": options, "client_encoding": "utf8", "prepare_threshold": 1}
    url = url.set(drivername="postgresql+psycopg")
    # For reading the server gives each statement its own moment anyway: no BEGIN and no ROLLBACK are asked.
    reading = {"isolation_level": "AUTOCOMMIT"} if read_only else {}
    engine = create_engine(url, hide_parameters=True, connect_args=session, pool_use_lifo=True, **reading)
    event.listen(engine, "handle_error", _hide_row)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping_after_rest, engine))
    return engine


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["used"] = time.monotonic()


def _ping_after_rest(engine: Engine, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Ask whether the server is still there, as `pool_pre_ping` does, but not when it has just answered.

    A page of six questions would ask it three times more. Whoever is refused within these seconds of the server's
    restart would have been refused by the restart itself.
    """
    if time.monotonic() - record.info.get("used", time.monotonic()) > REST:
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _hide_row(context: ExceptionContext) -> None:
    """Leave out the server's DETAIL: it repeats the refused row, and with it names and e-mails."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args:
            error.args = (str(error.args[0]).partition("\nDETAIL:")[0], *error.args[1:])


def _sqlite_engine(url: URL) -> Engine:
    path = url.database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)  # no e-mail or session id in a log
    event.listen(engine, "connect", _set_sqlite_pragmas)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_sqlite_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    """Set each pragma and read it back: a database that silently refuses one is not durable."""
    connection.isolation_level = None  # SQLAlchemy's "begin" event sends BEGIN; the driver must not
    for name, wanted in _SQLITE_PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={wanted}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != wanted and (name, found) != ("journal_mode", "memory"):
            raise RuntimeError(f"SQLite answered {name}={found!r}, not {wanted!r}: is the file on a local disk?")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("sqlite_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
