"""A chat's settings, and what somebody uses of what they may have."""

from __future__ import annotations

from bot.screens.used import add_used
from bot.visits import Answer, Visit, in_place, refusal, say, shown
from bot.words.buttons import (
    DELETE_ME,
    EXPORT_ACCOUNT,
    HELP,
    MUTED,
    OPERATE,
    PREVIEWS,
    PRIVACY,
    SAVED,
    SETTINGS,
    TIMES,
    ZONES,
    button,
    home,
    ordered,
    other_languages,
)
from bot.words.language import LANGUAGES
from bot.words.messages import Keyboard, Message
from bot.words.text import Foreign, Styled
from bot.words.zones import city
from monitors.storage.chats import set_previews, wants_previews

IN_SETTINGS = 0
"""What stands for a subscription where the chat's own clock is chosen."""

_PER_ROW = 3


def settings_screen(visit: Visit) -> Message:
    speech = visit.voice
    previews = wants_previews(visit.connection, visit.chat.id)
    zone = visit.clock
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("Settings"), ("bold",)))
    builder.line(speech.say("Language: {language}"), language=Foreign(LANGUAGES[speech.language]))
    clock = visit.now.astimezone(zone).strftime("%H:%M")
    builder.line(speech.say("Time zone: {zone}"), zone=city(zone.key, speech)).add(" · ")
    builder.fill(speech.say("it is {time} there"), time=Foreign(clock))
    builder.line("   {meaning}", meaning=speech.say("Digests, quiet hours and days go by this clock."))
    builder.line(speech.say("Times in alerts go by your device and look like this:")).add(" ")
    builder.add_time(visit.now)
    builder.line(speech.say("Previews: on") if previews else speech.say("Previews: off"))
    if visit.private:
        builder.line()
        builder.line("{title}", title=Styled(speech.say("What you use"), ("bold",)))
        add_used(builder, visit, visit.chat.id, visit.person_id, visit.limits)
    return Message(builder.build(), _keyboard(visit, previews=previews))


def _keyboard(visit: Visit, *, previews: bool) -> Keyboard:
    speech = visit.voice
    toggle = speech.say("Previews off") if previews else speech.say("Previews on")
    spoken = other_languages(speech, SETTINGS)
    rows = [
        *(spoken[at : at + _PER_ROW] for at in range(0, len(spoken), _PER_ROW)),
        (button(speech.say("Time zone"), ZONES, IN_SETTINGS), button(speech.say("Times"), TIMES, 0)),
        (button(toggle, PREVIEWS, int(not previews)),),
        (button(speech.say("Muted"), MUTED, 0), button(speech.say("Saved"), SAVED, 0)),
    ]
    if visit.private:
        rows.append((button(speech.say("My data"), EXPORT_ACCOUNT), button(speech.say("Privacy"), PRIVACY)))
        rows.append((button(speech.say("Delete my account"), DELETE_ME),))
    last = (home(speech), button(speech.say("Help"), HELP))
    operators = (button(speech.say("For operators"), OPERATE),) if visit.operator and visit.private else ()
    rows += [last, *([operators] if operators else [])]
    return tuple(ordered(speech, row) for row in rows)


def previews_pressed(visit: Visit, argument: str) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    set_previews(visit.connection, visit.chat.id, argument == "1")
    return say(in_place(visit, settings_screen(visit)))


def _settings(visit: Visit, _: str) -> Answer:
    return say(settings_screen(visit))


COMMANDS = {"settings": _settings}
PRESSES = {SETTINGS: shown(lambda visit, _: settings_screen(visit)), PREVIEWS: previews_pressed}
