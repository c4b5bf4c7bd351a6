"""What people want to hear, and want to hear no more."""

from __future__ import annotations

from datetime import timedelta

from monitors.releasing import change_rules
from monitors.storage.subscriptions import (
    mute,
    set_subscription_state,
    subscribe,
    subscriptions_of,
    unmute,
    unsubscribe,
)
from monitors.storage.watches import add_watch, set_state
from monitors.storage.watchlists import (
    delete_watchlist,
    get_watchlist,
    pause_watchlist,
    restore_watch,
    restore_watchlist,
    resume_watchlist,
)
from monitors.subscriptions import Mute, MuteKind, Rules, Subscription, SubscriptionState
from monitors.watchlists import UNDO, Watchlist, WatchState
from tests.monitors.histories.telling import World
from tests.monitors.histories.things import Place, Slot, WatchedList

HOUR = timedelta(hours=1)
WISHES = (
    "pause_or_resume_a_watch",
    "remove_a_watch_or_have_it_back",
    "pause_or_resume_a_list",
    "delete_a_list_or_have_it_back",
    "rest_or_go_on",
    "follow_an_outlet_or_leave_it",
    "take_the_list_of_others_or_leave_it",
)
"""Of `Wishes`, each about one of those there are."""


class Wishes:
    def __init__(self, world: World) -> None:
        self.world, self.connection = world, world.connection

    def rule(self, place: Place, which: int, wanted: Rules) -> None:
        taken = subscriptions_of(self.connection, self.world.chat_id(place))
        if taken:
            change_rules(self.connection, taken[which % len(taken)], wanted, zone="UTC", now=self.world.now)

    def mute(self, place: Place, kind: MuteKind, which: int, hours: int | None) -> None:
        """For so many hours, or for good. A story is known by its article."""
        mine: int | None = None
        match kind:
            case MuteKind.OUTLET:
                mine = self.world.outlets[which % 4].id
            case MuteKind.WATCH:
                mine = self.world.slots[which % 3].watch.id
            case MuteKind.STORY if place.reader.told:
                mine = sorted(place.reader.told)[which % len(place.reader.told)]
            case MuteKind.STORY:
                return
        until = None if hours is None else self.world.now + hours * HOUR
        made = Mute(self.world.chat_id(place), kind, self._target(kind, mine), until)
        mute(self.connection, made, now=self.world.now)
        place.mutes[kind, mine] = until

    def _target(self, kind: MuteKind, mine: int | None) -> int | None:
        return self.world.story_of(mine) if kind is MuteKind.STORY and mine is not None else mine

    def unmute(self, which: int) -> None:
        muted = [(place, key) for place in self.world.places for key in place.mutes]
        place, (kind, mine) = muted[which % len(muted)]
        assert unmute(self.connection, self.world.chat_id(place), kind, self._target(kind, mine))
        del place.mutes[kind, mine]

    def pause_or_resume_a_watch(self, which: int) -> None:
        slot = self.world.slots[which % 3]
        if slot.removed_at is None and self.world.lists[slot.list_id].removed_at is None:
            slot.standing = not slot.standing
            state = WatchState.ACTIVE if slot.standing else WatchState.PAUSED
            slot.watch = set_state(self.connection, slot.watch, state, now=self.world.now)

    def remove_a_watch_or_have_it_back(self, which: int) -> None:
        slot = self.world.slots[which % 3]
        if self.world.lists[slot.list_id].removed_at is not None:
            return
        if slot.removed_at is None:
            set_state(self.connection, slot.watch, WatchState.REMOVED, now=self.world.now)
            slot.removed_at = self.world.now
        else:
            self.have_back(slot)

    def _list(self, which: int) -> tuple[Watchlist, int]:
        list_id = list(self.world.lists)[which % 2]
        there = get_watchlist(self.connection, list_id)
        assert there is not None
        return there, list_id

    def pause_or_resume_a_list(self, which: int) -> None:
        there, list_id = self._list(which)
        one = self.world.lists[list_id]
        if one.removed_at is None:
            one.paused = not one.paused
            (pause_watchlist if one.paused else resume_watchlist)(self.connection, there, now=self.world.now)

    def delete_a_list_or_have_it_back(self, which: int) -> None:
        there, list_id = self._list(which)
        one = self.world.lists[list_id]
        if one.removed_at is None:
            delete_watchlist(self.connection, there, now=self.world.now)
            one.removed_at = self.world.now
        else:
            self.have_list_back(one)

    def rest_or_go_on(self, which: int) -> None:
        """What a chat takes is paused, or resumed."""
        place = self.world.places[which % 2]
        takes = [(place.lists, key) for key in place.lists] + [(place.outlets, key) for key in place.outlets]
        if takes:
            taken, key = takes[which // 2 % len(takes)]
            taken[key] = not taken[key]
            mine = self._taken(place, list_id=key) if taken is place.lists else self._taken(place, outlet=key)
            state = SubscriptionState.ACTIVE if taken[key] else SubscriptionState.PAUSED
            set_subscription_state(self.connection, mine.id, state, now=self.world.now)

    def _taken(self, place: Place, *, list_id: int | None = None, outlet: int | None = None) -> Subscription:
        outlet_id = None if outlet is None else self.world.outlets[outlet].id
        taken = subscriptions_of(self.connection, self.world.chat_id(place))
        return next(one for one in taken if (one.watchlist_id, one.outlet_id) == (list_id, outlet_id))

    def follow_an_outlet_or_leave_it(self, which: int) -> None:
        place, outlet = self.world.places[which % 2], which // 2 % 4
        if outlet in place.outlets:
            unsubscribe(self.connection, self._taken(place, outlet=outlet).id)
            del place.outlets[outlet]
            self.world.forgive_for_outlet(place, outlet)
        else:
            outlet_id = self.world.outlets[outlet].id
            subscribe(self.connection, self.world.chat_id(place), outlet_id=outlet_id, now=self.world.now)
            place.outlets[outlet] = True

    def take_the_list_of_others_or_leave_it(self, _: int) -> None:
        place, shared = self.world.places[1], next(iter(self.world.lists))
        if shared in place.lists:
            unsubscribe(self.connection, self._taken(place, list_id=shared).id)
            del place.lists[shared]
            self.world.forgive_for(place, shared)
        else:
            chat_id = self.world.chat_id(place)
            subscribe(self.connection, chat_id, watchlist_id=shared, owned=False, now=self.world.now)
            place.lists[shared] = True

    def have_back(self, slot: Slot) -> None:
        """The watch, or such a one."""
        owner = self.world.chat_id(self.world.places[slot.owner])
        state = WatchState.ACTIVE if slot.standing else WatchState.PAUSED
        back = restore_watch(self.connection, owner, slot.watch.id, state, now=self.world.now, most=None)
        assert (back is None) == (slot.removed_at is not None and self.world.now - slot.removed_at > UNDO)
        if back is None:
            list_of_it = get_watchlist(self.connection, slot.list_id)
            assert list_of_it is not None
            back, _ = add_watch(self.connection, owner, slot.watch.query, watchlist=list_of_it.name, now=self.world.now)
            slot.standing = True
        slot.watch, slot.removed_at = back, None

    def have_list_back(self, one: WatchedList) -> None:
        owner = self.world.chat_id(self.world.places[one.owner])
        back = restore_watchlist(self.connection, owner, one.id, now=self.world.now, most=None)
        assert (back is None) == (one.removed_at is not None and self.world.now - one.removed_at > UNDO)
        if back is not None:
            one.removed_at = None

    def resume_all(self) -> None:
        for one in self.world.lists.values():
            if one.removed_at is not None:
                self.have_list_back(one)
            there = get_watchlist(self.connection, one.id)
            assert there is not None
            if one.removed_at is None and one.paused:
                resume_watchlist(self.connection, there, now=self.world.now)
                one.paused = False
        for slot in self.world.slots:
            if slot.removed_at is None and not slot.standing and self.world.lists[slot.list_id].removed_at is None:
                slot.watch = set_state(self.connection, slot.watch, WatchState.ACTIVE, now=self.world.now)
                slot.standing = True
        for place in self.world.places:
            for taken in subscriptions_of(self.connection, self.world.chat_id(place)):
                set_subscription_state(self.connection, taken.id, SubscriptionState.ACTIVE, now=self.world.now)
            place.lists = dict.fromkeys(place.lists, True)
            place.outlets = dict.fromkeys(place.outlets, True)
