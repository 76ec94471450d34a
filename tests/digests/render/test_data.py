"""The JSON of an edition has the contract's names, and its texts are verbatim."""

import json

from monitor.digests.render.data import edition_json

SENTENCE = {"text", "role", "date", "article", "url", "span", "source", "stance"}


def test_contract_of_an_edition(edition):
    data = edition_json(edition)
    assert {"window", "sections", "coverage", "watch", "language", "digest"} <= set(data)
    assert data["window"] == {
        "start": "2019-03-04T05:00:00Z",
        "end": "2019-03-11T05:00:00Z",
        "week": "2019-W10",
        "first_day": "2019-03-04",
        "last_day": "2019-03-10",
        "line": "March 4 – March 10, 2019",
        "weeks": 1,
        "by_publication": False,
    }
    item = data["sections"][0]["items"][0]
    assert {"headline", "thesis", "status", "sentences", "sources", "copies", "similar", "one_sided", "matched"} <= set(item)
    assert all(set(sentence) >= SENTENCE for sentence in item["sentences"])
    json.dumps(data)


def test_a_verbatim_sentence_carries_its_whole_citation(edition):
    sentence = edition_json(edition)["sections"][0]["items"][0]["sentences"][2]
    assert sentence["role"] == "event"
    assert (sentence["date"], sentence["article"], sentence["span"]) == ("2019-03-05", "attache_arrives", [0, 117])
    assert (sentence["source"], sentence["stance"]) == ("Embassy of Orland", "western-government")
    assert [also["source"] for also in sentence["also"]] == ["Vayar Press", "The Lumen Courier"]
    assert sentence["paragraph"] == 1


def test_own_words_have_no_citation(edition):
    item = edition_json(edition)["sections"][0]["items"][0]
    own = item["sentences"][0]
    assert own["own"] is True
    assert all(own[name] is None for name in ("article", "url", "span", "source", "stance", "date"))
    assert item["thesis"].startswith("The Vayar leadership has moved its talks")
    assert item["thesis"].endswith("between visits.")


def test_an_undated_sentence_takes_the_day_of_its_article(edition):
    sentences = edition_json(edition)["sections"][0]["items"][0]["sentences"]
    undated = next(sentence for sentence in sentences if sentence["text"].startswith("Orland’s last"))
    assert undated["date"] == "2019-03-06"
    assert undated["date_from"] == "named"


def test_status_has_its_counted_cues(edition):
    status = edition_json(edition)["sections"][0]["items"][0]["status"]
    assert (status["verdict"], status["balance"], status["threshold"], status["independent_sources"]) == ("better", 3.5, 2.0, 3)
    assert [(cue["text"], cue["score"], cue["counted"]) for cue in status["cues"]][2] == ("без рэформаў", -1.0, False)
    assert status["cues"][2]["why_not"] == "commentary, not an act"
    assert sum(cue["score"] for cue in status["cues"] if cue["counted"]) == status["balance"]


def test_hostile_text_stays_verbatim_in_data(sample):
    item = sample.hostile_edition().sections[0].items[0]
    assert edition_json(sample.hostile_edition())["sections"][0]["items"][0]["sentences"][0]["text"] == item.sentences[0].text


def test_counts_come_in_one_order(edition):
    assert list(edition_json(edition)["coverage"]["by_stance"]) == [
        "state",
        "independent",
        "exile",
        "neighbour",
        "alliance",
        "think-tank",
    ]
