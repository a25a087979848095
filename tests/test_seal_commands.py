"""`flask lms seal` and `verify`, from the first key to a record that somebody changed."""

import stat

from sqlalchemy import text

from lms.doctor.seals import check_seals
from lms.models import append_only
from tests import world
from tests.conftest import make_host
from tests.services import steps


def test_from_the_first_key_to_a_changed_record(sqlite, who, tmp_path) -> None:
    app, path = make_host(sqlite), tmp_path / "keys" / "seal_key"
    app.extensions["lms"].seal_key = str(path)

    def run(*arguments, code=0):
        done = app.test_cli_runner().invoke(args=["lms", *map(str, arguments)])
        assert done.exit_code == code, done.output
        return done.output

    def doctor():
        (finding,) = check_seals(sqlite, path, world.NOW)
        return finding.state.value, finding.text

    steps.take(sqlite, who("amina"))
    assert doctor()[0] == "advice"
    assert "--new-key" in run("seal", code=1)
    run("seal", "--new-key")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    head = run("seal").strip()
    assert head == run("seal", "--head").strip()
    keys, chain = tmp_path / "keys.txt", tmp_path / "chain.jsonl"
    keys.write_text(run("seal", "--public-key"))
    run("seal", "--new-key")
    assert doctor()[0] == "ok"
    run("seal")
    run("seal", "--export", chain)
    run("verify", "--export", chain, code=2)
    run("verify", "--head", "1:x", code=2)
    assert "as they were sealed" in run("verify", "--export", chain, "--public-key", keys, "--head", head)
    assert "as they were sealed" in run("verify", "--public-key", keys, "--head", head)
    path.chmod(0o644)
    assert doctor() == ("wrong", f"others can read {path}: whoever has it can seal.")
    path.unlink()
    assert doctor()[0] == "wrong"
    with sqlite.transaction() as session:
        append_only.remove(session.connection())
        session.execute(text("UPDATE lms_completions SET expires_on = '2099-01-01'"))
    assert "is not what was sealed" in run("verify", code=1)
