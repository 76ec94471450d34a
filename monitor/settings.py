"""Settings from the environment and an optional `.env`: read once, checked whole, handed on as plain values.

The one home of pydantic and dotenv. Names are `MONITOR_…`, nested with `__`; `MONITOR_…_FILE` names a file that holds the value (secrets).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from monitor.model.errors import WrongFiles
from monitor.model.fetch import FetchPolicy
from monitor.model.problem import Place, Problem
from monitor.setting_values import bounce_address, editor_lines, hook_secrets, networks, numbers, paces, pairs
from monitor.version import __version__

PREFIX = "MONITOR_"
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(networks)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(numbers)]
Pairs = Annotated[dict[str, str], BeforeValidator(pairs)]
Paces = Annotated[dict[str, Annotated[float, Field(gt=0)]], BeforeValidator(paces)]


def _secret_text(reader: Callable[[str], object]) -> AfterValidator:
    """A secret that must be readable so."""
    return AfterValidator(lambda value: (reader(value.get_secret_value()), value)[1])


class FetchSettings(BaseModel):
    """`MONITOR_FETCH__…`: how feeds and pages are fetched."""

    user_agent: str = Field(
        "", description="Who we say we are; empty: the program, its version and MONITOR_BASE_URL, where you can be found"
    )
    host_delay_s: float = Field(5.0, ge=0, description="Seconds between two requests to one host")
    connect_timeout_s: float = Field(10.0, gt=0, description="Seconds to connect")
    idle_timeout_s: float = Field(20.0, gt=0, description="Seconds without a byte")
    total_timeout_s: float = Field(60.0, gt=0, description="Seconds for one fetch, redirects and body included")
    max_feed_bytes: int = Field(10 * 1024 * 1024, gt=0, description="Decoded bytes of a feed")
    max_page_bytes: int = Field(5 * 1024 * 1024, gt=0, description="Decoded bytes of an article page")
    max_redirects: int = Field(5, ge=0, le=20, description="Redirects followed for one fetch")
    pool_size: int = Field(8, ge=1, le=64, description="Hosts asked at the same time")
    pages_per_poll: int = Field(200, ge=0, description="Article pages fetched for one feed in one poll")
    allow_private: Networks = Field((), description="Private networks that may be fetched, separated by commas")
    ports: Numbers = Field((80, 443), description="Ports that may be asked outside those networks")
    connect_to: Pairs = Field(
        default_factory=dict, description="host=address:port pairs to connect to instead, as curl's --connect-to"
    )


class Security(StrEnum):
    """How the connection to the relay is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class SmtpSettings(BaseModel):
    """`MONITOR_SMTP__…`: the relay that owns the queue."""

    host: str = Field("localhost", description="The relay")
    port: int = Field(25, ge=1, le=65535, description="Its port")
    username: str = Field("", description="Log in as, if not empty")
    password: SecretStr = Field(SecretStr(""), description="Log in with; MONITOR_SMTP__PASSWORD_FILE for a secret file")
    security: Security = Field(Security.NONE, description="none, starttls or tls")
    timeout_s: float = Field(60.0, gt=0, description="Seconds for one reply")
    deadline_s: float = Field(900.0, gt=0, description="Seconds for one whole message")
    ca_file: Path | None = Field(
        None, description="PEM file of the authority that signed the relay's certificate; empty: the system's"
    )
    connections: int = Field(2, ge=1, le=20, description="Connections to the relay at the same time")
    rate_per_s: float = Field(20.0, gt=0, description="Messages a second, at most")
    domain_rates: Paces = Field(
        default_factory=dict,
        description="Messages a second to single domains of recipients, as gmail.com=2,outlook.com=0.5; one connection to each of them",
    )
    on_ambiguous: str = Field(
        "resend",
        pattern="^(resend|hold)$",
        description="resend the same bytes, or hold and show, when the relay's last word was lost",
    )


class MailSettings(BaseModel):
    """`MONITOR_MAIL__…`: who the mail is from."""

    sender: str = Field("digest@localhost", description="Address in From; its domain should be signed by the relay")
    sender_name: str = Field("", description="Name in From; empty: the digest's title")
    reply_to: str = Field("", description="A mailbox that somebody reads")
    owner: str = Field("", description="Address in List-Owner; empty: reply_to or sender")
    max_lateness_h: float = Field(
        24.0,
        gt=0,
        description="Hours after which an edition whose sending never began is missed: it goes out only if somebody says so",
    )


