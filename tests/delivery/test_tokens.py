from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.tokens import (
    TOKEN_LENGTH,
    Purpose,
    digest_hash,
    is_mark_token,
    make_token,
    mark_token,
    message_id,
    read_token,
)

SECRET = b"a secret for tests"
ids = st.integers(min_value=0, max_value=2**64 - 1)


@given(ids, st.text(min_size=1, max_size=20), st.sampled_from(Purpose))
def test_a_token_reads_back_as_what_it_was_made_for(subscription, digest, purpose):
    token = make_token(SECRET, purpose, subscription, digest)
    assert len(token) == TOKEN_LENGTH
    claim = read_token(SECRET, purpose, token)
    assert claim is not None
    assert (claim.subscription, claim.digest_hash) == (subscription, digest_hash(digest))


@given(ids)
def test_a_token_of_one_purpose_is_worthless_for_another(subscription):
    token = make_token(SECRET, Purpose.UNSUBSCRIBE, subscription, "weekly")
    assert read_token(SECRET, Purpose.CONFIRM, token) is None
    assert read_token(b"another secret", Purpose.UNSUBSCRIBE, token) is None


@given(ids, st.integers(min_value=0, max_value=TOKEN_LENGTH - 1), st.sampled_from("ABCDEFGHabcdefgh0123456789-_"))
def test_one_changed_character_spoils_a_token(subscription, place, letter):
    token = make_token(SECRET, Purpose.UNSUBSCRIBE, subscription, "weekly")
    changed = token[:place] + letter + token[place + 1 :]
    if changed != token:
        assert read_token(SECRET, Purpose.UNSUBSCRIBE, changed) is None


@given(st.text(max_size=60))
def test_any_text_in_place_of_a_token_is_refused_without_an_error(text):
    assert read_token(SECRET, Purpose.UNSUBSCRIBE, text) is None


def test_message_id_is_stable_keyed_and_different_for_each_reader():
    one = message_id(SECRET, "weekly/2019-03-11", 1, 1, "news.example.org")
    assert one == message_id(SECRET, "weekly/2019-03-11", 1, 1, "news.example.org")
    assert one != message_id(SECRET, "weekly/2019-03-11", 2, 1, "news.example.org")
    assert one != message_id(SECRET, "weekly/2019-03-11", 1, 2, "news.example.org")
    assert one != message_id(b"other", "weekly/2019-03-11", 1, 1, "news.example.org")
    assert one.startswith("<weekly.2019-03-11.")
    assert one.endswith("@news.example.org>")


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_a_mark_token_fits_its_edition_and_story_only(edition, story):
    token = mark_token(SECRET, edition, story)
    assert len(token) == 22
    assert is_mark_token(SECRET, edition, story, token)
    assert not is_mark_token(SECRET, edition + "x", story, token)
    assert not is_mark_token(SECRET, edition, story + "x", token)
    assert not is_mark_token(b"another secret", edition, story, token)


@given(st.text(max_size=40))
def test_any_text_in_place_of_a_mark_token_is_refused_without_an_error(text):
    assert not is_mark_token(SECRET, "weekly/2019-03-11", "s1", text)
