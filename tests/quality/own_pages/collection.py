"""The tests' own pages: every layout with some of the stories, each with its truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from tests.quality.own_pages import handmade, systems, untouched
from tests.quality.own_pages.stories import Story, stories

LAYOUTS: tuple[Callable[[Story], str], ...] = (
    systems.wordpress_magazine,
    handmade.table_with_line_breaks,
    systems.drupal,
    handmade.agency,
    systems.joomla,
    handmade.meaningless_names,
    systems.blogger,
    handmade.components,
    systems.elementor,
    handmade.cookie_wall_first,
    systems.spip,
    handmade.boxes_within,
    systems.amp,
    handmade.next_story_below,
    handmade.much_around_little,
    handmade.nested_divs,
)
UNTOUCHED: tuple[Callable[[Story], str], ...] = (
    untouched.portal,
    untouched.numbered_blocks,
    untouched.frames_of_old,
    untouched.two_bodies,
)
_STORIES_OF_A_LAYOUT = 4


@dataclass(frozen=True, slots=True)
class OwnPage:
    name: str
    url: str
    html: bytes
    story: Story


def own_pages(layouts: Sequence[Callable[[Story], str]] = LAYOUTS) -> list[OwnPage]:
    """Four stories in each layout, so chosen that every story and every language meets several layouts."""
    told = list(stories())
    pages = []
    for number, layout in enumerate(layouts):
        ring = (told[(number * 5 + step * 7) % len(told)] for step in range(len(told)))
        for story in islice(ring, _STORIES_OF_A_LAYOUT):
            host = f"{story.words.language}-daily.example"
            pages.append(
                OwnPage(
                    f"{layout.__name__}-{story.words.language}-{story.slug}",
                    f"https://{host}/{story.slug}-{number}",
                    layout(story).encode(),
                    story,
                )
            )
    return pages
