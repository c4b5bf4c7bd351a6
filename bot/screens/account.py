"""What is kept of somebody: what it is and for how long, all of it as a file, and its end."""

from __future__ import annotations

from dataclasses import replace

from bot.makers.account import ACCOUNT
from bot.screens.welcome import LEAVING, leaving
from bot.visits import Answer, Document, Glance, Visit, in_place, outdated, say, shown, to_watches
from bot.words.buttons import (
    DELETE_ALL,
    DELETE_ME,
    EXPORT_ACCOUNT,
    NOT_NOW,
    PRIVACY,
    RESTORE,
    SETTINGS,
    apart,
    button,
    ordered,
)
from bot.words.language import LANGUAGES, Voice, message
from bot.words.lost import add_lost, listed
from bot.words.messages import CAPTION, Attachment, Form, Message
from bot.words.naming import shared_name
from bot.words.text import Foreign, Styled, TextBuilder
from monitors.account_files import FORMAT, AccountFile, UnreadableAccount, read_account
from monitors.errors import UsageError
from monitors.people import Access
from monitors.storage.doors import access_of
from monitors.storage.leaving import begin_leaving
from monitors.storage.restorable import Restorable, restorable
from monitors.storage.restoring import restore

FILE = "rasid-account.json"
_REST = "rest"


def privacy_screen(visit: Visit) -> Message:
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("What I keep, and for how long"), ("bold",)))
    for kept in (
        speech.say("Your number and first name on Telegram, your language and time zone: as long as you use me."),
        speech.say("Your watchlists, what you muted and saved, and what I told you: until you delete it."),
        speech.say("What you write to me, so that nothing is done twice, and what you search: seven days."),
        speech.say("The visits and addresses you asked for: thirty days."),
        speech.say("Your watches are shown to nobody else, unless you share a watchlist or send it to a group."),
        speech.say("I run on the machine of an operator, who can read what is stored there."),
    ):
        builder.line("• {kept}", kept=kept)
    builder.line()
    builder.line(speech.say("/export gives you all of it as a file, /deleteme deletes it."))
    data = (button(speech.say("My data"), EXPORT_ACCOUNT), button(speech.say("Delete my account"), DELETE_ME))
    rows = (ordered(speech, data),) if visit.private else ()
    return Message(builder.build(), (*rows, (button(speech.say("Settings"), SETTINGS),)))


def export(visit: Visit, _: str) -> Answer:
    if not visit.private:
        return _only_in_private(visit)
    text = visit.voice.say("Everything I have about you. Send me this file to get your watches back.")
    builder = visit.builder().line("{text}", text=text)
    return say(Message(builder.build(CAPTION), attachment=Attachment(Form.DOCUMENT, FILE, ACCOUNT, {})))


def deletion_screen(visit: Visit) -> Message:
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("Delete everything of yours?"), ("bold",)))
    builder.line(speech.say("Your watchlists, alerts, saved articles and all else go, and cannot be had back."))
    builder.line(speech.say("Watchlists that you share end for everybody. Groups that you manage go on without you."))
    if (warning := _way_back(visit)) is not None:
        builder.line(speech.say(warning))
    rows = (
        (button(speech.say("No, keep it"), SETTINGS), button(speech.say("My data"), EXPORT_ACCOUNT)),
        (button(speech.say("Yes, delete it all"), DELETE_ALL),),
    )
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def _way_back(visit: Visit) -> str | None:
    """What it takes to come in again, for whoever cannot do so by themselves."""
    if visit.operator:
        return None
    match access_of(visit.connection, visit.telegram):
        case Access.OPEN:
            return None
        case Access.INVITE:
            return message("This bot is by invitation: to come back you need a new one.")
        case Access.LIST:
            return message("This bot is private: to come back, its operator must let you in again.")


def delete_all(visit: Visit, _: str) -> Answer:
    if not visit.private:
        return _only_in_private(visit)
    begin_leaving(visit.connection, visit.person_id, now=visit.now)
    return Answer(toast=visit.voice.say(LEAVING), aside=in_place(visit, leaving(visit.voice)))


def look_at_account(glance: Glance, _: str = "") -> Restorable | UsageError | None:
    """What a file of /export would bring, or what is wrong with it."""
    if glance.document is None:
        return None
    try:
        file = _spoken(read_account(glance.document.content or b""))
    except UsageError as error:
        return error
    most, most_lists = glance.most_watches, glance.most_lists
    return restorable(glance.connection, glance.chat.id, file, now=glance.now, most=most, most_lists=most_lists)


