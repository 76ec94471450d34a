import time

import pytest

from monitor.rules.regex import MAX_WAYS, RegexWrong, bounded_regex
from monitor.text.fold import fold


def found(source, text, language="ru"):
    return [text[start:end] for start, end in bounded_regex(source, language).find(fold(text, language))]


@pytest.mark.parametrize(
    ("source", "text", "hits", "because"),
    [
        (r"\b[сc]-?[34]00\b", "Комплексы С-400 и C300, не 2400", ["С-400", "C300"], "spans are of the original"),
        (r"НАТОвск\w{0,9}", "натовские", ["натовские"], "the expression is folded as the text is"),
        (r"\bнато\b", "Наталья, НАТО, НАТОвский", ["НАТО"], "words end where letters of any script end"),
        (r"узмацн\w{0,9}", "ўзмацне\u0301ньне", ["ўзмацне\u0301ньне"], "marks are inside the hit"),
    ],
)
def test_expressions_find(source, text, hits, because):
    assert found(source, text, "be" if "ў" in text else "ru") == hits, because


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "empty"),
        ("(a", "does not parse"),
        ("a*", "without an upper bound"),
        ("a+?", "without an upper bound"),
        ("a{3,}", "without an upper bound"),
        ("(a{0,9}){0,9}b", "ways through"),
        ("(a|aa){1,30}b", "ways through"),
        ("(?=a)b", "looking around"),
        (r"(a)\1", "looking around"),
        ("a?", "matches nothing at all"),
    ],
)
def test_expressions_that_could_run_away_are_refused(source, says):
    with pytest.raises(RegexWrong, match=says):
        bounded_regex(source, "en")


def test_the_worst_allowed_expression_is_quick_on_the_worst_text():
    regex = bounded_regex("(?:a{0,15}){1,2}a{0,15}b", "en")
    assert 1000 < regex.ways <= MAX_WAYS
    text = fold("a" * 1000, "en")
    start = time.perf_counter()
    assert not list(regex.find(text))
    assert time.perf_counter() - start < 2
