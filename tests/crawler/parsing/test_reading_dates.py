from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crawler.documents.dates import date_in_url, parse_date, parse_written, read_date


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("Tue, 17 Mar 2020 10:00:00 GMT", "2020-03-17 10:00:00"),
        ("Tue, 17 Mar 2020 10:00:00 +0300", "2020-03-17 07:00:00"),
        ("17 Mar 20 10:00 EST", "2020-03-17 15:00:00"),
        ("Tuesday, 17-Mar-2020 10:00:00 UTC", "2020-03-17 10:00:00"),
        ("Tue, 17 Mar 2020 10:00:00 +0200 (EET)", "2020-03-17 08:00:00"),
        ("Tue Mar 17 10:00:00 2020", "2020-03-17 10:00:00"),
        ("2020-03-17T10:00:00+03:00", "2020-03-17 07:00:00"),
        ("2020-03-17T10:00:00.5Z", "2020-03-17 10:00:00"),
        ("2020-03-17T10:00+0300", "2020-03-17 07:00:00"),
        ("2020-03-17 10:00:00", "2020-03-17 10:00:00"),
        ("2020-03-17", "2020-03-17 00:00:00"),
        ("20200317", "2020-03-17 00:00:00"),
        ("Tue, 17 Mar 2020 24:00:00 GMT", "2020-03-18 00:00:00"),
        ("Tue, 17 Mar 2020 23:59:60 GMT", "2020-03-17 23:59:59"),
        ("الثلاثاء، 17 مارس 2020 10:00", "2020-03-17 10:00:00"),
    ],
)
def test_machine_dates_are_read(written: str, utc: str) -> None:
    assert str(parse_date(written)) == f"{utc}+00:00"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1 كانون الثاني 2020", "2020-01-01"),
        ("2 شباط 2020", "2020-02-02"),
        ("3 آذار 2020", "2020-03-03"),
        ("4 نيسان 2020", "2020-04-04"),
        ("5 أيار 2020", "2020-05-05"),
        ("6 حزيران 2020", "2020-06-06"),
        ("7 تموز 2020", "2020-07-07"),
        ("8 آب 2020", "2020-08-08"),
        ("9 أيلول 2020", "2020-09-09"),
        ("10 تشرين الأول 2020", "2020-10-10"),
        ("11 تشرين الثاني 2020", "2020-11-11"),
        ("12 كانون الأوّل 2020", "2020-12-12"),
        ("27 كانون2 2020", "2020-01-27"),
        ("27 تشرين1 2020", "2020-10-27"),
        ("٢٧ آذار ٢٠٢٠", "2020-03-27"),
        ("۲۷ آذار ۲۰۲۰", "2020-03-27"),
        ("27 آب/أغسطس 2020م", "2020-08-27"),
        ("5 أغسطس (آب) 2021", "2021-08-05"),
        ("27 أيلول /سبتمبر/ 2020", "2020-09-27"),
        ("الاثنين، ٠٦ نيسان، ٢٠٢٠", "2020-04-06"),
        ("مارس 27, 2020", "2020-03-27"),
        ("3 يونيه 2021", "2021-06-03"),
        ("3 جانفي 2021", "2021-01-03"),
        ("14 فيفري 2021", "2021-02-14"),
        ("5 جويلية 2021", "2021-07-05"),
        ("20 أوت 2021", "2021-08-20"),
        ("1 غشت 2021", "2021-08-01"),
        ("9 شتنبر 2021", "2021-09-09"),
        ("30 نونبر 2021", "2021-11-30"),
        ("31 دجنبر 2021", "2021-12-31"),
        ("14 رجب 1441 هـ الموافق 9 مارس 2020 م", "2020-03-09"),
        ("نُشر في: 27-03-2020", "2020-03-27"),
        ("2020/3/27", "2020-03-27"),
        ("March 5, 2021", "2021-03-05"),
        ("le 5 août 2021", "2021-08-05"),
        ("5th of May 2021", "2021-05-05"),
    ],
)
def test_dates_in_words_are_read(written: str, day: str) -> None:
    found = read_date(written)
    assert found
    assert found.date().isoformat() == day


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("27 آذار 2020 - 10:30 ص", "10:30"),
        ("27 آذار 2020 الساعة 7:05 مساءً", "19:05"),
        ("12:15 ص 27 آذار 2020", "00:15"),
        ("27 آذار 2020, 12:15 م", "12:15"),
        ("March 5, 2021 5:00 pm", "17:00"),
        ("27/03/2020 18:24", "18:24"),
    ],
)
def test_the_time_beside_a_date_is_read(written: str, clock: str) -> None:
    found = read_date(written)
    assert found
    assert f"{found:%H:%M}" == clock


@pytest.mark.parametrize(
    "written",
    ["", "أمس", "2020", "© 2016", "31 شباط 2020", "2020-13-45", "27 آب", "الآب 2020", "3.5.2", "99999999"],
)
def test_what_is_no_date_is_none(written: str) -> None:
    assert parse_date(written) is None


def test_a_time_without_an_offset_is_the_outlet_s() -> None:
    damascus = ZoneInfo("Asia/Damascus")
    for written, hour in (("2020-03-17 10:00:00", 8), ("2020-03-17T10:00:00Z", 10)):
        found = parse_written(written, zone=damascus)
        assert found is not None
        assert found.at == datetime(2020, 3, 17, hour, tzinfo=UTC)


def test_addresses_carry_days() -> None:
    assert date_in_url("https://daily.example/2023/07/03/%d8%b3/") == datetime(2023, 7, 3, tzinfo=UTC)
    assert date_in_url("https://daily.example/?p=20230703") is None
    assert date_in_url("https://daily.example/2023/17/33/x") is None
