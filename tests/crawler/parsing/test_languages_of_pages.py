from __future__ import annotations

import pytest

from crawler.pages.languages import language_of


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("أعلنت وزارة الري أن السد استقبل أول واردات الموسم", "en-US", "ar"),
        ("أعلنت شركة Microsoft أن المقر الجديد في القاهرة سيفتح في الربيع المقبل", None, "ar"),
        ("وزارت نیرو گفت که سد پس از سه روز باران پیوسته دوباره پر شد", "ar", "fa"),
        ("وزیر اعظم نے کہا کہ ڈیم بھر گیا ہے اور پانی کافی ہے، لوگوں کو خوشی ہوئی", "ar", "ur"),
        ("حکوومەتی هەرێمی کوردستان رایگەیاند کە ئاوی بەنداوەکە زیادی کردووە", "ar", "ckb"),
        ("The ministry said the dam had received its first water of the season after three days of rain.", None, "en"),
        (
            "Le ministère a annoncé que le barrage avait reçu les premières eaux de la saison après les pluies.",
            "ar",
            "fr",
        ),
        (
            "The Morning Ledger Wheat prices climb as rains are late – update 11 Aid convoy reaches Gaza through "
            "Rafah – update 10 Central bank holds interest rates – update 9 Wheat prices climb as rains are late – "
            "update 8",
            "en-GB",
            "en",
        ),
        (
            "Wheat prices climb as shipments are delayed Ceasefire talks on Gaza resume in Cairo Gas line repaired, "
            "power returns to Damascus suburbs Euphrates at its lowest level in a decade Football: Syria name squad "
            "for qualifier Museum shows mosaics found near Maarat Gaza football club trains in tent camp",
            "en",
            "en",
        ),
        (
            "Le prix du blé grimpe alors que les livraisons tardent Les pourparlers sur Gaza reprennent au Caire "
            "L'Euphrate au plus bas depuis dix ans Football : la Syrie annonce sa liste",
            "en",
            "fr",
        ),
        ("Министерство сообщило, что водохранилище наполнилось после трёх дней дождей в этом году.", None, "ru"),
        ("המשרד הודיע כי הסכר קיבל את המים הראשונים של העונה", None, "he"),
        ("水库迎来了本季的第一批来水，水利部昨日宣布，库容已达一半。农民表示欢迎。", None, "zh"),
        ("خبر", "ar-SY", "ar"),
        ("123", None, None),
        ("", "en_US", "en"),
    ],
)
def test_the_letters_say_which_language_it_is(text: str, hint: str | None, language: str | None) -> None:
    assert language_of(text, hint=hint) == language
