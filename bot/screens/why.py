"""Why an article was told here, or why not: of an alert, of any address that is sent, and by `/why`."""

from __future__ import annotations

from datetime import datetime

from bot.dialogs import ask
from bot.screens.adding import address_among, is_address, is_unfit, look_at, no_address
from bot.screens.alert import the_alert, why_in_short
from bot.screens.limited import add_limits
from bot.visits import Answer, Glance, Right, Visit, outdated, say, to_watches
from bot.words.addresses import host_of, linkable, may_be_article
from bot.words.buttons import ABOUT, LOOK, OPEN_ALERT, WHY, button, number, ordered
from bot.words.fortunes import add_fortune
from bot.words.messages import Message
from bot.words.naming import kind_name, list_name, shared_name
from bot.words.reasons import add_fates, add_pause
from bot.words.text import Foreign, Styled, TextBuilder, direction_mark, shorten
from monitors.accounts import Account, account_of
from monitors.errors import NotFound
from monitors.outlets import OutletState, Source
from monitors.storage.alerts import alert_of
from monitors.storage.outlets import is_followed
from monitors.text.cleaning import one_line
from monitors.watchlists import Watchlist
from monitors.why import Fate

ADDRESS = "://"
"""The key of the look at an address that is sent and nothing else."""

MAX_TITLE = 200
MAX_NAME = 80


def _meant(asked: str) -> str:
    """Of which article somebody asks: its address, also among other words, or what else they wrote."""
    return address_among(asked) or one_line(asked)


def _account(glance: Glance, asked: str) -> Account | None:
    asked = _meant(asked)
    if not asked or is_unfit(asked):
        return None
    try:
        return account_of(glance.connection, asked, glance.chat.address)
    except NotFound:
        return None


def _account_of_alert(glance: Glance, argument: str) -> Account | None:
    told = alert_of(glance.connection, glance.chat.id, number(argument))
    return None if told is None else _account(glance, str(told.alert.article_id))


def why_screen(visit: Visit, account: Account, pasted: str | None = None) -> Message:
    """Whether it was seen, what became of it here, and which watches met or missed it.

    With a button to look for an outlet at the address that was `pasted`, unless it is followed.
    """
    speech, article, decision = visit.voice, account.article, account.decision
    if article is None or decision is None:
        return _unseen(visit, account)
    builder = visit.builder()
    title = shorten(article.title.strip() or speech.say("(no title)"), MAX_TITLE)
    builder.start_line(direction_mark(title)).add_foreign(title, "bold", url=linkable(article.url))
    builder.line("{outlet} · {host}", outlet=Foreign(shorten(article.outlet_name, MAX_NAME)), host=host_of(article.url))
    _add_moment(builder, speech.say("Seen"), article.first_seen_at)
    if decision.source is not None:
        builder.add(" · ").add(kind_name(decision.source.kind, speech)).add(" ").add_foreign(
            host_of(decision.source.url)
        )
    elif decision.by_crawl:
        builder.add(" · ").add(speech.say("by a visit on demand"))
    add_fortune(builder, account, visit.now, speech)
    if account.way is not None and account.way.whole_outlet:
        builder.line(speech.say("🔔 Everything of this outlet"))
    elif account.outlet_pause is not None:
        builder.line(speech.say("🔔 Everything of this outlet"))
        add_pause(builder, account.outlet_pause, speech)
    several = account.lists if len(account.lists) > 1 else ()
    add_fates(builder, account.fates, speech, lists={one.id: _called(one, visit) for one in several})
    _add_limits_met(builder, visit, account)
    row = [button(speech.say("About this outlet"), ABOUT, article.outlet_id)]
    if account.way is not None:
        row.append(button(speech.say("The alert"), OPEN_ALERT, account.way.alert_id))
    rows = [ordered(speech, row), (to_watches(visit),)]
    if pasted is not None and not is_followed(visit.connection, article.outlet_id):
        builder.line().line("{address}", address=Foreign(pasted, ("code",)))
        rows.append((button(speech.say("Follow the site"), LOOK),))
    return Message(builder.build(), tuple(rows))