class BounceSettings(BaseModel):
    """`MONITOR_BOUNCE__…`: where mail comes back to, and how it is read."""

    address: Annotated[str, AfterValidator(bounce_address)] = Field(
        "",
        description="Base of the envelope senders: b@bounce.example.org has bounces come to b+TOKEN@bounce.example.org; "
        "empty: they come to MONITOR_MAIL__SENDER and name nobody",
    )
    mailbox: str = Field(
        "",
        pattern=r"^((imaps?://[^@/\s]+@[^@/\s]+/\S+|maildir:///\S+|mbox:///\S+))?$",
        description="A mailbox that is read for bounces: imaps://user@host/INBOX, maildir:///path or mbox:///path; "
        "imap:// starts TLS first; empty: none",
    )
    password: SecretStr = Field(SecretStr(""), description="The IMAP password; MONITOR_BOUNCE__PASSWORD_FILE for a secret file")
    listen: str = Field(
        "",
        pattern=r"^(\S+:\d{1,5})?$",
        description="host:port where bounces are taken by SMTP, as 127.0.0.1:2525; empty: nowhere",
    )
    tick_s: float = Field(300.0, gt=0, description="Seconds between looks into the mailbox")
    hooks: Annotated[SecretStr, _secret_text(hook_secrets)] = Field(
        SecretStr(""),
        description="Mail providers that report to /hooks/mail/<name>, as name=secret, separated by commas or line ends",
    )


class DkimSettings(BaseModel):
    """`MONITOR_DKIM__…`: signing here; only for a relay that does not sign. All three, or none."""

    selector: str = Field("", pattern=r"^([a-z0-9]([a-z0-9._-]*[a-z0-9])?)?$", description="Selector of the key in DNS, as 2026a")
    domain: str = Field("", pattern=r"^([a-z0-9.-]+\.[a-z0-9-]+)?$", description="Domain that signs; From must be in it")
    key: SecretStr = Field(
        SecretStr(""), description="The RSA private key in PEM form; MONITOR_DKIM__KEY_FILE for the file that holds it"
    )

    @model_validator(mode="after")
    def _all_or_none(self) -> DkimSettings:
        given = {"SELECTOR": self.selector, "DOMAIN": self.domain, "KEY_FILE": self.key.get_secret_value()}
        lacking = [f"MONITOR_DKIM__{name}" for name, value in given.items() if not value]
        if lacking and len(lacking) < len(given):
            raise ValueError(f"signing needs {' and '.join(lacking)} as well")
        return self


class WebSettings(BaseModel):
    """`MONITOR_WEB__…`: archive, unsubscribe pages, probes, metrics."""

    host: str = Field("127.0.0.1", description="Address to listen on (0.0.0.0 in a container)")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on")
    trusted_proxies: Networks = Field(
        (), description="Networks of the reverse proxies whose X-Forwarded-For is believed, separated by commas"
    )
    metrics_token: SecretStr = Field(SecretStr(""), description="If set, /metrics asks for it as a bearer token")
    editors: Annotated[SecretStr, _secret_text(editor_lines)] = Field(
        SecretStr(""),
        description="Who may edit rules at /desk/: lines of `monitor web password`, separated by commas or line ends; nobody while it is empty",
    )
    proxy_user_header: str = Field(
        "",
        pattern=r"^[A-Za-z0-9-]*$",
        description="Header in which a reverse proxy that logs people in names the editor; believed only from MONITOR_WEB__TRUSTED_PROXIES",
    )
    rules_read_only: bool = Field(False, description="Rules can be tried and downloaded at /desk/, but not saved")
    trial_s: float = Field(
        8.0, gt=0, le=120, description="Seconds for one trial of a rule at /desk/; the newest articles come first"
    )
    trial_articles: int = Field(50_000, ge=1, description="Articles that one trial of a rule at /desk/ looks at")

    @model_validator(mode="after")
    def _header_of_a_proxy(self) -> WebSettings:
        if self.proxy_user_header and not self.trusted_proxies:
            raise ValueError("proxy_user_header is believed from trusted_proxies only: set MONITOR_WEB__TRUSTED_PROXIES too")
        return self


