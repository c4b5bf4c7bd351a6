"""A back-test in the reader's words (pure): how many alerts, examples, and what to know before saving."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.words.addresses import host_of, linkable
from bot.words.language import Voice
from bot.words.text import Foreign, Styled, TextBuilder, direction_mark, shorten
from monitors.backtesting import BackTest, Caution, Example, Gain, Overlap
from monitors.query.language.printing import show
from monitors.query.widening import Step
from monitors.snippets import Segment, segments, snippets, united
from monitors.watchlists import Watch

MAX_TITLE = 160
MAX_QUOTE = 160
MAX_QUERY = 80
MOST_OVERLAPS = 2
"""Code points of an example's title, of what is quoted of its text, and of another watch; watches named."""


def add_trial(builder: TextBuilder, result: BackTest, others: Mapping[int, Watch], speech: Voice) -> None:
    """What the query would have brought in the last seven days."""
    add_sum(builder, result.matches, speech, cut=result.cut)
    for caution in result.cautions:
        if caution is not Caution.FINDS_NOTHING:
            builder.line("⚠️ {caution}", caution=_caution(caution, speech))
    for overlap in result.overlaps[:MOST_OVERLAPS]:
        _add_overlap(builder, overlap, others[overlap.watch_id], speech)
    for example in result.examples:
        add_example(builder, example)


def add_sum(builder: TextBuilder, alerts: int, speech: Voice, *, cut: bool) -> None:
    """How many alerts there would have been in seven days; `cut` when older articles of these were not looked at."""
    if cut and not alerts:
        counted = speech.say("No alerts lately")
    elif cut:
        counted = speech.count("More than {n} alert lately", "More than {n} alerts lately", alerts)
    else:
        counted = speech.count("{n} alert in the last 7 days", "{n} alerts in the last 7 days", alerts)
    builder.line("📊 {sum}", sum=Styled(counted.replace("{n}", str(alerts)), ("bold",)))
    if cut:
        builder.line(speech.say("I looked at the newest articles only."))


def wider_forms(result: BackTest) -> list[tuple[int, Gain]]:
    """What would find more, best first, with its place among all; what lacks a part is no other form."""
    found = [
        (place, gain) for place, gain in enumerate(result.gains) if gain.more and gain.wider.step is not Step.WITHOUT
    ]
    return sorted(found, key=lambda each: -each[1].more)


def gain_label(gain: Gain) -> str:
    return f"{shorten(show(gain.wider.part), 14)} +{gain.more}"


def add_example(builder: TextBuilder, example: Example) -> None:
    """An article: outlet, host and time; its title; and what stands around the match unless that is in the title."""
    article = example.article
    builder.line().start_line().add("▫️ ").add_foreign(shorten(article.outlet, 60), "bold").add(" · ")
    builder.add_foreign(host_of(article.url), url=linkable(article.url))
    if article.at is not None:
        builder.add(" · ").add_time(article.at)
    if title := shorten(article.fields.get("title", ""), MAX_TITLE):
        builder.start_line(direction_mark(title))
        _add(builder, segments(title, united([example.spans.get("title", ())], len(title))), "underline")
    text, places = article.fields.get("text", ""), example.spans.get("text", ())
    if not example.spans.get("title") and places:
        builder.start_line(direction_mark(text))
        _add(builder, _short(snippets(text, places[:1])[0]), "underline")


def _short(pieces: Sequence[Segment]) -> list[Segment]:
    """The pieces without what is far from the matches."""
    met = [place for place, piece in enumerate(pieces) if piece.matched]
    before = "".join(piece.text for piece in pieces[: met[0]])
    after = "".join(piece.text for piece in pieces[met[-1] + 1 :])
    if len(before) > MAX_QUOTE // 2:
        before = "… " + before[-MAX_QUOTE // 2 :].partition(" ")[2]
    if len(after) > MAX_QUOTE // 2:
        after = after[: MAX_QUOTE // 2].rpartition(" ")[0] + " …"
    return [Segment(before), *pieces[met[0] : met[-1] + 1], Segment(after)]


def _add(builder: TextBuilder, pieces: list[Segment], kind: str) -> None:
    for piece in pieces:
        builder.add_quoted(piece.text, *((kind,) if piece.matched else ()))


def _caution(caution: Caution, speech: Voice) -> str:
    match caution:
        case Caution.CANNOT_BE_MET:
            return speech.say("No article can ever meet it: it asks for what it or its list rules out.")
        case Caution.TOO_BROAD:
            return speech.say("Too broad: more than 50 a day. Add a word it must contain, or take a daily digest.")
        case Caution.ONLY_OLD:
            return speech.say("It finds only what is some days old.")
        case Caution.FINDS_NOTHING:
            return speech.say("It found nothing lately.")


def _add_overlap(builder: TextBuilder, overlap: Overlap, watch: Watch, speech: Voice) -> None:
    words = Foreign(shorten(watch.query, MAX_QUERY), ("bold",))
    if overlap.same:
        builder.line("⚠️ {same}", same="").fill(speech.say("The watch {words} is just the same."), words=words)
    else:
        builder.line("ℹ️ {part}", part="").fill(speech.say("The watch {words} finds most of it already."), words=words)
