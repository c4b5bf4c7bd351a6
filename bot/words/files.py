"""Files of watches in the reader's words: what cannot be read, and what the rest would bring together (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from bot.words.language import Voice
from bot.words.query_errors import add_query_error
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from bot.words.trials import add_example, add_sum
from monitors.errors import QueryError
from monitors.trying import TrialOfMany
from monitors.watch_files import BadRow, format_to_read
from monitors.watchlists import FileFormat

MOST_ROWS = 5
MOST_NAMED = 8
MAX_QUERY = 80
"""Bad rows shown, watches named, and code points of each."""


def form_words(name: str, speech: Voice) -> str:
    """What a file that is not of the form its name promises has to be like."""
    match format_to_read(name):
        case FileFormat.TOML:
            return speech.say("This is not a valid TOML file. Each watch is a table [[watch]] with a query.")
        case FileFormat.JSONL:
            return speech.say("Each line must be one JSON object with a query.")
        case _:
            return speech.say("The first line must name the columns, one of them query; or write a watch on each line.")


def add_bad_rows(builder: TextBuilder, bad: Sequence[BadRow], speech: Voice) -> None:
    """The rows that cannot be read: where they are, what they say and why not."""
    if not bad:
        return
    count = speech.count("{n} line cannot be read:", "{n} lines cannot be read:", len(bad))
    builder.line().line("❗ {count}", count=Styled(count.replace("{n}", str(len(bad))), ("bold",)))
    for row in bad[:MOST_ROWS]:
        builder.line(speech.say("Line {n}: {words}"), n=row.line, words=Foreign(shorten(row.query, MAX_QUERY) or "–"))
        _add_reason(builder, row, speech)
    if (more := len(bad) - MOST_ROWS) > 0:
        builder.line(speech.count("and {n} more line", "and {n} more lines", more), n=more)


def _add_reason(builder: TextBuilder, row: BadRow, speech: Voice) -> None:
    match row.column:
        case "match":
            builder.line(speech.say("Under match stands exact, normal or wide."))
        case "state":
            builder.line(speech.say("Under state stands active or paused."))
        case "lang":
            builder.line(speech.say("Under lang stands the code of a language, such as ar or en."))
        case "watchlist":
            builder.line(speech.say("Please choose a name of at most 100 characters."))
        case _:
            if isinstance(row.error, QueryError):
                add_query_error(builder, row.error, speech)
            else:
                builder.line(speech.say("It is not clear what this line says; cells with commas need quotation marks."))


def add_trial_of_many(builder: TextBuilder, trial: TrialOfMany, queries: Sequence[str], speech: Voice) -> None:
    """What all of them would have brought, and those that would bring too much or nothing ever."""
    builder.line()
    add_sum(builder, trial.told, speech, cut=trial.cut)
    for places, warning in (
        (trial.broad, speech.say("More than 50 alerts a day would come of each of these:")),
        (trial.never, speech.say("No article can ever meet these:")),
    ):
        if places:
            builder.line("⚠️ {warning}", warning=warning)
            for place in places[:MOST_NAMED]:
                builder.line("• {query}", query=Foreign(shorten(queries[place], MAX_QUERY)))
            if (more := len(places) - MOST_NAMED) > 0:
                builder.line(speech.count("and {n} more watch", "and {n} more watches", more), n=more)
    for example in trial.examples:
        add_example(builder, example)
