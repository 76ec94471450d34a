"""Puts the real parts together: the one place that knows which class stands behind which port."""

from __future__ import annotations

import gc
import secrets
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.compute import InlineCompute, ProcessCompute
from monitor.delivery.dkim_signing import read_key
from monitor.delivery.hooks.files import check_hook, hook_file, shipped_names
from monitor.delivery.smtp import Relay, SmtpMailer
from monitor.delivery.suppression import opened_key, suppression_key, wrapped_key
from monitor.digests.endpoint_http import Endpoint
from monitor.digests.load import check_digests
from monitor.digests.translate_http import LibreTranslate
from monitor.digests.write_http import ChatWriter, chat_endpoint
from monitor.feeds.catalogue import check_feeds
from monitor.feeds.http import HttpFetcher
from monitor.hook_reports import Hooked
from monitor.model.delivery import DkimKey, SenderIdentity
from monitor.model.errors import WrongFiles, WrongUse
from monitor.model.ports import Clock, Compute, Translator, Writer
from monitor.model.problem import Place, Problem, Severity
from monitor.parts import Files, Parts
from monitor.rules.engine import Engine
from monitor.rules.load import check_rules, quick_check
from monitor.rules.voice import voices
from monitor.setting_values import hook_secrets
from monitor.settings import Settings
from monitor.store.open import open_store
from monitor.store.promises import Store

SECRET = "secret_key"  # noqa: S105 — the name under which it is kept
SUPPRESSION = "suppression_key"
PACKAGE = Path(__file__).parent
FOLDERS = ("seeds", "rules", "digests")


def system_clock() -> datetime:
    """The present, aware UTC."""
    return datetime.now(UTC)


def clock_of(settings: Settings) -> Clock:
    """The system clock, or the fixed one that `MONITOR_NOW` sets."""
    fixed = settings.fixed_now()
    return (lambda: fixed.astimezone(UTC)) if fixed else system_clock


def shipped(name: str) -> Path:
    """The folder that comes with the program: inside the installed package, or beside it in a checkout."""
    inside = PACKAGE / "shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def folder_of(settings: Settings, name: str) -> Path:
    """`seeds`, `rules` or `digests` under `MONITOR_HOME`; the shipped folder where home has none."""
    own = settings.home / name
    return own if own.is_dir() else shipped(name)


def check_files(settings: Settings, *, lint: bool = True) -> tuple[Files | None, tuple[Problem, ...]]:
    """Load all three folders; None and every problem of all of them where one has an error.

    Args:
        settings: Where the folders lie.
        lint: Tell the warnings on rules too where nothing is wrong; a service has nobody to tell them to.
    """
    return _check(*(folder_of(settings, name) for name in FOLDERS), lint=lint)


def load_shipped() -> Files:
    """The seeds, rules and digests that come with the program, whatever lies in `MONITOR_HOME`."""
    return _whole(*_check(*(shipped(name) for name in FOLDERS), lint=False))


def _check(seeds: Path, rules_folder: Path, digests_folder: Path, *, lint: bool) -> tuple[Files | None, tuple[Problem, ...]]:
    feeds, feed_problems = check_feeds(seeds)
    rules = check_rules(rules_folder) if lint else quick_check(rules_folder)
    ids = None if rules.ruleset is None else {rule.id for rule in rules.ruleset.rules}
    digests, digest_problems = check_digests(digests_folder, ids)
    problems = (*feed_problems, *rules.problems, *digest_problems)
    if rules.ruleset is None or any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    ruleset = rules.ruleset
    return Files(tuple(feeds), Engine(ruleset), tuple(ruleset.names), voices(ruleset), tuple(digests), ruleset.hash), problems


def load_files(settings: Settings) -> Files:
    """The three folders, loaded whole.

    Raises:
        WrongFiles: With every error in any of them; nothing is loaded then.
    """
    return _whole(*check_files(settings, lint=False))


def _whole(files: Files | None, problems: tuple[Problem, ...]) -> Files:
    if files is None:
        raise WrongFiles([problem for problem in problems if problem.severity is Severity.ERROR])
    return files


def open_database(settings: Settings) -> Store:
    """Open the store and bring its schema up to date."""
    store = open_store(settings.store_url)
    store.upgrade()
    return store


def sender_of(settings: Settings, store: Store) -> SenderIdentity:
    """Who the mail is from; the secret is made once and kept where none is set.

    Raises:
        WrongUse: The suppression list was begun under a secret that is neither set nor named as a previous one.
    """
    secret, *previous = _secrets_of(settings, store)
    mail = settings.mail
    return SenderIdentity(
        address=mail.sender,
        name=mail.sender_name,
        domain=mail.sender.rpartition("@")[2] or urlsplit(settings.base_url).hostname or "localhost",
        base_url=settings.base_url.rstrip("/"),
        secret=secret,
        reply_to=mail.reply_to,
        owner=mail.owner,
        previous_secrets=tuple(previous),
        suppression_key=_suppression_key(store, (secret, *previous)),
        bounce=settings.bounce.address,
        dkim=dkim_of(settings),
        references=tuple((one.hook.header, one.hook.value) for one in hooks_of(settings).values() if one.hook.header),
    )