def account_sent(visit: Visit, document: Document) -> Answer:
    """A file of /export: what it would bring is shown before it does."""
    speech, found = visit.voice, visit.seen
    if not isinstance(found, Restorable):
        return say(_unreadable(visit, found))
    builder = visit.builder()
    if found.anything:
        builder.line("{title}", title=Styled(speech.say("This file would bring:"), ("bold",)))
    else:
        builder.line(speech.say("Everything in this file is here already, or cannot be had here."))
    _add_restored(builder, found, speech)
    add_lost(builder, found.lost, speech)
    if not found.anything:
        return say(Message(builder.build(), ((apart(to_watches(visit)),),)))
    adding = [button(speech.say("Add"), RESTORE, document.update_id)]
    if found.astray:
        names = Foreign(listed(shared_name(name, speech) for name in found.astray), ("bold",))
        astray = speech.say("I know none of the outlets that these looked at: {names}. What shall they do?")
        builder.line(astray, names=names)
        adding = [
            button(speech.say("Look at all outlets"), RESTORE, document.update_id),
            button(speech.say("Rest for now"), RESTORE, f"{document.update_id}:{_REST}"),
        ]
    builder.line(speech.say("Nothing that you have is changed."))
    not_now = button(speech.say("Not now"), NOT_NOW)
    rows = (ordered(speech, (*adding, not_now)),) if not found.astray else (ordered(speech, adding), (not_now,))
    return say(Message(builder.build(), rows))


def _restore(visit: Visit, argument: str) -> Answer:
    speech, found = visit.voice, visit.seen
    if not isinstance(found, Restorable):
        return Answer(toast=speech.say("I cannot get this file any more. Please send it again."))
    rest = argument.endswith(f":{_REST}")
    most = visit.most_watches
    added = restore(visit.connection, visit.chat.id, found, now=visit.now, most=most, rest_astray=rest)
    builder = visit.builder().line("{title}", title=Styled(speech.say("✅ Added:"), ("bold",)))
    _add_restored(builder, added, speech)
    add_lost(builder, added.lost, speech)
    row = (apart(to_watches(visit)), apart(button(speech.say("Settings"), SETTINGS)))
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row),))))


def _spoken(file: AccountFile) -> AccountFile:
    """Without a language that this Rasid does not speak."""
    return file if file.language in LANGUAGES else replace(file, language="")


def _unreadable(visit: Visit, error: object) -> Message:
    """What is wrong with the file, and where."""
    speech, builder = visit.voice, visit.builder()
    match error:
        case UnreadableAccount(version=int(version)):
            builder.line(
                speech.say("This account file has form {version}. I read form {mine}."), version=version, mine=FORMAT
            )
        case UnreadableAccount(part=part):
            builder.line(speech.say("This account file was changed: I cannot read this part of it:"))
            builder.line("{part}", part=Foreign(part, ("code",)))
        case _:
            builder.line(speech.say("This is not a file that /export wrote."))
            return Message(builder.build())
    builder.line(speech.say("Nothing was added. Send me the file as /export wrote it."))
    return Message(builder.build())


def _add_restored(builder: TextBuilder, found: Restorable, speech: Voice) -> None:
    for name, count in (
        (speech.say("Watchlists"), len(found.lists)),
        (speech.say("Watches"), len(found.watches.new)),
        (speech.say("Outlets followed"), len(found.follows) + len(found.whole)),
        (speech.say("Watchlists of others"), len(found.taken)),
        (speech.say("Saved articles"), len(found.saved)),
        (speech.say("Muted"), len(found.muted)),
        (speech.say("Watches there already"), len(found.watches.held)),
        (speech.say("Watches not understood"), found.file.unread),
    ):
        if count:
            builder.line("{name}: {count}", name=name, count=count)
    if found.settings:
        builder.line(speech.say("Your language, time zone and previews"))


def _nothing_saved(visit: Visit) -> Message:
    row = (to_watches(visit),)
    return Message(visit.builder().line(visit.voice.say("Nothing was saved.")).build(), (row,))


def _only_in_private(visit: Visit) -> Answer:
    if visit.pressed:
        return outdated(visit)
    builder = visit.builder().line(visit.voice.say("Write this to me in private, please."))
    return say(Message(builder.build()))


def _privacy(visit: Visit, _: str) -> Answer:
    return say(privacy_screen(visit))


def _deletion(visit: Visit, _: str) -> Answer:
    return say(deletion_screen(visit)) if visit.private else _only_in_private(visit)


def _deletion_pressed(visit: Visit, _: str) -> Answer:
    return say(in_place(visit, deletion_screen(visit))) if visit.private else _only_in_private(visit)


COMMANDS = {"privacy": _privacy, "export": export, "deleteme": _deletion}
PRESSES = {
    PRIVACY: shown(lambda visit, _: privacy_screen(visit)),
    EXPORT_ACCOUNT: export,
    DELETE_ME: _deletion_pressed,
    DELETE_ALL: delete_all,
    RESTORE: _restore,
    NOT_NOW: shown(lambda visit, _: _nothing_saved(visit)),
}
LOOKS = {RESTORE: look_at_account}
