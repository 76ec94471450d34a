"""Settings: read once, checked whole, every problem told."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.model.errors import WrongFiles
from monitor.settings import Security, Settings, load_settings, setting_names, shown_settings


def load(**environment):
    return load_settings({f"MONITOR_{name}": value for name, value in environment.items()}, dotenv=None)


def problems(**environment):
    with pytest.raises(WrongFiles) as caught:
        load(**environment)
    return {problem.place.file: problem for problem in caught.value.problems}


def test_without_an_environment_all_settings_have_their_defaults():
    assert load_settings({}, dotenv=None) == Settings()


def test_other_programs_variables_are_none_of_ours():
    assert load_settings({"PATH": "/bin", "MONITORING": "x", "monitor_home": "/x"}, dotenv=None) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "read", "value"),
    [
        ("FETCH__HOST_DELAY_S", "0", lambda s: s.fetch.host_delay_s, 0.0),
        ("FETCH__ALLOW_PRIVATE", "127.0.0.0/8, ::1/128", lambda s: s.fetch.allow_private, (ip_network("127.0.0.0/8"), ip_network("::1/128"))),
        ("FETCH__ALLOW_PRIVATE", "10.1.2.3/8", lambda s: s.fetch.allow_private, (ip_network("10.0.0.0/8"),)),
        ("FETCH__ALLOW_PRIVATE", "", lambda s: s.fetch.allow_private, ()),
        ("FETCH__PORTS", "80,8080", lambda s: s.fetch.ports, (80, 8080)),
        ("FETCH__CONNECT_TO", "a.example=127.0.0.1:1,*.b=127.0.0.1:2", lambda s: s.fetch.connect_to, {"a.example": "127.0.0.1:1", "*.b": "127.0.0.1:2"}),
        ("SMTP__SECURITY", "starttls", lambda s: s.smtp.security, Security.STARTTLS),
        ("NOW", "2019-03-11T08:00:00+03:00", lambda s: s.fixed_now(), datetime(2019, 3, 11, 5, tzinfo=UTC)),
        ("HOME", "/srv/desk", lambda s: s.home, Path("/srv/desk")),
    ],
)  # fmt: skip
def test_a_value_is_read_from_its_text(name, text, read, value):
    assert read(load(**{name: text})) == value


def test_every_wrong_name_and_value_is_told_at_once_with_a_way_out():
    found = problems(
        FECTH__HOST_DELAY_S="1", FETCH__HOST_DELAY_S="-1", WEB__PORT="80808", NOW="2019-03-11T08:00:00", SMTP__SECURITY="ssl"
    )
    assert set(found) == {
        "MONITOR_FECTH__HOST_DELAY_S", "MONITOR_FETCH__HOST_DELAY_S", "MONITOR_WEB__PORT", "MONITOR_NOW", "MONITOR_SMTP__SECURITY"
    }  # fmt: skip
    assert found["MONITOR_FECTH__HOST_DELAY_S"].mend == "did you mean MONITOR_FETCH__HOST_DELAY_S?"
    assert "timezone" in found["MONITOR_NOW"].message
    assert "starttls" in found["MONITOR_SMTP__SECURITY"].message
    assert "'80808'" in found["MONITOR_WEB__PORT"].message


@pytest.mark.parametrize("text", ["a.example", "=127.0.0.1:1", "a.example="])
def test_connect_to_without_both_sides_is_wrong(text):
    assert "separated by commas" in problems(FETCH__CONNECT_TO=text)["MONITOR_FETCH__CONNECT_TO"].message


@pytest.mark.parametrize(("name", "text"), [("FETCH__ALLOW_PRIVATE", "here"), ("FETCH__PORTS", "http")])
def test_lists_with_a_part_that_is_none_are_wrong(name, text):
    assert list(problems(**{name: text})) == [f"MONITOR_{name}"]


def test_a_secret_comes_from_its_file_without_the_line_end(tmp_path):
    (tmp_path / "password").write_text("s3cret\n", encoding="utf-8")
    assert load(SMTP__PASSWORD_FILE=str(tmp_path / "password")).smtp.password.get_secret_value() == "s3cret"


def test_a_secret_set_twice_or_in_a_file_that_is_not_there_is_told(tmp_path):
    found = problems(SMTP__PASSWORD="a", SMTP__PASSWORD_FILE="b", SECRET_KEY_FILE=str(tmp_path / "absent"))
    assert "MONITOR_SMTP__PASSWORD is set as well" in found["MONITOR_SMTP__PASSWORD_FILE"].message
    assert "cannot read" in found["MONITOR_SECRET_KEY_FILE"].message


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / ".env"
    file.write_text("MONITOR_WEB__PORT=1111\nMONITOR_WEB__HOST=0.0.0.0\n", encoding="utf-8")
    settings = load_settings({"MONITOR_WEB__PORT": "2222"}, dotenv=file)
    assert (settings.web.port, settings.web.host) == (2222, "0.0.0.0")


def test_a_wrong_name_in_the_file_is_told_too(tmp_path):
    (tmp_path / ".env").write_text("MONITOR_PORT=1\n", encoding="utf-8")
    with pytest.raises(WrongFiles):
        load_settings({}, dotenv=tmp_path / ".env")


def test_what_is_set_for_tests_is_no_setting():
    assert load(TEST_POSTGRES_URL="x", CRASH_AT="y") == Settings()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///var/monitor.db", "sqlite:////srv/desk/var/monitor.db"),
        ("sqlite:////data/monitor.db", "sqlite:////data/monitor.db"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql://host/name", "postgresql://host/name"),
    ],
)
def test_a_relative_database_lies_under_home(url, expected):
    assert load(HOME="/srv/desk", DATABASE_URL=url).store_url == expected


def test_a_relative_path_starts_at_home_and_an_absolute_one_does_not():
    settings = load(HOME="/srv/desk")
    assert settings.under_home(Path("out")) == Path("/srv/desk/out")
    assert settings.under_home(Path("/out")) == Path("/out")


def test_what_is_shown_holds_every_setting_and_no_secret():
    shown = shown_settings(
        load(SECRET_KEY="hush", SMTP__PASSWORD="hush", WEB__METRICS_TOKEN="hush", DATABASE_URL="postgresql://me:hush@host/db")
    )
    assert list(shown) == list(setting_names())
    assert not [name for name, value in shown.items() if "hush" in value]
    assert shown["MONITOR_DATABASE_URL"] == "postgresql://me:**********@host/db"
    assert (
        "hush"
        not in shown_settings(load(DATABASE_URL="postgresql://host/db?password=hush&sslmode=require"))["MONITOR_DATABASE_URL"]
    )


def test_a_wrong_value_of_a_secret_neighbour_does_not_print_the_secret():
    with pytest.raises(WrongFiles) as caught:
        load(SMTP__PASSWORD="hush", SMTP__PORT="x")
    assert "hush" not in str(caught.value)


def test_the_policy_carries_the_limits_of_fetching():
    policy = load(FETCH__TOTAL_TIMEOUT_S="7", FETCH__MAX_PAGE_BYTES="99", FETCH__ALLOW_PRIVATE="127.0.0.0/8").fetch_policy()
    assert (policy.total_timeout_s, policy.max_page_bytes, policy.allow_private) == (7.0, 99, (ip_network("127.0.0.0/8"),))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MONITOR_TRANSLATE__URL", "localhost:5000", "pattern"),
        ("MONITOR_TRANSLATE__URL", "file:///etc/passwd", "pattern"),
        ("MONITOR_TRANSLATE__URL", "http://host/?key=1", "pattern"),
        ("MONITOR_WRITER__URL", "http://localhost:11434/v1", "MONITOR_WRITER__MODEL"),
        ("MONITOR_WRITER__TIMEOUT_S", "0", "greater than 0"),
    ],
)
def test_a_helper_that_cannot_be_asked_is_told_at_the_start(name, value, words):
    with pytest.raises(WrongFiles, match=words):
        load_settings({name: value}, dotenv=None)


def test_helpers_are_off_until_an_address_is_set():
    assert (load_settings({}, dotenv=None).translate.url, load_settings({}, dotenv=None).writer.url) == ("", "")


def test_an_address_for_bounces_leaves_room_for_the_token():
    assert (
        load_settings({"MONITOR_BOUNCE__ADDRESS": "b@bounce.example.org"}, dotenv=None).bounce.address == "b@bounce.example.org"
    )
    for wrong, words in (("b" * 24 + "@example.org", "at most 23"), ("bounce.example.org", "ASCII address")):
        with pytest.raises(WrongFiles, match=words):
            load_settings({"MONITOR_BOUNCE__ADDRESS": wrong}, dotenv=None)


@pytest.mark.parametrize(
    ("mailbox", "good"),
    [
        ("imaps://bounces%40example.org@mail.example.org/INBOX", True),
        ("imap://b@127.0.0.1:1143/INBOX", True),
        ("maildir:///var/mail/bounces", True),
        ("mbox:///var/mail/bounces", True),
        ("pop3://b@mail.example.org/INBOX", False),
        ("imaps://mail.example.org/INBOX", False),
    ],
)
def test_a_mailbox_is_named_by_its_address(mailbox, good):
    if good:
        assert load_settings({"MONITOR_BOUNCE__MAILBOX": mailbox}, dotenv=None).bounce.mailbox == mailbox
        return
    with pytest.raises(WrongFiles, match="MAILBOX"):
        load_settings({"MONITOR_BOUNCE__MAILBOX": mailbox}, dotenv=None)


def test_signing_wants_selector_domain_and_key():
    with pytest.raises(WrongFiles, match="MONITOR_DKIM__DOMAIN and MONITOR_DKIM__KEY_FILE"):
        load_settings({"MONITOR_DKIM__SELECTOR": "2026a"}, dotenv=None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("postmark", "no secret"),
        ("postmark=short", "a secret that can be tried"),
        ("Post Mark=monitor:a long password", "no name"),
        ("postmark=monitor:a long password,postmark=monitor:a long password", "twice"),
    ],
)
def test_secrets_of_mail_providers_are_checked_and_never_printed(text, why):
    with pytest.raises(WrongFiles) as error:
        load_settings({"MONITOR_BOUNCE__HOOKS": text}, dotenv=None)
    [problem] = error.value.problems
    assert problem.place.file == "MONITOR_BOUNCE__HOOKS", why
    assert "entry" in problem.message
    assert "password" not in problem.message.replace("user:password", "")