class ServiceSettings(BaseModel):
    """`MONITOR_SERVICE__…`: the rhythm of the service."""

    poll_tick_s: float = Field(60.0, gt=0, description="Seconds between looks for due feeds")
    publish_tick_s: float = Field(30.0, gt=0, description="Seconds between looks for due editions")
    deliver_tick_s: float = Field(15.0, gt=0, description="Seconds between looks into the outbox")
    drain_s: float = Field(45.0, gt=0, description="Seconds to finish work after SIGTERM")
    processes: int = Field(
        1, ge=0, le=32, description="Worker processes for parsing and extraction; 0: in the service's own process"
    )
    story_days: int = Field(14, ge=1, le=90, description="Days of articles among which copies and stories are sought")


Address = Annotated[str, Field(pattern=r"^(https?://[^\s/?#]+[^\s?#]*)?$")]


class TranslateSettings(BaseModel):
    """`MONITOR_TRANSLATE__…`: machine translations beside sentences of other languages; off while the address is empty."""

    url: Address = Field("", description="An endpoint with LibreTranslate's API, http://host:port; empty: nothing is translated")
    key: SecretStr = Field(
        SecretStr(""), description="Its key, if it asks for one; MONITOR_TRANSLATE__KEY_FILE for a secret file"
    )
    engine: str = Field("LibreTranslate", min_length=1, max_length=60, description="Its name, as editions print it")
    timeout_s: float = Field(30.0, gt=0, description="Seconds for one request of up to 20 texts")
    max_bytes: int = Field(2_000_000, gt=0, description="Bytes of one answer")


class WriterSettings(BaseModel):
    """`MONITOR_WRITER__…`: a language model that phrases openings and connecting words; off while the address is empty."""

    url: Address = Field(
        "", description="An endpoint with OpenAI's chat API, such as http://localhost:11434/v1; empty: no language model is asked"
    )
    model: str = Field("", max_length=100, description="The model's name, as the endpoint knows it and editions print it")
    key: SecretStr = Field(SecretStr(""), description="Its key, if it asks for one; MONITOR_WRITER__KEY_FILE for a secret file")
    timeout_s: float = Field(60.0, gt=0, description="Seconds for one item")
    max_bytes: int = Field(500_000, gt=0, description="Bytes of one answer")

    @model_validator(mode="after")
    def _has_model(self) -> WriterSettings:
        if self.url and not self.model:
            raise ValueError("MONITOR_WRITER__URL is set, MONITOR_WRITER__MODEL is not: name the model")
        return self


class Settings(BaseModel):
    """All settings. See `docs/reference/settings.md`, which a test keeps true."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(Path(), description="Folder with seeds/, rules/ and digests/")
    database_url: str = Field(
        "sqlite:///var/monitor.db", description="sqlite:///path or postgresql://…; a relative path starts at home"
    )
    out: Path = Field(Path("out"), description="Folder for published editions; a relative path starts at home")
    base_url: str = Field("http://localhost:8080", description="Address of the archive as readers see it")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Keys unsubscribe tokens and Message-IDs; empty: made once and kept in the database"
    )
    previous_secret_keys: SecretStr = Field(
        SecretStr(""),
        description="Secrets that MONITOR_SECRET_KEY took the place of, separated by commas: links in mails already sent go on working",
    )
    now: AwareDatetime | None = Field(None, description="A fixed clock for replays, ISO 8601 with zone")
    log_format: str = Field("auto", pattern="^(auto|json|console)$", description="json, console, or auto (console on a terminal)")
    extraction: Literal["fast", "best"] = Field(
        "best", description="fast: one extractor reads each page; best: further ones are asked where opinions on a page differ"
    )
    fetch: FetchSettings = Field(default_factory=FetchSettings)
    smtp: SmtpSettings = Field(default_factory=SmtpSettings)
    mail: MailSettings = Field(default_factory=MailSettings)
    bounce: BounceSettings = Field(default_factory=BounceSettings)
    dkim: DkimSettings = Field(default_factory=DkimSettings)
    web: WebSettings = Field(default_factory=WebSettings)
    service: ServiceSettings = Field(default_factory=ServiceSettings)
    translate: TranslateSettings = Field(default_factory=TranslateSettings)
    writer: WriterSettings = Field(default_factory=WriterSettings)

    def under_home(self, path: Path) -> Path:
        """An absolute path as it is, a relative one under `home`."""
        return path if path.is_absolute() else self.home / path

    def fetch_policy(self) -> FetchPolicy:
        """How to fetch, as a value that the feeds room understands. Publishers find us by the address of the archive."""
        values = self.fetch.model_dump(exclude={"pages_per_poll"})
        agent = self.fetch.user_agent or f"monitor/{__version__} (feed reader; +{self.base_url})"
        return FetchPolicy(**{**values, "user_agent": agent})

    @property
    def store_url(self) -> str:
        """The database address with a relative SQLite path made absolute under `home`."""
        start = "sqlite:///"
        path = self.database_url.removeprefix(start)
        if not self.database_url.startswith(start) or path in {"", ":memory:"}:
            return self.database_url
        return start + str(self.under_home(Path(path)).absolute())

    def fixed_now(self) -> datetime | None:
        """The fixed clock, if one is set."""
        return self.now


def load_settings(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read and check all settings.

    Args:
        environment: Names and values; default the process environment.
        dotenv: A file of NAME=value lines; values of the environment win.

    Raises:
        WrongFiles: Unknown names (with the nearest known one), wrong values, X and X_FILE both set: all of them at once.
    """
    values = {**(_read_dotenv(dotenv) if dotenv else {}), **(os.environ if environment is None else environment)}
    problems: list[Problem] = []
    tree: dict[str, Any] = {}
    for name, value in _with_secret_files(values, problems).items():
        path = name.removeprefix(PREFIX).lower().split("__")
        if not known_name(name):
            close = get_close_matches(name, setting_names(), n=1)
            problems.append(
                _problem(name, "unknown setting", f"did you mean {close[0]}?" if close else "see docs/reference/settings.md")
            )
            continue
        place = tree
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    try:
        settings = Settings(**tree)
    except ValidationError as error:
        for wrong in error.errors():
            name = PREFIX + "__".join(str(part) for part in wrong["loc"]).upper()
            # what holds secrets, or may hold some, is not printed
            secret = {*wrong["loc"][-1:]} & {"editors", "hooks"} or isinstance(wrong["input"], dict)
            shown = "" if secret else f" (it is {wrong['input']!r})"
            problems.append(_problem(name, f"{wrong['msg']}{shown}", ""))
        raise WrongFiles(problems) from None
    if problems:
        raise WrongFiles(problems)
    return settings


