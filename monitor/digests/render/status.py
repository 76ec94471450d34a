"""Puts a status into print: arrow, word, sentence, and the counted cues that argue for it."""

from __future__ import annotations

from monitor.digests.render.clean import printable
from monitor.digests.render.idiom import Idiom
from monitor.digests.render.sentences import cite_view
from monitor.digests.render.view import CueView, StatusView
from monitor.model.edition import CountedCue, Status, Verdict
from monitor.text.locale import join_list

ARROWS = {Verdict.BETTER: "↑", Verdict.WORSE: "↓", Verdict.UNCHANGED: "→"}

SHOWN = 3
"""How many counted cues the one-line argument names."""

TELLING_WORDS = 3
"""Words from which a cue speaks for itself; shorter ones are shown with what stands around them."""
LONGEST_CUE = 9
"""Words of a cue that are printed; of a longer one its two ends."""


def status_view(status: Status, idiom: Idiom) -> StatusView:
    """A status with its argument, in full and in one line."""
    name = status.verdict.value
    return StatusView(
        verdict=name,
        arrow=ARROWS[status.verdict],
        word=idiom.words.say(f"verdict.{name}.word"),
        sentence=idiom.words.say(f"verdict.{name}.sentence"),
        reason=printable(status.reason),
        argument=_argument(status, idiom),
        balance=_balance(status, idiom),
        override=_override(status, idiom),
        cues=tuple(_cue(cue, idiom) for cue in status.cues),
    )


def _override(status: Status, idiom: Idiom) -> str:
    return idiom.words.say("status.override", reason=printable(status.override)) if status.override else ""


def _balance(status: Status, idiom: Idiom) -> str:
    threshold = idiom.signed(status.threshold).lstrip("+")
    balance = idiom.words.say("status.balance", balance=idiom.signed(status.balance), threshold=threshold)
    sources = idiom.words.count("status.sources", status.independent_sources)
    return f"{balance}; {sources}"


def _argument(status: Status, idiom: Idiom) -> str:
    counted = [cue for cue in status.cues if cue.counted]
    parts = [_override(status, idiom)] if status.override else []
    parts.append(_balance(status, idiom))
    if counted:
        said: dict[str, float] = {}
        for cue in counted:
            words = "".join(_quoted(in_context(cue.text, cue.sentence), idiom))
            said[words] = said.get(words, 0.0) + cue.score
        named = [f"{words} {idiom.signed(score)}" for words, score in list(said.items())[:SHOWN]]
        more = len(said) - len(named)
        if more:
            named.append(idiom.words.count("cite.more", more))
        parts.append(", ".join(named))
    else:
        parts.append(idiom.words.say("status.no_cues"))
    return "; ".join(parts)


def in_context(cue: str, sentence: str) -> str:
    """A cue as a reader can judge it: one or two words with their neighbours in the sentence, a long one cut in its middle."""
    words, around = cue.split(), " ".join(sentence.split())
    if len(words) > LONGEST_CUE:
        return f"{' '.join(words[:4])} … {' '.join(words[-4:])}"
    at = around.find(cue)
    if len(words) >= TELLING_WORDS or at < 0:
        return cue
    side = TELLING_WORDS - 1
    before, after = around[:at].split(), around[at + len(cue) :].split()
    glued = bool(before) and not around[:at].endswith(" "), bool(after) and not around[at + len(cue) :].startswith(" ")
    left, right = before[-side - glued[0] :], after[: side + glued[1]]
    text = f"{' '.join(left)}{'' if glued[0] or not left else ' '}{cue}{'' if glued[1] or not right else ' '}{' '.join(right)}"
    text = text.rstrip(",;:.–—- ")
    return f"{'… ' if len(left) < len(before) else ''}{text}{' …' if len(right) < len(after) else ''}"


def _quoted(text: str, idiom: Idiom) -> tuple[str, str, str]:
    text = printable(text)
    before, after = idiom.quotes(text)
    return before, text, after


def quoted_list(texts: tuple[str, ...], idiom: Idiom, most: int) -> str:
    """Words in quotation marks, joined as the language joins; those beyond `most` are counted."""
    quoted = ["".join(_quoted(text, idiom)) for text in texts]
    if len(quoted) <= most + 1:
        return join_list(quoted, idiom.language)
    return ", ".join(quoted[:most]) + ", " + idiom.words.count("cite.more", len(quoted) - most)


def _cue(cue: CountedCue, idiom: Idiom) -> CueView:
    before, sentence, after = _quoted(cue.sentence, idiom)
    verdict = idiom.words.say("status.counted" if cue.counted else "status.not_counted")
    return CueView(
        score=idiom.signed(cue.score),
        text="".join(_quoted(cue.text, idiom)),
        lang=idiom.foreign(cue.citation.source.language),
        sentence=sentence,
        before=before,
        after=after,
        counted=cue.counted,
        verdict=f"{verdict}: {printable(cue.why_not)}" if cue.why_not and not cue.counted else verdict,
        cite=cite_view(cue.citation, idiom),
    )
