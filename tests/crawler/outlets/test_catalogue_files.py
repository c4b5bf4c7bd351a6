"""The catalogue that ships, and what is said of a file that is wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from babel import Locale

from crawler.outlets.catalogue import ARAB_LEAGUE, CatalogueError, content_hash, load_catalogue, read_catalogue
from monitors.catalogue import NOT_VERIFIED
from monitors.text.words import words

ENTRIES = [outlet.entry for outlet in load_catalogue()]
GOOD = """
country = "SY"
language = "ar"
time_zone = "Asia/Damascus"

[[outlet]]
key = "the-daily"
name = "The Daily"
name_ar = "اليومية"
homepage = "https://daily.example/"
"""


def test_every_arab_country_and_the_world_are_there() -> None:
    by_country = Counter(entry.country for entry in ENTRIES)
    assert len(ENTRIES) >= 150
    assert len(ARAB_LEAGUE) == 22
    assert all(by_country[country] >= 3 for country in ARAB_LEAGUE)
    assert {"GB", "US", "FR", "DE", "ES", "IT", "RU", "CN", "JP", "IN", "PK", "TR", "IR", "IL"} <= set(by_country)


ASKED_FOR = """
    al-baath sana al-thawra tishreen enab-baladi al-watan-syria syria-tv halab-today north-press hawar
    al-jazeera al-arabiya asharq-al-awsat al-quds-al-arabi sky-news-arabia bbc-arabic france24-arabic dw-arabic
    rt-arabic cnn-arabic independent-arabia bbc guardian reuters associated-press afp new-york-times washington-post
    le-monde spiegel el-pais corriere-della-sera tass xinhua nhk-world times-of-india dawn hurriyet anadolu irna haaretz
"""


def test_the_outlets_everybody_asks_for_are_there() -> None:
    assert set(ASKED_FOR.split()) <= {entry.key for entry in ENTRIES}


def test_arab_countries_come_first() -> None:
    countries = list(dict.fromkeys(entry.country for entry in ENTRIES))
    assert tuple(countries[:22]) == ARAB_LEAGUE


def test_countries_and_languages_exist() -> None:
    english = Locale("en")
    assert {entry.country for entry in ENTRIES} <= set(english.territories)
    assert {entry.language for entry in ENTRIES} <= set(english.languages)


def test_arabic_names_are_arabic() -> None:
    for entry in ENTRIES:
        assert any("ء" <= letter <= "ي" for letter in entry.name_ar), entry.key
        assert not any("a" <= letter.lower() <= "z" for letter in entry.name_ar), entry.key
        assert words(entry.name), entry.key


def test_an_entry_nobody_has_checked_says_so() -> None:
    for entry in ENTRIES:
        assert entry.note == (None if entry.verified else NOT_VERIFIED)


def read(folder: Path, document: str, *, name: str = "sy.toml") -> None:
    (folder / name).write_text(document, encoding="utf-8")
    read_catalogue(folder)


def test_defaults_of_the_file_hold_unless_the_outlet_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "sy.toml").write_text(
        GOOD + 'language = "en"\ntelegram = "the_daily"\nsources = [["feed", "https://daily.example/feed/"]]\n',
        encoding="utf-8",
    )
    ((outlet),) = read_catalogue(tmp_path)
    entry = outlet.entry
    assert (entry.country, entry.language, entry.time_zone) == ("SY", "en", "Asia/Damascus")
    assert [(source.kind, source.url) for source in entry.sources] == [
        ("feed", "https://daily.example/feed/"),
        ("channel", "https://t.me/s/the_daily"),
    ]
    assert not entry.verified


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('leaning = "left"', "leaning is “left”, not one of state, public, private, opposition, party"),
        ('langauge = "ar"', "there is no “langauge” here; there are key, name, name_ar"),
        ('language = "Arabic"', "language is “Arabic”, not a language such as ar"),
        ('time_zone = "Damascus"', "time_zone is “Damascus”, not one such as Asia/Damascus"),
        ('time_zone = "Asia"', "time_zone is “Asia”"),
        ('verified = "yes"', "verified has to be true or false"),
        ('also = "Daily"', "also has to be a list"),
        ('sources = [["page", "https://daily.example/"]]', "sources are pairs of a kind (feed, sitemap"),
        ('sources = [["feed", "daily.example/feed"]]', "“daily.example/feed” is not the address of a page"),
        ('telegram = "@daily"', "telegram is “@daily”, not the name of a public channel, without @"),
        ("rules = 1", "rules are written as a table, [outlet.rules]"),
        ('rules = { text = "p[" }', "rules: text: “p[” is no CSS selector"),
        ('rules = { txt = "p" }', "rules: “txt” is no rule"),
    ],
)
def test_a_mistake_is_told_with_file_and_key(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, GOOD + line + "\n")
    assert str(refused.value).startswith("sy.toml: outlet “the-daily”: ")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (GOOD.replace('key = "the-daily"\n', ""), "sy.toml: outlet number 1: key is missing."),
        (GOOD.replace("the-daily", "The Daily"), "key is “The Daily”, not small letters, digits and hyphens"),
        (GOOD.replace("https://daily", "ftp://daily"), "“ftp://daily.example/” is not the address of a page"),
        (GOOD.replace("https://daily", "https://me:pw@daily"), "is not the address of a page"),
        (GOOD.replace("The Daily", " "), "name has to be text without spaces around it"),
        (GOOD.replace('"SY"', '"LB"'), "sy.toml: country has to be “SY”, as the file is called."),
        (GOOD.replace("[[outlet]]", "[outlet]"), "sy.toml: outlets are written as [[outlet]]."),
        ("colour = 1\n" + GOOD, "sy.toml: there is no “colour” here; there are country, language, time_zone."),
        (GOOD + "key =", "sy.toml cannot be read: "),
        (GOOD + GOOD[GOOD.index("[[") :], "“the-daily” and “the-daily” have the same key, the-daily."),
        (GOOD + GOOD[GOOD.index("[[") :].replace("the-daily", "b"), "“the-daily” and “b” have the same name"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_told_too(tmp_path: Path, document: str, said: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read(tmp_path, document)
    assert said in str(refused.value)


def test_any_changed_word_changes_the_hash(tmp_path: Path) -> None:
    (tmp_path / "sy.toml").write_text(GOOD, encoding="utf-8")
    before = content_hash(tmp_path)
    assert content_hash(tmp_path) == before
    (tmp_path / "sy.toml").write_text(GOOD + "# again\n", encoding="utf-8")
    assert content_hash(tmp_path) != before
