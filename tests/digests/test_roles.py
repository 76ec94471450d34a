"""A sentence is event, claim, background, outlook, or context that is not printed; and always has its day and reason."""

from datetime import date

import pytest

from monitor.digests.roles import cast, settle, tells_the_past
from monitor.digests.scope import scope_of
from monitor.digests.sentences import tell_article, unfit
from monitor.model.edition import Role
from monitor.model.feed import Stance

CASES = [
    ("The frigate of Norrland made a port call in Port Selma on 4 May.", Role.EVENT, "2021-05-04", "named"),
    ("The frigate of Norrland made a port call in Port Selma on Tuesday.", Role.EVENT, "2021-05-04", "relative"),
    ("The frigate of Norrland made a port call in Port Selma.", Role.EVENT, "2021-05-05", "publication"),
    ("The navy said on Tuesday that the port call would go on.", Role.EVENT, "2021-05-04", "relative"),
    ("The mayor accused the frigate on 4 May of a port call without leave.", Role.CLAIM, "2021-05-04", "named"),
    ("According to the mayor, the frigate has no leave for a port call.", Role.CLAIM, "2021-05-05", "publication"),
    (
        "“We will open the port to each and every frigate of this world,” the mayor said on 4 May.",
        Role.CLAIM,
        "2021-05-04",
        "named",
    ),
    ("The frigate had made its last port call on 12 March.", Role.BACKGROUND, "2021-03-12", "named"),
    ("The frigate was built in 2009 for a port call like this.", Role.BACKGROUND, "2009-01-01", "named"),
    ("Another frigate will make a port call on 20 May.", None, "2021-05-05", "publication"),
    ("A second frigate will make a port call on 20 May.", Role.OUTLOOK, "2021-05-20", "named"),
    ("A second frigate is expected to make a port call.", Role.OUTLOOK, "2021-05-05", "publication"),
    ("The weather was fine in the whole town on 4 May.", None, "2021-05-05", "publication"),
    ("He made a port call with the frigate on 4 May.", None, "2021-05-05", "publication"),
    ("The frigate left the port on Saturday, 1 May, after two days.", Role.EVENT, "2021-05-01", "named"),
    ("The frigate can make a port call, as it did on 4 May.", Role.OUTLOOK, "2021-05-05", "publication"),
    ("The frigate keeps its port call open, as it did on 4 May.", Role.EVENT, "2021-05-05", "publication"),
    ("The frigate of Norrland has made a port call this week.", Role.EVENT, "2021-05-05", "publication"),
    ("Valdis opened it to the frigate on 4 May for a port call.", None, "2021-05-05", "publication"),
    ("Without guests in September, the frigate can make a port call.", Role.OUTLOOK, "2021-09-01", "named"),
    ("The Port Treaty of 19 November 1990 allows a frigate to call.", Role.EVENT, "2021-05-05", "publication"),
]


@pytest.mark.parametrize(("text", "role", "day", "known"), CASES, ids=[case[0] for case in CASES])
def test_sentence_gets_its_role_and_day(world, text, role, day, known):
    scope = scope_of(world.inputs(), "en")
    item = world.article("a", "Title", f"{text}\nThe frigate is on a port call.", day=5)
    found = cast(tell_article(item, ("port-calls",), scope)[0], scope)
    assert (found.role, found.day, found.day_from) == (role, date.fromisoformat(day), known)
    assert found.reason


def test_undated_sentence_below_the_lead_is_context(world):
    scope = scope_of(world.inputs(), "en")
    text = "\n".join(["The frigate of Norrland made a port call in Port Selma."] * 4)
    told = tell_article(world.article("a", "Title", text), ("port-calls",), scope)
    assert [cast(one, scope).role for one in told] == [Role.EVENT] * 3 + [None]


def test_word_of_a_think_tank_is_a_claim(world):
    scope = scope_of(world.inputs(), "en")
    text = "The frigate of Norrland made a port call on 4 May.\nIts crew made a port call of the frigate a habit."
    told = tell_article(world.article("a", "Title", text, stance=Stance.THINK_TANK), ("port-calls",), scope)
    assert cast(told[0], scope).role is Role.CLAIM


def test_lead_that_says_how_things_are_is_context(world):
    scope = scope_of(world.inputs(), "en")
    text = "The frigate lies in the port for its port call.\nThe port call goes on as the frigate likes.\nThe frigate ended the port call."
    told = tell_article(world.article("a", "Title", text), ("port-calls",), scope)
    assert [cast(one, scope).role for one in told] == [Role.EVENT, None, Role.EVENT]


def test_what_an_article_looks_back_on_is_background(world):
    """Below the lead, a day of the window before the article's own and the main event's: "Earlier, …"."""
    scope = scope_of(world.inputs(), "en")
    lines = [f"The frigate made port call number {count} on 6 May." for count in ("one", "two", "three")]
    text = "\n".join([*lines, "The frigate made a port call in another harbour on 4 May."])
    casts = [cast(one, scope) for one in tell_article(world.article("a", "Title", text, day=6), ("port-calls",), scope)]
    assert [one.role for one in casts] == [Role.EVENT] * 4
    assert [one.role for one in settle(casts, scope)] == [Role.EVENT] * 3 + [Role.BACKGROUND]
    assert settle([], scope) == []


def test_month_orders_a_sentence_but_is_no_day_to_print(world):
    scope = scope_of(world.inputs(), "en")
    (told,) = tell_article(world.article("a", "T", "The frigate made its first port call in March 2016."), ("port-calls",), scope)
    assert not cast(told, scope).exact
    assert tells_the_past(told, scope)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The port call of a frigate", "6 words"),
        ("Too short here.", "3 words"),
        ("The frigate made a port call and then it went...", "cut off"),
        ("The frigate made a port call in the harbour", "stop"),
        ("However, the frigate made a port call in the harbour.", "leans"),
        ("The port call of the frigate he called a mistake.", "who speaks"),
        ("The frigate made a port call (in the harbour.", "open"),
        ("Subscribe to our channel about the frigate and the port.", "page"),
        ("Is the frigate on a port call in the harbour?", "stop"),
    ],
)
def test_sentence_that_cannot_stand_alone_says_why(text, why):
    reason = unfit(text, "en", len(text.split()))
    assert why in reason or (why == "6 words" and "stop" in reason)


def test_dateline_is_outside_the_sentence_and_the_span_is_exact(world):
    scope = scope_of(world.inputs(), "en")
    text = "PORT SELMA, 4 May (Agency) – The frigate of Norrland made a port call on Tuesday."
    (told,) = tell_article(world.article("a", "Title", text), ("port-calls",), scope)
    assert told.text == text[told.start : told.end] == "The frigate of Norrland made a port call on Tuesday."


def test_title_only_article_has_no_sentences(world):
    scope = scope_of(world.inputs(), "en")
    assert (
        tell_article(world.article("a", "Title", "The frigate made a port call.", title_only=True), ("port-calls",), scope) == ()
    )