def check_hooks(settings: Settings) -> tuple[dict[str, Hooked], tuple[Problem, ...]]:
    """The mail providers that have a secret, by name, as far as their mappings can be read; and all that is wrong, in others' as well."""
    own = settings.under_home(Path("hooks"))
    secrets_of = hook_secrets(settings.bounce.hooks.get_secret_value())
    found: dict[str, Hooked] = {}
    problems: list[Problem] = []
    for name in sorted({*secrets_of, *(file.stem for file in own.glob("*.yml"))}):
        file = hook_file(name, own)
        if file is None:
            words, mend = f"there is no mapping of {name}", f"write hooks/{name}.yml, or name one of {', '.join(shipped_names())}"
            problems.append(Problem(Place("MONITOR_BOUNCE__HOOKS"), "B008", words, mend))
            continue
        hook, wrong = check_hook(file)
        problems += wrong
        if hook and name in secrets_of:
            found[name] = Hooked(hook, secrets_of[name])
    return found, tuple(problems)


def hooks_of(settings: Settings) -> dict[str, Hooked]:
    """The mail providers that may report, by name.

    Raises:
        WrongFiles: A mapping is missing, or cannot be used.
    """
    found, problems = check_hooks(settings)
    if problems:
        raise WrongFiles(problems)
    return found


def dkim_of(settings: Settings) -> DkimKey | None:
    """The key that messages are signed with, where one is set.

    Raises:
        WrongFiles: The file holds no key that receivers take, or the key signs for another domain than From is in.
    """
    here, sender = settings.dkim, settings.mail.sender.rpartition("@")[2].lower()
    if not here.selector:
        return None
    if sender != here.domain and not sender.endswith(f".{here.domain}"):
        words = f"it signs for {here.domain}, From is at {sender}: DMARC wants one organisational domain (RFC 7489 3.1)"
        raise WrongFiles([Problem(Place("MONITOR_DKIM__DOMAIN"), "G003", words, f"set it to {sender}")])
    return read_key(here.selector, here.domain, here.key.get_secret_value().encode(), "MONITOR_DKIM__KEY_FILE")


def _secrets_of(settings: Settings, store: Store) -> tuple[bytes, ...]:
    """All secrets in force, the present one first. One that was made here gives way to one that is set, and becomes a previous one."""
    chosen, made = settings.secret_key.get_secret_value(), store.setting(SECRET)
    if not chosen and not made:
        made = store.keep_setting(SECRET, secrets.token_urlsafe(32))
    named = [part.strip() for part in settings.previous_secret_keys.get_secret_value().split(",")]
    return tuple(dict.fromkeys(text.encode() for text in (chosen, made, *named) if text))


def _suppression_key(store: Store, known: tuple[bytes, ...]) -> bytes:
    """The key of the suppression list: made with the first secret there was, and wrapped anew for each that takes its place."""
    wrapped = store.keep_setting(SUPPRESSION, wrapped_key(suppression_key(known[0]), known[0]))
    for place, secret in enumerate(known):
        key = opened_key(wrapped, secret)
        if key is not None:
            if place:
                store.set_setting(SUPPRESSION, wrapped_key(key, known[0]))
            return key
    if store.has_suppressions():
        raise WrongUse(
            "the suppression list was begun under another MONITOR_SECRET_KEY, and would be forgotten: "
            "add that one to MONITOR_PREVIOUS_SECRET_KEYS"
        )
    store.set_setting(SUPPRESSION, wrapped_key(suppression_key(known[0]), known[0]))
    return suppression_key(known[0])


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    files: Files | None = None,
    store: Store | None = None,
    processes: int = 0,
) -> Parts:
    """The parts of `poll` and `publish`. `processes` > 0 puts parsing and extraction into worker processes."""
    store = store or open_database(settings)
    policy = settings.fetch_policy()
    compute: Compute = ProcessCompute(processes) if processes else InlineCompute()
    return Parts(
        files=files or load_files(settings),
        store=store,
        fetcher=HttpFetcher(policy),
        compute=compute,
        clock=clock or clock_of(settings),
        policy=policy,
        sender=sender_of(settings, store),
        pages_per_poll=settings.fetch.pages_per_poll,
        story_days=settings.service.story_days,
        extraction=settings.extraction,
        jitter=0.5 if settings.fixed_now() else secrets.randbelow(1000) / 1000,
        translator=translator_of(settings),
        writer=writer_of(settings),
    )


def settle() -> None:
    """Set all that was loaded at start aside from the garbage collector: once a process, by one that will run for long.

    Rules, names and language models live as long as the process; looking through them again and again costs a tenth of a poll.
    """
    gc.collect()
    gc.freeze()


def translator_of(settings: Settings) -> Translator | None:
    """The translator, where an address is set."""
    to = settings.translate
    endpoint = Endpoint(to.url, to.timeout_s, to.max_bytes)
    return LibreTranslate(endpoint, to.engine, to.key.get_secret_value()) if to.url else None


def writer_of(settings: Settings) -> Writer | None:
    """The writer, where an address is set."""
    to = settings.writer
    endpoint = chat_endpoint(to.url, to.key.get_secret_value(), timeout_s=to.timeout_s, max_bytes=to.max_bytes)
    return ChatWriter(endpoint, to.model) if to.url else None


def mailer_of(settings: Settings) -> SmtpMailer:
    """The connection to the relay; opened at the first message."""
    return SmtpMailer(relay_of(settings))


def relay_of(settings: Settings) -> Relay:
    """Where mail goes, and how we get in there."""
    smtp = settings.smtp
    return Relay(
        host=smtp.host,
        port=smtp.port,
        username=smtp.username,
        password=smtp.password.get_secret_value(),
        security=smtp.security.value,
        timeout_s=smtp.timeout_s,
        deadline_s=smtp.deadline_s,
        ca_file=str(smtp.ca_file or ""),
    )
