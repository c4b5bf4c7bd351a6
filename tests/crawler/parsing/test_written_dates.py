"""Dates as outlets write them for their readers: names of months, figures, other calendars, relative ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.documents.calendars import GREGORIAN_MONTHS, from_hijri, from_jalali
from crawler.documents.dates import read_written
from crawler.documents.relative_dates import read_relative
from crawler.documents.timestamps import WrittenDate

DAMASCUS = ZoneInfo("Asia/Damascus")
NOW = datetime(2024, 5, 14, 18, 30, tzinfo=UTC)

# What is written, and the moment that is meant by an outlet in Damascus.
CERTAIN = [
    ("27 كانون2 2020", "2020-01-27"),
    ("27 كانون ثاني 2020", "2020-01-27"),
    ("١٢ ك١ ٢٠٢١", "2021-12-12"),
    ("27 آب/أغسطس 2020م", "2020-08-27"),
    ("3 حزيران (يونيو) 2021", "2021-06-03"),
    ("الأربعاء 5 تشرين الثاني/نوفمبر 2025", "2025-11-05"),
    ("كتب في 14 من شهر آذار من 2020", None),
    ("14 جانفي 2021", "2021-01-14"),
    ("28 فيفري 2021", "2021-02-28"),
    ("2 أفريل 2021", "2021-04-02"),
    ("20 ماي 2021", "2021-05-20"),
    ("1 جوان 2021", "2021-06-01"),
    ("5 جويلية 2021", "2021-07-05"),
    ("7 يوليوز 2021", "2021-07-07"),
    ("20 أوت 2021", "2021-08-20"),
    ("3 غشت 2021", "2021-08-03"),
    ("9 شتنبر 2021", "2021-09-09"),
    ("30 نونبر 2021", "2021-11-30"),
    ("31 دجنبر 2021", "2021-12-31"),
    ("3 يونيه 2021", "2021-06-03"),
    ("الجمعة ١٧ مارس ٢٠٢٣", "2023-03-17"),
    ("۲۷ مارس ۲۰۲۰", "2020-03-27"),
    ("۱۷ ژانویه ۲۰۲۴", "2024-01-17"),
    ("12 فروری 2024", "2024-02-12"),
    ("15 ستمبر 2024", "2024-09-15"),
    ("29 Ekim 2023", "2023-10-29"),
    ("19 Mayıs 2023", "2023-05-19"),
    ("3 Aralık 2023", "2023-12-03"),
    ("3. Dezember 2023", "2023-12-03"),
    ("17. März 2020", "2020-03-17"),
    ("le 2 juillet 2024", "2024-07-02"),
    ("1er août 2021", "2021-08-01"),
    ("18 de febrero de 2024", "2024-02-18"),
    ("5 de março de 2024", "2024-03-05"),
    ("12 gennaio 2022", "2022-01-12"),
    ("9 мая 2022", "2022-05-09"),
    ("March 5, 2021", "2021-03-05"),
    ("Sept. 9, 2021", "2021-09-09"),
    ("5th of May 2021", "2021-05-05"),
    ("مارس 27, 2020", "2020-03-27"),
    ("2020/3/27", "2020-03-27"),
    ("27/03/2020", "2020-03-27"),
    ("27.03.2020", "2020-03-27"),
    ("03/27/2020", "2020-03-27"),
    ("05-05-2020", "2020-05-05"),
    ("14 رجب 1441 هـ الموافق 9 مارس 2020 م", "2020-03-09"),
    ("14 رجب 1441 - 2020/3/9", "2020-03-09"),
    ("1441/7/14 الموافق 2020/3/9", "2020-03-09"),
    ("۲۷ اسفند ۱۳۹۸ - 17 March 2020", "2020-03-17"),
]
DOUBTFUL = [
    ("03/04/2020", "2020-04-03"),
    ("7-8-2021", "2021-08-07"),
    ("14 رجب 1441 هـ", "2020-03-09"),
    ("١ رمضان ١٤٤٥", "2024-03-11"),
    ("10 ذو الحجة 1442هـ", "2021-07-20"),
    ("5 جمادى الآخرة 1445", "2023-12-18"),
    ("3 ربيع الأول 1446", "2024-09-07"),
    ("1441/7/14", "2020-03-09"),
    ("14-7-1441", "2020-03-09"),
    ("۱ فروردین ۱۴۰۳", "2024-03-20"),
    ("۳۰ اسفند ۱۴۰۳", "2025-03-20"),
    ("2 آذر 1404", "2025-11-23"),
    ("1404/09/01", "2025-11-22"),
    ("۱۴۰۲/۱/۱", "2023-03-21"),
]
CLOCKS = [
    ("27 آذار 2020 - 10:30 ص", "2020-03-27 07:30"),
    ("27 كانون الثاني 2020 الساعة 7:05 مساءً", "2020-01-27 17:05"),
    ("12:15 ص 27 كانون الثاني 2020", "2020-01-26 22:15"),
    ("27 كانون الثاني 2020, 12:15 م", "2020-01-27 10:15"),
    ("27 كانون الثاني 2020 الساعة 9 مساء", "2020-01-27 19:00"),
    ("January 5, 2021 5:00 pm", "2021-01-05 15:00"),
    ("January 5, 2021 5:00 p.m. GMT", "2021-01-05 17:00"),
    ("27/01/2020 18:24 بتوقيت غرينتش", "2020-01-27 18:24"),
    ("27/01/2020 18:24 GMT+3", "2020-01-27 15:24"),
    ("le 5 janvier 2021 à 10h30", "2021-01-05 08:30"),
]
NONE = [
    *(
        "",
        "2020",
        "© 2016",
        "31 شباط 2020",
        "27 آب",
        "الآب 2020",
        "3.5.2",
        "99999999",
        "30/30/2020",
        "29 صفر",
        "مهر 20",
    ),
    *("1 محرم 1200", "32 فروردین 1403", "30 صفر 1445", "في 3 ملايين 2020 نسمة", "12/2020", "0/0/2020", "1500/1/1"),
]
RELATIVE = [
    ("قبل ساعتين", timedelta(hours=2)),
    ("منذ 3 أيام", timedelta(days=3)),
    ("منذ ٥ دقائق", timedelta(minutes=5)),
    ("قبل ساعة", timedelta(hours=1)),
    ("منذ ثلاث ساعات", timedelta(hours=3)),
    ("نُشر منذ أسبوعين", timedelta(weeks=2)),
    ("آخر تحديث: قبل 20 دقيقة", timedelta(minutes=20)),
    ("2 hours ago", timedelta(hours=2)),
    ("an hour ago", timedelta(hours=1)),
    ("Published 15 mins ago", timedelta(minutes=15)),
    ("il y a 2 heures", timedelta(hours=2)),
    ("Il y a une heure", timedelta(hours=1)),
    ("2 saat önce", timedelta(hours=2)),
    ("vor 3 Stunden", timedelta(hours=3)),
    ("hace 40 minutos", timedelta(minutes=40)),
    ("۳ ساعت پیش", timedelta(hours=3)),
    ("قبل قليل", timedelta()),
    ("just now", timedelta()),
]
DAYS = [
    ("أمس", "2024-05-12 21:00"),
    ("أمس، 10:30 م", "2024-05-13 19:30"),
    ("اليوم 14:20", "2024-05-14 11:20"),
    ("Yesterday at 9:05", "2024-05-13 06:05"),
    ("hier à 21h15", "2024-05-13 18:15"),
    ("dün 08:00", "2024-05-13 05:00"),
    ("أول أمس", "2024-05-11 21:00"),
]
NOT_RELATIVE = [
    *(
        "",
        "منذ",
        "قبل الحرب",
        "منذ 3 أيام والطائرات تقصف",
        "3 hours",
        "yesterday's news",
        "اليوم السابع",
        "قبل 99999 سنة",
    ),
    *("أمس 25:00", "منذ 9999 سنوات", "2024-05-14"),
]


def local_day(found: WrittenDate) -> str:
    return found.at.astimezone(DAMASCUS).date().isoformat()


@pytest.mark.parametrize(("written", "day"), CERTAIN)
def test_a_day_beyond_doubt_is_read(written: str, day: str | None) -> None:
    found = read_written(written, zone=DAMASCUS)
    assert (local_day(found) if found else None) == day
    assert found is None or (found.certain and not found.has_time)


@pytest.mark.parametrize(("written", "day"), DOUBTFUL)
def test_a_day_that_was_converted_or_may_be_turned_round_is_doubtful(written: str, day: str) -> None:
    found = read_written(written, zone=DAMASCUS)
    assert found
    assert (local_day(found), found.certain) == (day, False)


@pytest.mark.parametrize(("written", "utc"), CLOCKS)
def test_a_time_beside_a_day_is_the_outlet_s_or_that_of_the_zone_it_names(written: str, utc: str) -> None:
    found = read_written(written, zone=DAMASCUS)
    assert found
    assert f"{found.at:%Y-%m-%d %H:%M}" == utc
    assert found.has_zone == ("GMT" in written or "غرينتش" in written)


@pytest.mark.parametrize("written", NONE)
def test_what_names_no_day_is_none(written: str) -> None:
    assert read_written(written, zone=DAMASCUS) is None


@pytest.mark.parametrize(("written", "ago"), RELATIVE)
def test_a_time_ago_is_reckoned_from_when_the_page_was_seen(written: str, ago: timedelta) -> None:
    found = read_relative(written, now=NOW, zone=DAMASCUS)
    assert found
    assert (found.at, found.certain) == (NOW - ago, False)


@pytest.mark.parametrize(("written", "utc"), DAYS)
def test_days_ago_are_those_of_the_outlet_s_zone(written: str, utc: str) -> None:
    found = read_relative(written, now=NOW, zone=DAMASCUS)
    assert found
    assert f"{found.at:%Y-%m-%d %H:%M}" == utc


@pytest.mark.parametrize("written", NOT_RELATIVE)
def test_words_within_a_sentence_are_no_date(written: str) -> None:
    assert read_relative(written, now=NOW) is None


def test_an_outlet_that_puts_the_month_first_says_so() -> None:
    found = read_written("03/04/2020", day_first=False)
    assert found == WrittenDate(datetime(2020, 3, 4, tzinfo=UTC), has_time=False, has_zone=False, certain=True)


def test_an_outlet_s_calendar_decides_on_figures_that_could_be_of_two() -> None:
    hijri, jalali = (read_written("1411/1/1", figures=figures) for figures in ("hijri", "jalali"))
    assert hijri
    assert jalali
    assert (hijri.at.year, jalali.at.year) == (1990, 2032)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.sampled_from(sorted(GREGORIAN_MONTHS)))
def test_every_name_of_a_month_is_read_with_every_day(day: date, name: str) -> None:
    month = GREGORIAN_MONTHS[name]
    found = read_written(f"{min(day.day, 28)} {name} {day.year}")
    assert found
    assert found.at.date() == day.replace(month=month, day=min(day.day, 28))


@given(st.integers(1380, 1499), st.integers(1, 12), st.integers(1, 29))
def test_calendars_count_on_without_gaps(year: int, month: int, day: int) -> None:
    for convert in (from_hijri, from_jalali):
        this = convert(year, month, day)
        following = convert(year, month, day + 1) if day < 29 else None
        assert following is None or following - this == timedelta(days=1)
        assert 353 < (convert(year + 1, month, min(day, 28)) - convert(year, month, min(day, 28))).days < 367


@pytest.mark.parametrize(
    ("jalali", "gregorian"),
    [
        ((1370, 1, 1), "1991-03-21"),
        ((1395, 1, 1), "2016-03-20"),
        ((1399, 12, 30), "2021-03-20"),
        ((1408, 1, 1), "2029-03-20"),
    ],
)
def test_jalali_years_begin_when_they_do_in_iran(jalali: tuple[int, int, int], gregorian: str) -> None:
    assert from_jalali(*jalali).isoformat() == gregorian


@pytest.mark.parametrize(
    ("hijri", "gregorian"),
    [
        ((1441, 7, 14), "2020-03-09"),
        ((1445, 9, 1), "2024-03-11"),
        ((1446, 1, 1), "2024-07-07"),
        ((1442, 12, 10), "2021-07-20"),
    ],
)
def test_hijri_days_are_at_most_one_off(hijri: tuple[int, int, int], gregorian: str) -> None:
    assert abs(from_hijri(*hijri) - date.fromisoformat(gregorian)) <= timedelta(days=1)


@given(st.text(alphabet="0123456789/-.: قبلمنذساعةيوم٠٣آبآذارMarch، هـ", max_size=80))
def test_no_line_breaks_the_readers(line: str) -> None:
    for found in (read_written(line), read_relative(line, now=NOW)):
        assert found is None or found.at.tzinfo is UTC
