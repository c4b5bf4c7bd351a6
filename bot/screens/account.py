"""What is kept of somebody: what it is and for how long, all of it as a file, and its end."""

from __future__ import annotations

from bot.makers.account import ACCOUNT
from bot.visits import Answer, Visit, in_place, outdated, say, shown
from bot.words.buttons import DELETE_ALL, DELETE_ME, EXPORT_ACCOUNT, PRIVACY, SETTINGS, button, ordered
from bot.words.messages import CAPTION, Attachment, Form, Message
from bot.words.text import Styled
from monitors.account_files import read_watched
from monitors.errors import UsageError
from monitors.storage.leaving import begin_leaving
from monitors.storage.watchlists import add_watches

FILE = "rasid-account.json"


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
    return Message(builder.build(), (ordered(speech, data), (button(speech.say("Settings"), SETTINGS),)))


def export(visit: Visit, _: str) -> Answer:
    if not visit.private:
        return _only_in_private(visit)
    text = visit.voice.say("Everything I have of you. Send me this file to get your watches back.")
    builder = visit.builder().line("{text}", text=text)
    return say(Message(builder.build(CAPTION), attachment=Attachment(Form.DOCUMENT, FILE, ACCOUNT, {})))


def deletion_screen(visit: Visit) -> Message:
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("Delete everything of yours?"), ("bold",)))
    builder.line(speech.say("Your watchlists, alerts, saved articles and all else go, and cannot be had back."))
    builder.line(speech.say("Watchlists that you share end for everybody. Groups that you manage go on without you."))
    rows = (
        (button(speech.say("No, keep it"), SETTINGS), button(speech.say("My data"), EXPORT_ACCOUNT)),
        (button(speech.say("Yes, delete everything"), DELETE_ALL),),
    )
    return Message(builder.build(), tuple(ordered(speech, row) for row in rows))


def delete_all(visit: Visit, _: str) -> Answer:
    if not visit.private:
        return _only_in_private(visit)
    begin_leaving(visit.connection, visit.person_id, now=visit.now)
    text = visit.voice.say("Everything of yours is being deleted. It takes some minutes.")
    return Answer(toast=text, aside=in_place(visit, Message(visit.builder().line("{text}", text=text).build())))


def account_sent(visit: Visit, content: bytes | None) -> Answer:
    """A file of /export: what was watched there is watched here, as far as there is room."""
    speech = visit.voice
    try:
        found = read_watched(content or b"")
    except UsageError:
        return say(Message(visit.builder().line(speech.say("This is no file that /export wrote.")).build()))
    added = add_watches(visit.connection, visit.chat.id, found.watches, now=visit.now, most=visit.most_watches)
    builder = visit.builder()
    new, held, left = len(added.watches), len(added.held), len(added.without_room)
    builder.line(speech.count("{n} watch was added.", "{n} watches were added.", new), n=new)
    if held:
        builder.line(speech.count("{n} was there already.", "{n} were there already.", held), n=held)
    if left:
        builder.line(speech.say("There was no room for {n}."), n=left)
    if found.unread:
        builder.line(speech.say("Could not be read: {n}."), n=found.unread)
    return say(Message(builder.build()))


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
}
