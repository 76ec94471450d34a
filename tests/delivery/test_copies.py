"""Copies made fast have the bytes of those made one by one, wherever the words fall."""

import random
import re
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.delivery import copies
from monitor.delivery.copies import Hole, Lines, Slot, copier, put_together, take_apart, words_of
from monitor.delivery.message import build_message
from monitor.model.edition import PREFERENCES_TOKEN, UNSUBSCRIBE_TOKEN

GOLDEN = Path(__file__).parents[1] / "golden" / "editions"
TEXTS = st.text(alphabet=st.sampled_from("abc .=-\n\té<>&Жыўя€—"), max_size=200)
TOKENS = st.sampled_from([UNSUBSCRIBE_TOKEN, PREFERENCES_TOKEN, ""])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.tuples(TEXTS, TOKENS), max_size=5), number=st.integers(0, 2**32))
def test_every_copy_is_the_message_built_for_it_to_the_last_byte(make, parts, number):
    prose = "".join(text + token for text, token in parts)
    letter = make.letter(mail_html=f"<html>{prose}</html>", mail_text=prose)
    copy = copier(letter, make.sender)
    for person in (make.subscription(number), make.subscription(number + 1, "another.one@a-long-domain.example.org")):
        assert copy(person) == build_message(letter, person, make.sender)


@pytest.mark.parametrize("language", ["en", "ru", "be"])
def test_a_whole_edition_is_copied_without_being_built_again(make, monkeypatch, language):
    page, text = (GOLDEN.joinpath(f"sample.{language}.mail.{kind}").read_text(encoding="utf-8") for kind in ("html", "txt"))
    letter = make.letter(mail_html=page, mail_text=text, language=language)
    sender = replace(make.sender, bounce="b@bounce.example.org")
    people = [make.subscription(number, f"{'r' * (number % 40)}{number}@example.org") for number in (1, 2, 300, 70_000, 2**31)]
    built = [build_message(letter, person, sender) for person in people]
    copy = copier(letter, sender)
    monkeypatch.setattr(copies, "build_message", None)
    assert [copy(person) for person in people] == built


@pytest.mark.parametrize("shift", range(0, 80, 7))
@pytest.mark.parametrize("letters", ["latin", "Жыўя"], ids=["quoted-printable", "base64"])
def test_words_are_found_wherever_a_line_ends_in_them(make, monkeypatch, shift, letters):
    prose = f"{(letters * 40)[:shift]}{UNSUBSCRIBE_TOKEN} {(letters * 40)[:140]} {PREFERENCES_TOKEN}"
    letter = make.letter(mail_html=f"<html>{prose}</html>", mail_text=prose)
    expected = build_message(letter, make.subscription(), make.sender)
    copy = copier(letter, make.sender)
    monkeypatch.setattr(copies, "build_message", None)
    assert copy(make.subscription()) == expected
    encodings = {
        part["Content-Transfer-Encoding"] for part in message_from_bytes(expected.body).walk() if not part.is_multipart()
    }
    assert encodings == ({"base64"} if letters == "Жыўя" else {"quoted-printable"})


def test_nothing_of_the_mail_it_was_taken_from_is_left_in_a_copy(make):
    letter = make.letter()
    body = copier(letter, make.sender)(make.subscription()).body
    probe = copies._probe(letter, copies._PROBES[0])
    for word in words_of(letter, probe, make.sender).values():
        assert word not in body


def test_pieces_put_together_with_their_own_words_are_the_mail(make):
    letter, person = make.letter(), make.subscription()
    words = words_of(letter, person, make.sender)
    body = build_message(letter, person, make.sender).body
    pieces = take_apart(body, words)
    assert put_together(pieces, words) == body
    slots = {piece.slot for piece in pieces if isinstance(piece, Hole)}
    slots |= {one.slot for piece in pieces if isinstance(piece, Lines) for one in piece.content if isinstance(one, Hole)}
    assert slots >= {Slot.RECIPIENT, Slot.MESSAGE_ID, Slot.BOUNDARY, Slot.LEAVE}


def test_a_letter_whose_copies_would_differ_is_built_each_time(make, monkeypatch):
    """Were a message ever to hold something of its reader that is in no slot, copies are slow, and right."""

    def odd(letter, subscription, sender):
        made = build_message(letter, subscription, sender)
        return replace(made, body=made.body + f"number {subscription.id}\r\n".encode())

    monkeypatch.setattr(copies, "build_message", odd)
    letter, person = make.letter(), make.subscription()
    assert copier(letter, make.sender)(person) == odd(letter, person, make.sender)


def test_copies_take_a_small_part_of_the_time_of_building(make):
    """Counted in calls, not in seconds: the letter is built twice and then never again."""
    calls = []

    def counted(*arguments):
        calls.append(1)
        return build_message(*arguments)

    letter = make.letter(mail_html="<html>" + "Обзор недели. " * 3000 + UNSUBSCRIBE_TOKEN, mail_text=UNSUBSCRIBE_TOKEN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copies, "build_message", counted)
        copy = copier(letter, make.sender)
        bodies = {copy(make.subscription(number, f"r{random.Random(number).random()}@example.org")).body for number in range(50)}
    assert (len(calls), len(bodies)) == (2, 50)
    assert all(len(re.findall(rb"(?m)^To: r0\.", body)) == 1 for body in bodies)
