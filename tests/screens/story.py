"""The story: what one person does from the first day on, and then the operator. Each act ends in a picture."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.words import buttons as press
from monitors.releasing import Releaser
from monitors.subscriptions import Mode
from monitors.wakeups import DELIVERIES
from tests.screens.backstage import HOME, a_catalogue, a_month, at_the_archive, at_work, half_way, looked_at, the_end
from tests.screens.stage import FRIEND, OPERATOR, PERSON, Stage, move_to, now

CHANNEL, GROUP, TOPIC = -1000000000700, -1000000000800, 5


async def play(stage: Stage) -> None:
    """All acts, in the order in which somebody comes to them."""
    for act in (beginning, watching, alerted, missing, ruling, finding, choosing, telling, gathering, settling):
        await act(stage)
    await operating(stage)
    await evening(stage)


async def beginning(stage: Stage) -> None:
    greeting = await stage.say("/start")
    stage.keep("start", "/start", greeting)
    stage.keep("start", await stage.press(press.TOPIC, "weather"))
    stage.keep("help", "/help", await stage.say("/help"))
    stage.keep("help", await stage.press(press.HELP, "words"))


async def watching(stage: Stage) -> None:
    pasted = "\n".join((*stage.world.watches, stage.world.mistyped))
    stage.keep("several", pasted, await stage.say(pasted))
    await stage.press(press.SAVE_ALL)
    tried = await stage.say(stage.world.tried)
    stage.keep("save", stage.world.tried, tried)
    await stage.press(press.SAVE)
    listed = await stage.say("/watches")
    stage.keep("watches", "/watches", listed)
    stage.keep("watch", await stage.press(press.WATCH, 5))
    await stage.say("/start")


async def alerted(stage: Stage) -> None:
    (alert,) = await stage.publish(stage.world.alert, alerts=1)
    stage.keep("alert", alert)
    stage.keep("options", await stage.press(press.ALERT_MENU))
    stage.keep("why", await stage.press(press.WHY, 1))
    stage.keep("muting", await stage.press(press.MUTE, "1:story"))
    stage.keep("muting", "/mute", await stage.say("/mute"))
    await stage.publish(stage.world.unwanted, alerts=1)
    await stage.press(press.ALERT_MENU, 2)
    words = await stage.press(press.UNLIKE, 2)
    stage.keep("unwanted", words)
    number = [label.removeprefix("- ") for label in words.labels].index(stage.world.left_out)
    data = [one["callback_data"] for row in words.buttons for one in row][number]
    stage.keep("unwanted", await stage.press(press.EXCLUDE, data.partition(f"{press.EXCLUDE}:")[2]))
    stage.keep("unwanted", await stage.press(press.EXCLUDED))


async def missing(stage: Stage) -> None:
    (missed,) = await stage.bot.database.write(stage.save, [stage.world.missed])
    await stage.decided()
    address = f"https://{stage.world.outlets[1][1]}/2026/{4100 + missed}"
    stage.keep("why", address, await stage.say(address))


async def ruling(stage: Stage) -> None:
    stage.keep("rules", "/times", await stage.say("/times"))
    await stage.press(press.RULES)
    await stage.press(press.MODE, f"1:{Mode.DAILY}")
    await stage.press(press.DIGEST_AT)
    await stage.press(press.DIGEST_AT, "1:1080")
    await stage.press(press.QUIET)
    await stage.press(press.QUIET, "1:1320")
    stage.keep("rules", await stage.press(press.QUIET, "1:1320:420"))


async def finding(stage: Stage) -> None:
    asked = f"/search {stage.world.searched}"
    stage.keep("search", asked, await stage.say(asked))
    await stage.bot.database.write(a_month, stage)
    stage.keep("statistics", "/stats", await stage.say("/stats"))
    await sharing_inline(stage)


async def sharing_inline(stage: Stage) -> None:
    """In another chat."""
    name, found = stage.bot.telegram.username, await stage.found(stage.world.tried)
    offered = [{"title": one["title"], "about": one["description"]} for one in found[:4]]
    stage.show("inline", {"typed": f"@{name} {stage.world.tried}", "offered": offered})
    posted, markup = found[0]["input_message_content"], found[0]["reply_markup"]
    buttons = [[f"{one['text']} ↗" for one in row] for row in markup["inline_keyboard"]]
    words = {"text": posted["message_text"], "entities": posted["entities"]}
    stage.show("inline", {"via": name} | words | {"buttons": buttons})


async def choosing(stage: Stage) -> None:
    await stage.bot.database.write(a_catalogue, stage)
    stage.keep("catalogue", "/catalogue", await stage.say("/catalogue"))
    stage.keep("catalogue", await stage.press(press.COUNTRY, f"{stage.world.outlets[0][2]}::0"))
    looking = await stage.say(HOME)
    await stage.told()
    await stage.bot.database.write(looked_at, stage)
    await stage.changed(looking)
    stage.keep("adding", HOME, looking)
    stage.keep("outlet", "/outlets", await stage.say("/outlets"))
    stage.keep("outlet", await stage.press(press.OUTLET, 2))
    await crawling(stage)


async def crawling(stage: Stage) -> None:
    crawl = await stage.press(press.CRAWL, 2)
    await stage.told()
    await stage.bot.database.write(half_way, stage)
    await stage.decided()
    await stage.changed(crawl)
    stage.keep("crawl", crawl)
    await stage.told()
    await stage.bot.database.write(the_end)
    await stage.changed(crawl, times=2)
    stage.keep("crawl", crawl)
    await stage.press(press.ABOUT, 2)
    await stage.press(press.PAST, 2)
    archive = await stage.press(press.PAST, "2:30")
    await stage.told()
    await stage.bot.database.write(at_the_archive)
    await stage.changed(archive)
    stage.keep("archive", archive)
    stage.keep("archive", await stage.press(press.STOP))


async def telling(stage: Stage) -> None:
    telegram = stage.bot.telegram
    telegram.channel(CHANNEL, stage.world.channel)
    telegram.admins.add((CHANNEL, PERSON))
    await stage.say("/watches")
    await stage.press(press.TOLD)
    asked = await stage.press(press.ADD_PLACE)
    stage.keep("places", asked)
    before = len(stage.sent_to(PERSON))
    telegram.choose(CHANNEL, request_id=2)
    stage.keep("places", *await stage.news(before, more=2))
    await stage.say("/watches")
    await stage.press(press.TOLD)
    shared = await stage.press(press.SHARE)
    stage.keep("sharing", shared)
    link = shared.spans("code")[0].partition("start=")[2]
    stage.keep("sharing", await stage.say(f"/start {link}", by=FRIEND))
    stage.keep("sharing", await stage.press(press.SUBSCRIBE, by=FRIEND))


async def gathering(stage: Stage) -> None:
    telegram, world = stage.bot.telegram, stage.world
    telegram.forum(GROUP, world.group)
    telegram.admins.add((GROUP, PERSON))
    telegram.promote(GROUP, "member", user_id=PERSON, language_code=world.language)
    stage.keep("group", *await stage.news(0, by=GROUP))
    asked = f"/watch {world.desk}"
    stage.keep("group", asked, *await stage.heard(asked, there=GROUP, thread_id=TOPIC))
    before = len(stage.sent_to(GROUP))
    await stage.bot.database.write(stage.save, [world.local])
    await stage.decided()
    stage.keep("topic", *await stage.news(before, by=GROUP))
    stage.keep("topic", "/watches", *await stage.heard("/watches", there=GROUP, thread_id=TOPIC))


async def settling(stage: Stage) -> None:
    stage.keep("settings", "/settings", await stage.say("/settings"))


async def operating(stage: Stage) -> None:
    stage.keep("operators", "/operate", await stage.say("/operate", by=OPERATOR))
    await stage.bot.database.write(at_work)
    await stage.told()
    stage.keep("status", await stage.press(press.STATUS, by=OPERATOR))
    await stage.say("/operate", by=OPERATOR)
    await stage.press(press.INVITATIONS, by=OPERATOR)
    stage.keep("invitations", await stage.press(press.INVITE, 20, by=OPERATOR))
    await stage.press(press.ACCESS, by=OPERATOR)
    stage.keep("access", await stage.press(press.ACCESS, "list", by=OPERATOR))
    await stage.say("/broadcast", by=OPERATOR)
    await stage.press(press.WRITE_BROADCAST, by=OPERATOR)
    stage.keep("broadcast", stage.world.tip, *await stage.heard(stage.world.tip, by=OPERATOR, answers=2))


async def evening(stage: Stage) -> None:
    """The only act that is not in the morning: the digest of what the day brings."""
    await stage.bot.database.write(stage.save, stage.world.evening)
    await stage.decided()
    before = len(stage.sent_to(PERSON))
    move_to(now().astimezone(ZoneInfo(stage.world.zone)).replace(hour=18, minute=0, second=6))
    await Releaser(stage.bot.database, now=now).tick()
    stage.bot.context.wakeups.kick(DELIVERIES)
    stage.keep("digest", *await stage.news(before))