def setting_names() -> dict[str, str]:
    """Every setting's name in the environment, with its description."""
    names: dict[str, str] = {}
    for key, info in Settings.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for inner, inner_info in kind.model_fields.items():
                names[f"{PREFIX}{key.upper()}__{inner.upper()}"] = inner_info.description or ""
        else:
            names[PREFIX + key.upper()] = info.description or ""
    return names


def known_name(name: str) -> bool:
    """True for a name that `setting_names` lists."""
    return name in setting_names()


def shown_settings(settings: Settings) -> dict[str, str]:
    """Name → value as text, secrets hidden (a password in the database's address too), in the order of the reference."""
    shown = {}
    for name in setting_names():
        value: Any = settings
        for part in name.removeprefix(PREFIX).lower().split("__"):
            value = getattr(value, part)
        shown[name] = "" if value is None else _PASSWORD.sub(r"\1\2**********", str(value))
    return shown


# In an address: user:password@host, or ?password=…
_PASSWORD = re.compile(r"(://[^/@:\s]*:)[^/\s]+(?=@)|(\bpassword=)[^&\s]+")


def _problem(name: str, message: str, mend: str) -> Problem:
    return Problem(Place(name), "G001", message, mend)


# Set for the tests and for tools around the product; they are no settings of it.
_IGNORED = ("MONITOR_TEST_", "MONITOR_CRASH_AT")


def _with_secret_files(values: Mapping[str, str], problems: list[Problem]) -> dict[str, str]:
    """Our names only, each X_FILE replaced by X with the file's content."""
    # An empty value is what compose files and shells leave for "not set".
    ours = {name: value for name, value in values.items() if value and name.startswith(PREFIX) and not name.startswith(_IGNORED)}
    result = {}
    for name, value in ours.items():
        plain = name.removesuffix("_FILE")
        if plain == name or known_name(name):
            result[name] = value
        elif plain in ours:
            problems.append(_problem(name, f"{plain} is set as well", "keep one of the two"))
        else:
            try:
                result[plain] = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                problems.append(_problem(name, f"cannot read {value}: {error}", "name a readable file"))
    return result


def _read_dotenv(file: Path) -> dict[str, str]:
    """The NAME=value lines of a file; none if there is no such file."""
    return {name: value for name, value in dotenv_values(file).items() if value is not None}
