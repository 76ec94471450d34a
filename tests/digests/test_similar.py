"""Sentences that differ by a few words are alike; different figures keep them apart."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.digests.similar import alike, cosine, figures_agree, numbers, overlap, stems


def test_a_few_changed_words_and_endings_leave_sentences_alike():
    one = stems("Инспекционная группа не нашла расхождений между заявленными и фактическими вооружениями")
    two = stems("Инспекционная группа не выявила расхождений между заявленным и фактическим вооружением")
    assert alike(one, two)


def test_sentences_on_different_matters_are_not_alike():
    assert not alike(
        stems("The frigate made a port call in the harbour on Tuesday"),
        stems("The exercise of the brigade ended near the border"),
    )


def test_short_sentences_are_never_alike():
    assert not alike(stems("They left the port"), stems("They left the port"))


def test_other_figures_tell_another_event():
    assert not figures_agree(numbers("12 tanks came on 4 May"), numbers("20 tanks came on 4 May"))
    assert figures_agree(numbers("12 tanks came on 4 May"), numbers("12 tanks came"))


@given(st.frozensets(st.text(min_size=1, max_size=3)), st.frozensets(st.text(min_size=1, max_size=3)))
def test_overlap_is_symmetric_and_between_nothing_and_one(one, two):
    assert 0 <= overlap(one, two) == overlap(two, one) <= 1
    assert alike(one, two) == alike(two, one)


@given(st.frozensets(st.text(max_size=3)), st.frozensets(st.text(max_size=3)))
def test_cosine_is_symmetric_and_one_only_for_equal_sets(one, other):
    assert cosine(one, other) == cosine(other, one)
    assert 0 <= cosine(one, other) <= 1 + 1e-9
    assert (cosine(one, other) > 1 - 1e-9) == (one == other and bool(one))
