"""Reads how a mail provider reports, `hooks/<name>.yml`, and tells every problem with its place. Problem codes: B001 to B007.

The file says where things stand in the provider's JSON and what they mean; no secret is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor.model.hook import Hook, HookFields, HookProof, HookScheme, Meaning, Spot, Spots
from monitor.model.problem import Problem
from monitor.text.located_yaml import LocatedFile, Path_, read_located

MAPPINGS = Path(__file__).parent / "mappings"
"""Those that come with the program."""
KEYS = frozenset(("title", "proof", "json", "events", "fields", "meanings", "send"))
PROOF_KEYS = frozenset(("scheme", "signature", "prefix", "signed", "algorithm", "encoding", "time", "tolerance_h"))
FIELD_KEYS = frozenset(("kind", "id", "address", "message_id", "reference", "status", "words", "time"))
SEND_KEYS = frozenset(("header", "value"))
ALGORITHMS = ("sha256", "sha384", "sha512", "sha1")
ENCODINGS = ("hex", "base64")
MOST_TOLERANCE_H = 7 * 24
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SIGNED = re.compile(r"\{(?:(body)|header:([A-Za-z0-9-]+)|field:([^{}]+))\}")
"""What stands for a part of the request in a text that says what is signed."""
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_STEP = re.compile(r"[\w-]+")
# headers that are ours, or that mail programs and servers act on
_TAKEN_HEADERS = re.compile(r"(?i)(?!x-)|x-auto")


def shipped_names() -> tuple[str, ...]:
    """The names of the mappings that come with the program."""
    return tuple(sorted(file.stem for file in MAPPINGS.glob("*.yml")))


def hook_file(name: str, own: Path) -> Path | None:
    """The file of a provider: the one in the folder `own`, else the one that comes with the program, else None."""
    return next((file for file in (own / f"{name}.yml", MAPPINGS / f"{name}.yml") if file.is_file()), None)


def check_hook(file: Path, *, shown_as: str = "") -> tuple[Hook | None, tuple[Problem, ...]]:
    """The provider that a file describes, named as the file; None where anything is wrong, with all that is wrong."""
    located, problems = read_located(file, shown_as=shown_as, code="B001", duplicate_code="B005")
    if located is None:
        return None, tuple(problems)
    reader = _Reader(located)
    hook = reader.hook(file.stem)
    return hook, tuple(sorted(reader.problems, key=lambda problem: problem.place))


class _Reader:
    """Reads one file, noting problems instead of stopping at the first."""

    def __init__(self, located: LocatedFile) -> None:
        self.located = located
        self.problems: list[Problem] = []

    def wrong(self, path: Path_, code: str, message: str, mend: str = "") -> None:
        """Note an error at the value at `path`."""
        self.problems.append(self.located.problem(path, code, message, mend))

    def hook(self, name: str) -> Hook | None:
        """The whole; None where anything is wrong with it."""
        if not NAME.fullmatch(name):
            self.wrong((), "B006", f'"{name}" cannot be a name', "small Latin letters, digits and hyphens: postmark.yml")
        data = self.mapping(self.located.data, (), KEYS, ("proof", "fields", "meanings"))
        fields = self.fields(data.get("fields"))
        send = self.mapping(data.get("send", {}), ("send",), SEND_KEYS, ("header",) if "send" in data else ())
        hook = Hook(
            name=name,
            title=self.text(data, (), "title") or name,
            proof=self.proof(data.get("proof")),
            fields=fields,
            meanings=self.meanings(data.get("meanings"), len(fields.kind) or 4),
            events=self.spot(data.get("events", ""), ("events",)),
            json=self.spots_of(data.get("json", []), ("json",)),
            header=self.header(send),
            value=self.text(send, ("send",), "value") or "{token}",
        )
        if send and "{token}" not in hook.value:
            self.wrong(("send", "value"), "B004", "holds no {token}: nothing of ours would come back", 'value: "{token}"')
        return None if self.problems else hook

    def proof(self, value: Any) -> HookProof:
        """What a request must bring."""
        data = self.mapping(value, ("proof",), PROOF_KEYS, ("scheme",))
        scheme = self.choice(data, "scheme", tuple(HookScheme)) or HookScheme.PATH
        hours = data.get("tolerance_h", 24)
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_TOLERANCE_H:
            self.wrong(("proof", "tolerance_h"), "B004", "is no number of hours", f"more than 0, at most {MOST_TOLERANCE_H}")
            hours = 24
        proof = HookProof(
            scheme=HookScheme(scheme),
            signature=self.text(data, ("proof",), "signature"),
            prefix=self.text(data, ("proof",), "prefix"),
            signed=self.text(data, ("proof",), "signed") or "{body}",
            algorithm=self.choice(data, "algorithm", ALGORITHMS) or "sha256",
            encoding=self.choice(data, "encoding", ENCODINGS) or "hex",
            time=self.text(data, ("proof",), "time"),
            tolerance=timedelta(hours=hours),
        )
        self._fits(proof)
        return proof

    def _fits(self, proof: HookProof) -> None:
        """A signature that nobody sends, or that covers nothing, would let everybody in, or nobody."""
        if proof.scheme in {HookScheme.HMAC, HookScheme.HEADER} and not SIGNED.search(proof.signature):
            mend = 'signature: "{header:X-Signature}", or "{field:signature.value}" for one in the body'
            self.wrong(("proof", "signature"), "B003", "does not say where the signature, or the secret, stands", mend)
        if proof.scheme is HookScheme.HMAC and not SIGNED.search(proof.signed):
            self.wrong(("proof", "signed"), "B004", "names no part of the request", 'signed: "{header:X-Timestamp}.{body}"')
        for key, text in (("signature", proof.signature), ("signed", proof.signed), ("time", proof.time)):
            rest = SIGNED.sub("", text)
            if "{" in rest or "}" in rest:
                self.wrong(("proof", key), "B004", "has braces around what is no part", "{body}, {header:Name} or {field:a.b}")
            for found in SIGNED.finditer(text):
                self.spot(found.group(3) or "", ("proof", key))

    def fields(self, value: Any) -> HookFields:
        """Where an event says what."""
        data = self.mapping(value, ("fields",), FIELD_KEYS, ("kind",))
        kind = data.get("kind", [])
        parts = kind if isinstance(kind, list) else [kind]
        if not parts or len(parts) > 4:
            self.wrong(("fields", "kind"), "B004", "has no part, or more than four", "kind: [event, severity]")
        if not {"message_id", "reference"} & data.keys():
            words = "neither message_id nor reference: nothing could prove that an event is about a mail of ours"
            self.wrong(("fields",), "B003", words, "reference: where the provider gives back what send sent along")
        single = FIELD_KEYS - {"kind"}
        return HookFields(
            kind=tuple(self.spots(part, ("fields", "kind")) for part in parts),
            **{key: self.spots(data[key], ("fields", key)) for key in single & data.keys()},
        )

    def meanings(self, value: Any, parts: int) -> dict[str, Meaning]:
        """Kind → what it comes to."""
        if not isinstance(value, dict) or not value:
            if value is not None:
                self.wrong(("meanings",), "B004", "is not a mapping of kinds", "meanings: {bounce: hard}")
            return {}
        found: dict[str, Meaning] = {}
        for key, meaning in value.items():
            kind = folded(str(key))
            if kind.count("/") >= parts:
                words = f'"{key}" has more parts than fields.kind names: it can never come'
                self.wrong(("meanings", key), "B007", words, "one part for each that kind has, joined by /")
            if kind in found:
                self.wrong(("meanings", key), "B005", f'"{key}" stands twice, but for capitals', "keep one of them")
            if meaning not in tuple(Meaning):
                self.wrong(("meanings", key), "B004", f'"{meaning}" is no meaning', ", ".join(Meaning))
            else:
                found[kind] = Meaning(meaning)
        return found

    def header(self, send: Mapping[str, Any]) -> str:
        """The header that carries our token along."""
        name = self.text(send, ("send",), "header")
        if name and (not _HEADER.fullmatch(name) or _TAKEN_HEADERS.match(name)):
            self.wrong(("send", "header"), "B004", f'"{name}" is no header to add', "one that begins with X-")
        return name

    def mapping(self, value: Any, path: Path_, allowed: frozenset[str], needed: tuple[str, ...]) -> dict[str, Any]:
        """A mapping with these keys and no others; {} where it is none."""
        if not isinstance(value, dict):
            if value is not None or not path:
                self.wrong(path, "B004", "is not a mapping of keys", f"keys: {', '.join(sorted(allowed))}")
            return {}
        self.problems += self.located.unknown_keys(path, value, allowed, "B002")
        for key in needed:
            if value.get(key) is None:
                self.wrong(path, "B003", f'"{key}" is missing', f"add {key}: …")
        return value

    def text(self, data: Mapping[str, Any], path: Path_, key: str) -> str:
        """A text of one line, "" without."""
        value = data.get(key, "")
        if not isinstance(value, str) or not value.isprintable() or len(value) > 500:
            self.wrong((*path, key), "B004", "is not a text of one line", f'{key}: "…"')
            return ""
        return value

    def choice(self, data: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
        """One of the known words; "" without, or where it is none."""
        value = data.get(key)
        if value is not None and value not in known:
            self.wrong(("proof", key), "B004", f'"{value}" is none that is known', ", ".join(known))
            return ""
        return str(value or "")

    def spots_of(self, value: Any, path: Path_) -> Spots:
        """A list of spots."""
        if not isinstance(value, list):
            self.wrong(path, "B004", "is not a list", "json: [Message]")
            return ()
        return tuple(self.spot(one, (*path, index)) for index, one in enumerate(value))

    def spots(self, value: Any, path: Path_) -> Spots:
        """Spots with | between them."""
        if not isinstance(value, str) or not value.strip():
            self.wrong(path, "B004", "names no spot", "keys with dots between them, as event-data.recipient; | for another try")
            return ()
        return tuple(self.spot(one.strip(), path) for one in value.split("|"))

    def spot(self, value: Any, path: Path_) -> Spot:
        """One spot; () for the whole document."""
        steps = tuple(value.split(".")) if isinstance(value, str) and value else ()
        if not isinstance(value, str) or not all(_STEP.fullmatch(step) for step in steps):
            self.wrong(path, "B004", f'"{value}" is no spot', "keys or list positions with dots between them: items.0.name")
            return ()
        return steps


def folded(kind: str) -> str:
    """A kind as it is looked up: without case, blanks at the ends or parts that say nothing at its end."""
    return "/".join(part.strip() for part in kind.casefold().split("/")).rstrip("/")


def digest_of(algorithm: str) -> Any:
    """The hash function of a name in `ALGORITHMS`."""
    return getattr(hashlib, algorithm)
