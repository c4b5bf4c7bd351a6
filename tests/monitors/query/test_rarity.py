from __future__ import annotations

from itertools import count

from monitors.query import rarity
from monitors.query.rarity import Rarity
from monitors.text.keys import field_key


def test_the_commonest_words_are_known_before_any_article() -> None:
    guess = Rarity()
    assert guess("في") > guess("الرئيس") > guess("القيارة")
    assert guess("the") > guess("government") > guess("qayyarah")
    assert guess(field_key("lang", "ar")) > guess(field_key("tag", "ar"))


def test_what_is_in_many_articles_is_learned_to_be_common() -> None:
    learned = Rarity()
    before = learned("القيارة")
    for _ in range(100):
        learned.learn(["القيارة", "في"])
    assert learned("القيارة") > 10 * before
    assert learned("كوكب") < Rarity()("كوكب")


def test_a_word_is_never_thought_to_be_in_no_article() -> None:
    learned = Rarity()
    for _ in range(400):
        learned.learn(["في"])
    assert 0 < learned("كوكب") < Rarity()("كوكب")


def test_of_many_different_words_the_rarest_are_forgotten() -> None:
    learned, names = Rarity(), count()
    for _ in range(300):
        learned.learn(["في", *(str(next(names)) for _ in range(500))])
    assert len(learned._counts) <= rarity._MOST_KEYS
    assert learned("في") > 0.5
