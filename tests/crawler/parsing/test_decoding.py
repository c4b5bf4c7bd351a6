from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.documents.decoding import charset_of, declared_by_html, declared_by_xml, decode

ARABIC = "أعلنت وزارة الري أن السد استقبل أول واردات الموسم، وأن المخزون ارتفع إلى 41 مليون متر"
FRENCH = "L'été dernier, la préfète a annoncé que le barrage était à moitié plein près de Fès, où l'eau manque"
SPANISH = "El pantano está a la mitad, según informó ayer el alcalde; habrá más agua en otoño, señaló"
GERMAN = "Größere Flüsse führen wieder Wasser, erklärte die Behörde über die Lage in München gestern früh"
RUSSIAN = "Водохранилище наполнилось наполовину, сообщили вчера в министерстве"
PERSIAN = "وزارت نیرو گفت که سد پس از سه روز باران پیوسته دوباره پر شد"


@pytest.mark.parametrize(
    ("body", "declared", "http", "text"),
    [
        pytest.param(ARABIC.encode(), None, None, ARABIC, id="utf-8"),
        pytest.param(ARABIC.encode(), "windows-1256", "iso-8859-1", ARABIC, id="valid utf-8 wins over any label"),
        pytest.param(ARABIC.encode("cp1256"), "windows-1256", None, ARABIC, id="windows-1256 declared"),
        pytest.param(ARABIC.encode("cp1256"), None, None, ARABIC, id="windows-1256 undeclared"),
        pytest.param(ARABIC.encode("cp1256"), "utf-8", None, ARABIC, id="windows-1256 declared utf-8"),
        pytest.param(ARABIC.encode("cp1256"), None, "iso-8859-1", ARABIC, id="windows-1256 served as latin-1"),
        pytest.param(ARABIC.encode("cp1256"), "iso-8859-6", None, ARABIC, id="windows-1256 declared iso-8859-6"),
        pytest.param(ARABIC.encode("iso8859-6"), None, None, ARABIC, id="iso-8859-6 undeclared"),
        pytest.param(ARABIC.encode("utf-8-sig"), "windows-1256", None, ARABIC, id="utf-8 mark"),
        pytest.param(b"\xff\xfe" + ARABIC.encode("utf-16-le"), "utf-8", None, ARABIC, id="utf-16 mark"),
        pytest.param(b"\xfe\xff" + ARABIC.encode("utf-16-be"), None, None, ARABIC, id="big-endian mark"),
        pytest.param("<a>ب</a>".encode("utf-16-le"), None, None, "<a>ب</a>", id="utf-16 without a mark"),
        pytest.param(FRENCH.encode("cp1252"), None, "iso-8859-1", FRENCH, id="french latin-1"),
        pytest.param(SPANISH.encode("cp1252"), "iso-8859-1", None, SPANISH, id="spanish latin-1"),
        pytest.param(GERMAN.encode("cp1252"), "windows-1252", None, GERMAN, id="german latin-1"),
        pytest.param(RUSSIAN.encode("cp1251"), "windows-1251", None, RUSSIAN, id="russian declared"),
        pytest.param(RUSSIAN.encode("cp1251"), None, None, RUSSIAN, id="russian undeclared"),
        pytest.param("大雨の後".encode("cp932"), "Shift_JIS", None, "大雨の後", id="japanese declared"),
        pytest.param("大雨之后".encode("gb18030"), "gb2312", None, "大雨之后", id="chinese declared"),
        pytest.param(b"", None, None, "", id="empty"),
        pytest.param(b"plain", "rot13", "hex", "plain", id="codecs that are no text"),
    ],
)
def test_text_is_read_as_it_was_written(body: bytes, declared: str | None, http: str | None, text: str) -> None:
    assert decode(body, declared=declared, http_charset=http).text == text


@pytest.mark.parametrize("bad", [b"\xff", b"\xe9", b"\xd8", b"\xc3("])
def test_one_bad_byte_spoils_one_character(bad: bytes) -> None:
    start, end = ARABIC[:30], ARABIC[30:]
    decoded = decode(start.encode() + bad + end.encode(), declared=None, http_charset=None)
    assert decoded.encoding == "utf-8"
    assert decoded.text.startswith(start)
    assert decoded.text.endswith(end)


@pytest.mark.parametrize(
    "label", ["zlib_codec", "hex", "rot13", "unicode_escape", "punycode", "no-such", "utf-7", "idna"]
)
def test_a_label_can_only_select_text(label: str) -> None:
    decoded = decode(ARABIC.encode("cp1256"), declared=label, http_charset=label)
    assert decoded.text == ARABIC


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "windows-1256", "big5", "utf-16", "x"]))
def test_any_bytes_become_text_that_can_be_encoded(body: bytes, label: str | None) -> None:
    decode(body, declared=label, http_charset=None).text.encode("utf-8")


def test_labels_are_found_where_documents_and_servers_put_them() -> None:
    assert declared_by_xml(b"<?xml version='1.0' encoding='windows-1256'?><rss/>") == "windows-1256"
    assert (
        declared_by_html(b'<meta http-equiv="Content-Type" content="text/html; charset=Windows-1256">')
        == "Windows-1256"
    )
    assert declared_by_html(b"<head><META CHARSET=utf-8>") == "utf-8"
    assert charset_of('text/xml; charset="UTF-8"') == "UTF-8"
    assert charset_of("text/xml") is None
    assert charset_of(None) is None