def _add_limits_met(builder: TextBuilder, visit: Visit, account: Account) -> None:
    """What the watchlists look at that did not look at this."""
    limited = {each.watch.watchlist_id for each in account.fates if each.fate is Fate.LIMITED}
    for watchlist in account.limited:
        if watchlist.id in limited:
            name = Foreign(_called(watchlist, visit), ("bold",))
            builder.line().line(visit.voice.say("{name} is limited:"), name=name)
            add_limits(builder, visit, watchlist)


def _called(watchlist: Watchlist, visit: Visit) -> str:
    called = list_name if watchlist.chat_id == visit.chat.id else shared_name
    return shorten(called(watchlist.name, visit.voice), MAX_NAME)


def _unseen(visit: Visit, account: Account) -> Message:
    """An address nobody has seen: is its outlet followed, and was it read?"""
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("I have not seen this article."), ("bold",)))
    builder.line("{address}", address=Foreign(shorten(account.asked, 500), ("code",)))
    row = [button(speech.say("Look there"), LOOK)]
    if not account.outlets:
        builder.line(speech.say("No outlet at {host} is followed."), host=Foreign(host_of(account.asked)))
    for outlet, sources in account.outlets[:2]:
        paused = outlet.state is OutletState.PAUSED
        says = (
            speech.say("{outlet} is paused: nothing of it is read.") if paused else speech.say("{outlet} is followed.")
        )
        builder.line(says, outlet=Foreign(shorten(outlet.name, MAX_NAME), ("bold",)))
        for source in sources[:3]:
            _add_source(visit, builder, source)
        row.append(button(speech.say("About this outlet"), ABOUT, outlet.id))
    if account.outlets:
        builder.line(speech.say("What no source lists is not seen."))
    return Message(builder.build(), (ordered(speech, row[:2]),))


def _add_source(visit: Visit, builder: TextBuilder, source: Source) -> None:
    speech = visit.voice
    builder.line("– {kind}: ", kind=kind_name(source.kind, speech))
    if source.last_polled_at is None:
        builder.add(speech.say("not read yet"))
    elif source.failures:
        builder.add(speech.say("fails now"))
    else:
        builder.add(speech.say("does not list it; read")).add(" ")
        builder.add_time(source.last_polled_at)


def address_sent(visit: Visit, address: str) -> Answer:
    """An address and nothing else: an article that is known, or is of an outlet that is followed, is explained;
    anything else is looked at."""
    account = visit.seen
    if isinstance(account, Account) and (account.article or (account.outlets and may_be_article(address))):
        return say(why_screen(visit, account, address))
    return look_at(visit, address)


def why_command(visit: Visit, arguments: str) -> Answer:
    """`/why ADDRESS`; without one, the address is asked for."""
    asked = _meant(arguments)
    speech = visit.voice
    if asked:
        return _answer(visit, asked)
    builder = visit.builder().line(speech.say("Which article? Send me its address, or forward an alert."))
    return say(ask(visit, "why", Message(builder.build()), hint=speech.say("Address of the article")))


def _answer(visit: Visit, asked: str) -> Answer:
    account = visit.seen
    if isinstance(account, Account) and (account.article is not None or is_address(asked)):
        return say(why_screen(visit, account))
    return no_address(visit)


def _pressed(visit: Visit, argument: str) -> Answer:
    """In a group administrators get the whole answer; others, to themselves, the words that were met."""
    told = the_alert(visit, argument)
    if told is None or not isinstance(visit.seen, Account):
        return outdated(visit)
    if visit.right is not Right.YES:
        return Answer(toast=why_in_short(visit, told.alert))
    return say(why_screen(visit, visit.seen))


def _add_moment(builder: TextBuilder, words: str, moment: datetime) -> None:
    builder.line("{words} ", words=words)
    builder.add_time(moment)


COMMANDS = {"why": why_command}
PRESSES = {WHY: _pressed}
QUESTIONS = {"why": lambda visit, text, _: _answer(visit, _meant(text))}
LOOKS = {WHY: _account_of_alert, "/why": _account, "?why": _account, ADDRESS: _account}
