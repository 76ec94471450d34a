import base64

from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.tokens import (
    TOKEN_LENGTH,
    Purpose,
    digest_hash,
    is_mark_token,
    key_id,
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


@given(ids, st.sampled_from(Purpose), st.sampled_from(Purpose))
def test_a_token_of_one_purpose_is_worthless_for_another(subscription, made_for, used_for):
    token = make_token(SECRET, made_for, subscription, "weekly")
    assert (read_token(SECRET, used_for, token) is not None) == (made_for is used_for)
    assert read_token(b"another secret", made_for, token) is None


@given(ids, st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4, unique=True), st.sampled_from(Purpose))
def test_tokens_of_every_secret_in_force_are_good_and_those_of_a_dropped_one_are_not(subscription, secrets, purpose):
    *kept, dropped = secrets
    for secret in kept:
        claim = read_token(tuple(kept), purpose, make_token(secret, purpose, subscription, "weekly"))
        assert claim is not None
        assert claim.of("weekly")
        assert not claim.of("monthly")
    assert read_token(tuple(kept), purpose, make_token(dropped, purpose, subscription, "weekly")) is None


def test_a_token_names_the_secret_it_was_made_with():
    raw = base64.urlsafe_b64decode(make_token(SECRET, Purpose.BOUNCE, 1, "weekly"))
    assert raw[1] == key_id(SECRET)
    assert 1 <= key_id(SECRET) <= 255


def test_an_unsubscribe_link_of_a_mail_sent_before_keys_had_names_still_works():
    """Made by this program before tokens named their key: such links are in people's mailboxes, and never expire."""
    old = "AQAAAAAAAAAAB17cqiQyTqd5yIbJS79cTlcQZS9j"
    claim = read_token((b"newer", b"secret"), Purpose.UNSUBSCRIBE, old)
    assert claim is not None
    assert (claim.subscription, claim.of("weekly")) == (7, True)
    assert read_token(b"newer", Purpose.UNSUBSCRIBE, old) is None
    assert read_token(b"secret", Purpose.MANAGE, old) is None


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


def test_message_ids_are_what_they_were_when_the_first_mail_was_frozen():
    """A mail sent again after an upgrade must be known for the same one."""
    assert message_id(SECRET, "weekly/2019-03-11", 1, 1, "news.example.org") == (
        "<weekly.2019-03-11.18248fbcf9fbece59af4eb307a013b5a@news.example.org>"
    )


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_a_mark_token_fits_its_edition_and_story_only(edition, story):
    token = mark_token(SECRET, edition, story)
    assert len(token) == 22
    assert is_mark_token(SECRET, edition, story, token)
    assert not is_mark_token(SECRET, edition + "x", story, token)
    assert not is_mark_token(SECRET, edition, story + "x", token)
    assert not is_mark_token(b"another secret", edition, story, token)
    assert is_mark_token((b"another secret", SECRET), edition, story, token)


@given(st.text(max_size=40))
def test_any_text_in_place_of_a_mark_token_is_refused_without_an_error(text):
    assert not is_mark_token(SECRET, "weekly/2019-03-11", "s1", text)
