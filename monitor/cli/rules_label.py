"""`monitor rules label`: marks stored articles as relevant or not for a rule; writes to the labels file and nowhere else."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape

from monitor import bootstrap
from monitor.cli.rules_given import Folder, known_rules, rules_folder
from monitor.cli.screen import counted, iso, json_line, say, say_folded, table
from monitor.cli.shared import as_json, settings, store
from monitor.model.article import Article
from monitor.model.errors import WrongUse
from monitor.model.match import Direction
from monitor.polling import document_of
from monitor.rules.labels import Label, in_force, labelled_articles
from monitor.rules.load import load_rules
from monitor.store.promises import ArticleQuery, Store
from monitor.trials.labels_file import add_labels, labels_in_force, labels_of, labels_path


@click.command("label")
@click.argument("rule", required=False)
@click.argument("articles", nargs=-1, metavar="[ARTICLE]…")
@click.option("--relevant/--not-relevant", default=True, help="Whether the rule should match; default that it should")
@click.option("--direction", type=click.Choice([direction.value for direction in Direction]), help="Which way the article points")
@click.option("--note", default="", help="Why, in a few words")
@click.option("--by", help="Who says so; default the user of this machine")
@click.option(
    "--remove", "act", flag_value="remove", help="Withdraw the marks of these articles for the rule, wherever they were made"
)
@click.option("--list", "act", flag_value="list", help="The marks in force, of a rule or of all, with where each was made")
@click.option("--export", "act", flag_value="export", help="The marked articles as JSON Lines, as `rules eval --file` reads them")
@click.option(
    "--import", "act", flag_value="import", help="Write the marks of the database into the file: readers' answers, the desk's"
)
@click.option("--labels", type=click.Path(path_type=Path), help="File of marks; default labels.jsonl beside the rules")
@Folder
@as_json
def label_verb(
    rule: str | None,
    articles: tuple[str, ...],
    act: str | None,
    labels: Path | None,
    folder: Path | None,
    as_json: bool,
    **mark: str | bool | None,
) -> None:
    """Mark stored articles (by id or address, or the beginning of either) as relevant or not for a rule.

    Marks are lines added to labels.jsonl in the folder of rules; a later one for the same article and rule replaces the earlier.
    Marks that readers made in editions count too; a line of the file stands above them.
    """
    here = rules_folder(folder)
    file = labels_path(here, labels)
    known = load_rules(here).by_id
    known_rules((rule,) if rule else (), known)
    if act in {"list", "export", "import"} and articles:
        raise WrongUse(f"--{act} takes a rule at most")
    if act in {"list", "export"}:
        box = store()
        chosen = [label for label in labels_in_force(file, box) if rule in (None, label.rule)]
        if act == "export":
            _export(chosen, tuple(known), box)
        else:
            _list(chosen, file, as_json)
        return
    if not (folder or labels or (settings().home / "rules").is_dir()):
        raise WrongUse("the rules that ship with the program keep no marks; copy them to your home folder, or give --labels FILE")
    added = _imported(rule, file) if act == "import" else _made(rule, articles, act, file, mark)
    add_labels(file, added)
    _tell(added, file, as_json)


def _imported(rule: str | None, file: Path) -> list[Label]:
    """Marks in force that the file does not hold yet."""
    kept = {(label.id, label.rule) for label in labels_of(file)}
    return [
        label for label in labels_in_force(file, store()) if (label.id, label.rule) not in kept and rule in (None, label.rule)
    ]


def _made(
    rule: str | None, articles: tuple[str, ...], act: str | None, file: Path, mark: dict[str, str | bool | None]
) -> list[Label]:
    if not rule or not articles:
        raise WrongUse("say which rule and which articles: monitor rules label RULE ARTICLE…")
    box = store()
    if act != "remove":
        return _marks(rule, _stored(articles, box), mark)
    known = [label for label in labels_in_force(file, box) if label.rule == rule]
    now, by = bootstrap.clock_of(settings())(), str(mark["by"] or getpass.getuser())
    found = {
        label.id: label for start in articles for label in known if label.id.startswith(start) or label.url.startswith(start)
    }
    strange = [
        start for start in articles if not any(label.id.startswith(start) or label.url.startswith(start) for label in known)
    ]
    if strange:
        raise WrongUse(f"no mark for {rule} on {', '.join(strange)}; nothing was withdrawn")
    return [Label(label.id, label.url, rule, None, None, by, now, str(mark["note"] or "")) for label in found.values()]


def _marks(rule: str, articles: Sequence[Article], mark: dict[str, str | bool | None]) -> list[Label]:
    relevant = bool(mark["relevant"])
    direction = Direction(str(mark["direction"])) if mark["direction"] else None
    if direction and not relevant:
        raise WrongUse("an article that is not relevant points nowhere: leave out --direction")
    now = bootstrap.clock_of(settings())()
    by, note = str(mark["by"] or getpass.getuser()), str(mark["note"] or "")
    return [Label(article.id, article.url, rule, relevant, direction, by, now, note) for article in articles]


def _stored(beginnings: Sequence[str], box: Store) -> list[Article]:
    """The stored articles named, each by a beginning that no other shares.

    Raises:
        WrongUse: Says for each beginning that is none or several how many begin so.
    """
    everything = [item.article for item in box.articles(ArticleQuery())]
    found: dict[str, Article] = {}
    strange = []
    for start in beginnings:
        hits = [
            article
            for article in everything
            if any(known.startswith(start) for known in (article.id, article.url, article.canonical_url))
        ]
        exact = [article for article in hits if start in (article.id, article.url, article.canonical_url)]
        if len(exact or hits) == 1:
            article = (exact or hits)[0]
            found[article.id] = article
        else:
            strange.append(f"{len(hits)} stored articles begin with {start}")
    if strange:
        raise WrongUse("; ".join(strange) + "; nothing was marked")
    return list(found.values())


def _tell(added: Sequence[Label], file: Path, as_json: bool) -> None:
    for label in added:
        if as_json:
            json_line(_label_json(label))
        else:
            say_folded(f"[green]✓[/green] {escape(label.id)}  {_meaning(label)}  {escape(label.url)}", 2)
    if not as_json:
        say(
            f"{counted(len(added), 'line')} added to {escape(str(file))}, {counted(len(in_force(labels_of(file))), 'mark')} there"
        )


def _meaning(label: Label) -> str:
    if label.relevant is None:
        return f"[yellow]withdrawn[/yellow] for {label.rule}"
    word = "[green]relevant[/green]" if label.relevant else "[red]not relevant[/red]"
    return f"{word} for {label.rule}" + (f", {label.direction.value}" if label.direction else "")


def _label_json(label: Label) -> dict[str, object]:
    return {
        "id": label.id,
        "url": label.url,
        "rule": label.rule,
        "relevant": label.relevant,
        "direction": label.direction.value if label.direction else None,
        "by": label.by,
        "at": iso(label.at),
        "note": label.note,
        "source": label.source.value,
        "edition": label.edition,
    }


def _list(labels: Sequence[Label], file: Path, as_json: bool) -> None:
    if as_json:
        for label in labels:
            json_line(_label_json(label))
        return
    rows = [
        (
            escape(label.id),
            label.rule,
            "relevant" if label.relevant else "not relevant",
            label.direction.value if label.direction else "–",
            escape(f"{label.by} ({label.origin})" if label.by and label.edition else label.by or label.origin),
            f"{label.at:%Y-%m-%d}",
            escape(label.url + (f"  ({label.note})" if label.note else "")),
        )
        for label in labels
    ]
    if rows:
        table(("article", "rule", "mark", "direction", "from", "at", "address"), rows, wrap=False)
    in_file = {(label.id, label.rule) for label in labels_of(file)}
    filed = sum((label.id, label.rule) in in_file for label in labels)
    say(f"{counted(len(labels), 'mark')}: {filed} in {escape(str(file))}, {len(labels) - filed} in the database")


def _export(labels: Sequence[Label], rules: tuple[str, ...], box: Store) -> None:
    stored = box.articles(ArticleQuery(ids=tuple({label.id for label in labels}))) if labels else ()
    articles = {item.article.id: item.article for item in stored}
    documents = {name: document_of(article) for name, article in articles.items()}
    for labelled in labelled_articles(labels, documents, rules):
        article = articles[labelled.document.id]
        json_line(
            {
                "id": article.id,
                "url": article.url,
                "title": article.title,
                "text": article.text,
                "date": f"{article.published:%Y-%m-%d}",
                "lang": article.language,
                "labels": sorted(labelled.required),
                "also_ok": sorted(labelled.allowed),
                "direction": labelled.direction.value if labelled.direction else None,
                "source": {
                    "name": article.source.name,
                    "stance": article.source.stance.value,
                    "country": article.source.country,
                    "feed": article.feed_id,
                },
            }
        )
