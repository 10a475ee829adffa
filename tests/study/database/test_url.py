import subprocess
import sys
import urllib.parse

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from search_spaces.faults import FaultError
from study.database.url import checked_url, driver_url
from study.run_dir.urls import is_postgres, redact_url


@pytest.mark.parametrize(
    ("url", "mapped"),
    [
        ("postgresql://h/db", "postgresql+psycopg://h/db"),
        ("postgres://u:p@h:1/db?a=postgres://", "postgresql+psycopg://u:p@h:1/db?a=postgres://"),
        ("postgresql+psycopg://h/db", "postgresql+psycopg://h/db"),
        ("postgresql+psycopg2://h/db", "postgresql+psycopg2://h/db"),
        ("sqlite:////tmp/study.db", "sqlite:////tmp/study.db"),
        ("mysql+pymysql://h/db", "mysql+pymysql://h/db"),
    ],
)
def test_a_plain_postgresql_url_gets_psycopg_and_any_other_stays(url, mapped):
    assert driver_url(url) == mapped
    assert is_postgres(url) == mapped.startswith("postgresql")


def test_a_brace_in_a_password_does_not_become_a_template():
    assert checked_url("postgresql://u:{p}@h/db") == "postgresql+psycopg://u:%7Bp%7D@h/db"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("postgresql://me:secret@h:port/db", "not a storage URL"),
        ("postgresql://me:se@cret@h/db", "its password has an @ in it"),
    ],
)
def test_a_url_that_cannot_be_meant_is_one_message_without_its_password(url, message):
    with pytest.raises(FaultError) as caught:
        checked_url(url)
    allowed = "postgresql://USER@HOST:5432/DATABASE, with odd characters as %XX"
    assert str(caught.value) == f"{redact_url(url)}: {message}; allowed: {allowed}"
    assert "cret" not in str(caught.value)


@pytest.mark.slow
def test_a_missing_driver_is_named_with_its_extra(tmp_path):
    # What import finds where psycopg is not installed.
    script = "import sys; sys.modules['psycopg'] = None; from study.cli import main; main()"
    url = "postgresql://me:secret@127.0.0.1:1/db"
    done = subprocess.run(
        [sys.executable, "-c", script, "run", "smoke", "--storage", url],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "stage 1 of 7: start\n"
        "Error: postgresql://me:***@127.0.0.1:1/db: needs the package psycopg, which is not "
        "installed; allowed: pip install 'dense-study[postgres]'\n"
    )
    assert list(tmp_path.iterdir()) == []


passwords = st.text(st.characters(blacklist_categories=["Cs"]), min_size=4).filter(
    lambda text: text.strip("*")
)


@given(password=passwords)
@example("a@b@c:d/e?f=g&h#i j")
def test_no_password_of_a_well_formed_url_is_shown(password):
    url = URL.create("postgresql", "user", password, "host", 5432, "db")
    text = url.render_as_string(hide_password=False)
    assert redact_url(text) == "postgresql://user:***@host:5432/db"


@given(password=st.text("abcXYZ0189-._~!$&'()*+,;=:@/?#%", min_size=1))
@example("two words")
@example("a://b")
def test_no_password_that_was_left_as_it_is_stays_in_a_url(password):
    text = f"postgresql://user:{password}@host/db"
    assert redact_url(text) == "postgresql://user:***@host/db"


@given(password=passwords)
def test_no_password_among_a_drivers_settings_is_shown(password):
    quoted = "'" + password.replace("\\", r"\\").replace("'", r"\'") + "'"
    shown = redact_url(f"missing = after: host=h password={quoted} dbname=d")
    assert shown == "missing = after: host=h password=*** dbname=d"


@given(password=passwords)
def test_no_password_in_a_query_is_shown(password):
    query = urllib.parse.urlencode({"user": "u", "password": password, "sslmode": "require"})
    shown = redact_url(f"postgresql://h/db?{query}")
    assert shown == "postgresql://h/db?user=u&password=***&sslmode=require"


@pytest.mark.parametrize(
    "text",
    [
        'connection failed: FATAL:  password authentication failed for user "x"',
        "tls://host:8786 does not answer, user@host.org",
        "see https://sqlalche.me/e/20/e3q8 (me@there)",
        "duplicate key value violates: Key (name)=(s) exists",
    ],
)
def test_what_is_no_password_is_shown(text):
    assert redact_url(text) == text
