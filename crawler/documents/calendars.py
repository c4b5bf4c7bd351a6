"""Months by name, in the languages news is read in here, and days of the Hijri and Jalali calendars → Gregorian days.

The tables' keys are in the spelling of `crawler.documents.spelling.fold`; in what is written here, "_" is a space.
"""

from __future__ import annotations

from datetime import date, timedelta

from crawler.documents.spelling import fold

_GREGORIAN = {
    1: """january jan janvier janv enero ene januar janner januari janeiro gennaio gen ocak января январь
        يناير جانفي كانون_الثاني كانون_ثاني كانون2 كانون_2 كانون_(2) ك2 ژانويه جنوري كانووني_دووەم""",
    2: """february feb fevrier fevr febrero februar februari fevereiro fev febbraio subat şubat февраля февраль
        فبراير فيفري شباط فوريه فروري شوبات""",
    3: """march mar mars marzo marz marco maerz maart mart марта март مارس اذار ازار مارچ ئازار""",
    4: """april apr avril avr abril aprile nisan апреля апрель ابريل افريل نيسان اوريل اپريل""",
    5: """may mai mayo maio maggio mag mei mayis mayıs мая маи مايو ماي ايار مئي مه ئايار""",
    6: """june jun juin junio juni junho giugno giu haziran июня июнь يونيو يونيه جوان حزيران ژوئن جون حوزەيران""",
    7: """july jul juillet juil julio juli julho luglio lug temmuz июля июль
        يوليو يوليه جويليه يوليوز تموز ژوئيه جولاي جولائي تەممووز""",
    8: """august aug aout agosto ago augustus agustos ağustos августа август اغسطس اغشت غشت اوت اب اگست ئاب""",
    9: """september sep sept septembre septiembre setembro settembre set eylul сентября сентябрь
        سبتمبر شتنبر ايلول سپتامبر ستمبر ئەيلوول""",
    10: """october oct octobre octubre oktober okt outubro out ottobre ott ekim октября октябрь
        اكتوبر تشرين_الاول تشرين_اول تشرين1 تشرين_1 تشرين_(1) ت1 اكتبر تشريني_يەكەم""",
    11: """november nov novembre noviembre novembro kasim kasım ноября ноябрь
        نوفمبر نونبر نوفنبر تشرين_الثاني تشرين_ثاني تشرين2 تشرين_2 تشرين_(2) ت2 نوامبر نومبر تشريني_دووەم""",
    12: """december dec decembre dic diciembre dezember dezembro dez dicembre aralik aralık декабря декабрь
        ديسمبر دجنبر ديسنبر كانون_الاول كانون_اول كانون1 كانون_1 كانون_(1) ك1 دسامبر دسمبر كانووني_يەكەم""",
}
_HIJRI = {
    1: "محرم المحرم محرم_الحرام",
    2: "صفر",
    3: "ربيع_الاول ربيع_اول",
    4: "ربيع_الاخر ربيع_الثاني ربيع_ثاني",
    5: "جمادي_الاولي جمادي_الاول جماد_الاول جمادي_اولي",
    6: "جمادي_الاخره جمادي_الثانيه جمادي_الاخر جمادي_الثاني جماد_الثاني",
    7: "رجب",
    8: "شعبان",
    9: "رمضان رمضان_المبارك",
    10: "شوال",
    11: "ذو_القعده ذي_القعده ذوالقعده ذيالقعده",
    12: "ذو_الحجه ذي_الحجه ذوالحجه ذيالحجه",
}
_JALALI = {
    1: "فروردين",
    2: "ارديبهشت",
    3: "خرداد",
    4: "تير",
    5: "مرداد امرداد",
    6: "شهريور",
    7: "مهر",
    8: "ابان",
    9: "اذر",
    10: "دي",
    11: "بهمن",
    12: "اسفند",
}


def _by_name(months: dict[int, str]) -> dict[str, int]:
    return {fold(name.replace("_", " ")): number for number, names in months.items() for name in names.split()}


GREGORIAN_MONTHS = _by_name(_GREGORIAN)
HIJRI_MONTHS = _by_name(_HIJRI)
JALALI_MONTHS = _by_name(_JALALI)

# Days since 0001-01-01, which is day 1, as `date.fromordinal` counts them.
_HIJRI_EPOCH = 227_015  # 1 Muharram 1, 19 July 622 in the proleptic Gregorian calendar
_JALALI_EPOCH = 226_894  # two days before 1 Farvardin 1


def from_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian day of the arithmetical ("tabular") Islamic calendar. ValueError when there is no such day.

    Eleven leap years in thirty (2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29). The calendars in use go by sightings (or, as
    Umm al-Qura, by computed ones), so the day printed in a newspaper may be one off.
    """
    length = 30 if month % 2 or (month == 12 and (11 * year + 14) % 30 < 11) else 29
    if not (1 <= month <= 12 and 1 <= day <= length and year >= 1):
        raise ValueError("no such day")
    days = 354 * (year - 1) + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day
    return date.fromordinal(_HIJRI_EPOCH + days - 1)


def from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of the Iranian calendar. ValueError when there is no such day.

    Leap years by the rule of 33 years, which agrees with the astronomical ones from 1206 to 1497 (1827-2118).
    """
    leap = (25 * year + 11) % 33 < 8
    length = 31 if month <= 6 else 30 if month <= 11 or leap else 29
    if not (1 <= month <= 12 and 1 <= day <= length and year >= 1):
        raise ValueError("no such day")
    days = 365 * (year - 1) + (8 * year + 21) // 33 + 31 * (month - 1) - max(month - 7, 0) + day
    return date.fromordinal(1) + timedelta(days=_JALALI_EPOCH + days - 1)
