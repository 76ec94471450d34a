"""Putting the parts together: folders, clock, secret, sender, pace."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import bootstrap
from monitor.compute import InlineCompute, ProcessCompute
from monitor.delivery.suppression import address_mac
from monitor.model.consent import Suppression
from monitor.model.errors import WrongFiles, WrongUse
from monitor.settings import MailSettings, ServiceSettings, Settings, SmtpSettings, load_settings
from monitor.testing import memory_store

FEEDS = {"north": "http://north.example/feed.xml"}
NOW = datetime(2019, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def store():
    made = memory_store()
    yield made
    made.close()


def test_the_clock_is_the_systems_or_the_one_that_is_set():
    fixed = datetime(2019, 3, 11, 8, tzinfo=UTC)
    assert bootstrap.clock_of(Settings(now=fixed))() == fixed
    assert abs((bootstrap.clock_of(Settings())() - datetime.now(UTC)).total_seconds()) < 5


def test_a_folder_of_home_comes_before_the_shipped_one(tmp_path):
    (tmp_path / "rules").mkdir()
    settings = Settings(home=tmp_path)
    assert bootstrap.folder_of(settings, "rules") == tmp_path / "rules"
    assert bootstrap.folder_of(settings, "digests") == bootstrap.shipped("digests")


def test_the_shipped_files_are_those_beside_the_package_or_inside_it(tmp_path, monkeypatch):
    assert bootstrap.shipped("rules") == Path(bootstrap.__file__).parent.parent / "rules"
    (tmp_path / "shipped" / "rules").mkdir(parents=True)
    monkeypatch.setattr(bootstrap, "PACKAGE", tmp_path)
    assert bootstrap.shipped("rules") == tmp_path / "shipped" / "rules"


def test_the_shipped_files_load_without_an_error():
    files = bootstrap.load_shipped()
    assert len(files.feeds) > 50
    assert files.digest("security-weekly") is not None
    assert {rule for digest in files.digests for section in digest.sections for rule in section.rules} <= set(
        files.engine.ruleset.by_id
    )
    assert set(files.voices) == set(files.engine.ruleset.by_id)


def test_the_three_folders_are_loaded_whole(small_home):
    files = bootstrap.load_files(Settings(home=small_home("home", FEEDS)))
    assert [feed.id for feed in files.feeds] == ["north"]
    assert list(files.engine.ruleset.by_id) == ["talks"]
    assert files.digest("weekly").languages == ("en", "be")
    assert files.digest("another") is None
    assert files.ruleset == files.engine.ruleset.hash


def test_problems_of_all_three_folders_are_told_at_once_and_nothing_is_loaded(small_home):
    home = small_home("home", FEEDS)
    (home / "seeds" / "press.yml").write_text(
        "feeds:\n  - {id: north, name: North, url: 'ftp://north.example'}\n", encoding="utf-8"
    )
    (home / "rules" / "talks.yml").write_text("schema: 1\nid: speech\n", encoding="utf-8")
    (home / "digests" / "weekly" / "digest.yml").write_text("id: monthly\n", encoding="utf-8")
    with pytest.raises(WrongFiles) as caught:
        bootstrap.load_files(Settings(home=home))
    assert {Path(problem.place.file).name for problem in caught.value.problems} == {"press.yml", "talks.yml", "digest.yml"}
    assert bootstrap.check_files(Settings(home=home))[0] is None


def test_a_digest_that_names_an_unknown_rule_is_wrong(small_home):
    home = small_home("home", FEEDS)
    file = home / "digests" / "weekly" / "digest.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("rules: [talks]", "rules: [talk]"), encoding="utf-8")
    with pytest.raises(WrongFiles, match='no rule is called "talk"'):
        bootstrap.load_files(Settings(home=home))


def test_a_database_is_opened_with_its_schema_up_to_date(tmp_path):
    store = bootstrap.open_database(Settings(home=tmp_path))
    found, known = store.schema_version()
    store.close()
    assert found == known
    assert (tmp_path / "var" / "monitor.db").exists()


def test_a_secret_is_made_once_kept_and_gives_way_to_one_that_is_set(store):
    first = bootstrap.sender_of(Settings(), store)
    assert len(first.secret) >= 32
    assert bootstrap.sender_of(Settings(), store) == first
    assert bootstrap.sender_of(Settings(secret_key="mine"), store).secret == b"mine"
    other = memory_store()
    assert bootstrap.sender_of(Settings(), other).secret != first.secret
    other.close()


def test_a_secret_that_is_set_takes_the_place_of_the_one_made_here_whose_links_go_on_working(store):
    made = bootstrap.sender_of(Settings(), store).secret
    chosen = bootstrap.sender_of(Settings(secret_key="mine", previous_secret_keys="older, oldest ,"), store)
    assert chosen.secrets == (b"mine", made, b"older", b"oldest")


def test_two_processes_that_make_the_secret_at_once_end_with_one(tmp_path):
    settings = Settings(home=tmp_path)
    bootstrap.open_database(settings).close()
    start, found = threading.Barrier(6), []

    def make():
        box = bootstrap.open_database(settings)
        start.wait(10)
        found.append(bootstrap.sender_of(settings, box))
        box.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len({(sender.secret, sender.suppression_key) for sender in found}) == 1


def test_the_suppression_list_keeps_its_key_when_the_secret_changes_twice(store):
    first = bootstrap.sender_of(Settings(secret_key="one"), store).suppression_key
    store.suppress(Suppression(address_mac(first, "ann@example.org"), "", "complaint", NOW), "ann@example.org")
    assert bootstrap.sender_of(Settings(secret_key="two", previous_secret_keys="one"), store).suppression_key == first
    # wrapped anew by then: the first secret is needed no more
    assert bootstrap.sender_of(Settings(secret_key="two"), store).suppression_key == first
    assert bootstrap.sender_of(Settings(secret_key="three", previous_secret_keys="two"), store).suppression_key == first


def test_a_secret_that_would_lose_the_suppression_list_is_refused_until_there_is_nothing_to_lose(store):
    before = bootstrap.sender_of(Settings(secret_key="one"), store).suppression_key
    after = bootstrap.sender_of(Settings(secret_key="two"), store).suppression_key
    assert before != after
    store.suppress(Suppression(address_mac(after, "ann@example.org"), "", "complaint", NOW), "ann@example.org")
    with pytest.raises(WrongUse, match="MONITOR_PREVIOUS_SECRET_KEYS"):
        bootstrap.sender_of(Settings(secret_key="three"), store)


@pytest.mark.parametrize(
    ("sender", "base_url", "domain"),
    [
        ("digest@news.example.org", "https://archive.example.org/", "news.example.org"),
        ("", "https://archive.example.org/", "archive.example.org"),
        ("", "", "localhost"),
    ],
)
def test_the_domain_of_the_mail_is_that_of_its_sender_or_of_the_archive(store, sender, base_url, domain):
    made = bootstrap.sender_of(Settings(base_url=base_url, mail=MailSettings(sender=sender)), store)
    assert made.domain == domain
    assert not made.base_url.endswith("/")


def test_parts_are_built_with_what_is_set(small_home, store):
    settings = Settings(home=small_home("home", FEEDS), service=ServiceSettings(story_days=3), extraction="fast")
    parts = bootstrap.build(settings, store=store)
    assert isinstance(parts.compute, InlineCompute)
    assert (parts.story_days, parts.pages_per_poll, parts.extraction) == (3, 200, "fast")
    assert 0 <= parts.jitter < 1
    assert not parts.stopping()
    fixed = bootstrap.build(settings.model_copy(update={"now": datetime(2019, 3, 11, tzinfo=UTC)}), store=store)
    assert fixed.jitter == 0.5, "a replay throws no dice"
    with_processes = bootstrap.build(settings, store=store, processes=1)
    assert isinstance(with_processes.compute, ProcessCompute)
    with_processes.compute.close()


def test_the_mailer_gets_the_relay_of_the_settings():
    settings = Settings(smtp=SmtpSettings(host="relay", port=587, username="me", password="pw", security="starttls"))
    relay = bootstrap.mailer_of(settings)._relay
    assert (relay.host, relay.port, relay.username, relay.password, relay.security) == ("relay", 587, "me", "pw", "starttls")


def test_files_can_be_given_instead_of_loaded(small_home, store):
    files = bootstrap.load_files(Settings(home=small_home("home", FEEDS)))
    given = replace(files, feeds=())
    assert bootstrap.build(Settings(home=Path("/nowhere")), files=given, store=store).files is given


def test_a_translator_and_a_writer_are_built_where_an_address_is_set(tmp_path):
    off = Settings()
    assert (bootstrap.translator_of(off), bootstrap.writer_of(off)) == (None, None)
    key = tmp_path / "key"
    key.write_text("secret\n", encoding="utf-8")
    names = {
        "MONITOR_TRANSLATE__URL": "http://localhost:5000",
        "MONITOR_TRANSLATE__KEY_FILE": str(key),
        "MONITOR_TRANSLATE__ENGINE": "Argos",
        "MONITOR_WRITER__URL": "http://localhost:11434/v1",
        "MONITOR_WRITER__MODEL": "small",
        "MONITOR_WRITER__KEY_FILE": str(key),
    }
    on = load_settings(names, dotenv=None)
    translator, writer = bootstrap.translator_of(on), bootstrap.writer_of(on)
    assert (translator.engine, translator.api_key, translator.endpoint.url) == ("Argos", "secret", "http://localhost:5000")
    assert (writer.engine, writer.endpoint.headers) == ("small", {"Authorization": "Bearer secret"})


def test_a_key_that_is_none_stops_the_start_with_its_place(store):
    wrong = {"MONITOR_DKIM__SELECTOR": "a", "MONITOR_DKIM__DOMAIN": "example.org", "MONITOR_DKIM__KEY": "none"}
    settings = load_settings({**wrong, "MONITOR_MAIL__SENDER": "d@news.example.org"}, dotenv=None)
    with pytest.raises(WrongFiles, match="no private key") as error:
        bootstrap.sender_of(settings, store)
    assert error.value.problems[0].place.file == "MONITOR_DKIM__KEY_FILE"
    with pytest.raises(WrongFiles, match="DMARC"):
        bootstrap.sender_of(load_settings({**wrong, "MONITOR_MAIL__SENDER": "d@example.net"}, dotenv=None), store)


def test_the_sender_knows_where_bounces_go(store):
    settings = load_settings({"MONITOR_BOUNCE__ADDRESS": "b@bounce.example.org"}, dotenv=None)
    assert bootstrap.sender_of(settings, store).bounce == "b@bounce.example.org"
    assert bootstrap.sender_of(Settings(), store).dkim is None


def hooked(home, text):
    return load_settings({"MONITOR_HOME": str(home), "MONITOR_BOUNCE__HOOKS": text}, dotenv=None)


def test_mail_providers_are_those_that_have_a_secret(tmp_path, store):
    settings = hooked(tmp_path, "postmark=monitor:a long password\nmailgun=key-0123456789abcdef")
    found = bootstrap.hooks_of(settings)
    assert {name: one.secret for name, one in found.items()} == {
        "postmark": "monitor:a long password",
        "mailgun": "key-0123456789abcdef",
    }
    assert bootstrap.sender_of(settings, store).references == (("X-PM-Metadata-monitor", "{token}"),)
    assert "a long password" not in repr(found) + repr(settings)
    assert bootstrap.hooks_of(hooked(tmp_path, "")) == {}


def test_a_mapping_of_ones_own_comes_first_and_one_that_is_wrong_or_missing_stops_the_start(tmp_path, store):
    settings = hooked(tmp_path, "postmark=monitor:a long password,nobody=monitor:a long password")
    (tmp_path / "hooks").mkdir()
    (tmp_path / "hooks" / "postmark.yml").write_text("title: Ours\nproof: {scheme: basc}\n")
    (tmp_path / "hooks" / "unused.yml").write_text("[]\n")
    with pytest.raises(WrongFiles) as error:
        bootstrap.sender_of(settings, store)
    told = [(problem.code, problem.place.file.rpartition("/")[2]) for problem in error.value.problems]
    assert ("B008", "MONITOR_BOUNCE__HOOKS") in told
    assert ("B004", "postmark.yml") in told
    assert ("B004", "unused.yml") in told
