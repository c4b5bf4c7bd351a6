"""Look-alikes of t.me/s/NAME: the structure and class names that Telegram's preview pages have, words of our own."""

from __future__ import annotations

NAME = "WadiDaily"
URL = "https://t.me/s/wadidaily"


def message(number: int, *parts: str, kind: str = "", time: str = "2024-05-01T10:20:30+00:00", name: str = NAME) -> str:
    return (
        f'<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message {kind} '
        f'js-widget_message" data-post="{name}/{number}" data-view="eyJj">'
        f'<div class="tgme_widget_message_user"><a href="https://t.me/{name}"><i class="tgme_widget_message_user_photo '
        'bgcolor3" style="background-image:url(\'https://cdn.example/avatar.jpg\')"></i></a></div>'
        '<div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">'
        f'<a class="tgme_widget_message_owner_name" href="https://t.me/{name}"><span dir="auto">يومية الوادي</span></a>'
        f"</div>{''.join(parts)}{foot(number, time, name)}</div></div></div>"
    )


def foot(number: int, time: str, name: str) -> str:
    return (
        '<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info short '
        'js-message_info"><span class="tgme_widget_message_views">4.1K</span><span class="copyonly"> views</span>'
        f'<span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="https://t.me/{name}/{number}">'
        f'<time datetime="{time}" class="time">13:20</time></a></span></div></div>'
    )


def text(html: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{html}</div>'


def photo(address: str) -> str:
    return (
        '<a class="tgme_widget_message_photo_wrap 5374 1234_456" href="https://t.me/WadiDaily/1" '
        f"style=\"width:800px;background-image:url('{address}')\"><div class='tgme_widget_message_photo' "
        "style='padding-top:56%'></div></a>"
    )


def video(caption: str = "") -> str:
    return (
        '<a class="tgme_widget_message_video_player js-message_video_player" href="https://t.me/WadiDaily/1">'
        '<i class="tgme_widget_message_video_thumb" style="background-image:url(\'https://cdn.example/thumb.jpg\')"></i>'
        '<div class="tgme_widget_message_video_wrap"><video src="https://cdn.example/a.mp4"></video></div>'
        '<div class="message_media_not_supported_wrap"><div class="message_media_not_supported">'
        '<div class="message_media_not_supported_label">This media is not supported in your browser</div>'
        '<span class="message_media_view_in_telegram">VIEW IN TELEGRAM</span></div></div>'
        f'<time class="message_video_duration js-message_video_duration">0:31</time></a>{caption}'
    )


def reply(words: str) -> str:
    return (
        '<a class="tgme_widget_message_reply" href="https://t.me/WadiDaily/7">'
        '<div class="tgme_widget_message_author accent_color"><span class="tgme_widget_message_author_name">الوادي'
        f'</span></div><div class="tgme_widget_message_text js-message_reply_text" dir="auto">{words}</div></a>'
    )


def forwarded(name: str) -> str:
    return (
        '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from '
        f'<a class="tgme_widget_message_forwarded_from_name" href="https://t.me/other/5"><span dir="auto">{name}</span>'
        "</a></div>"
    )


def poll(question: str, *options: str) -> str:
    shown = "".join(
        '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_percent">50%</div>'
        '<div class="tgme_widget_message_poll_option_value">'
        f'<div class="tgme_widget_message_poll_option_text">{option}</div></div></div>'
        for option in options
    )
    return (
        f'<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">{question}</div>'
        f'<div class="tgme_widget_message_poll_type">Anonymous Poll</div>{shown}'
        '<div class="tgme_widget_message_poll_votes">212 voters</div></div>'
    )


def document(title: str) -> str:
    return (
        '<a class="tgme_widget_message_document_wrap" href="https://t.me/WadiDaily/1"><div '
        'class="tgme_widget_message_document_icon"></div><div class="tgme_widget_message_document">'
        f'<div class="tgme_widget_message_document_title" dir="auto">{title}</div>'
        '<div class="tgme_widget_message_document_extra">2.1 MB</div></div></a>'
    )


def preview(title: str, description: str) -> str:
    return (
        '<a class="tgme_widget_message_link_preview" href="https://daily.example/1"><i '
        'class="link_preview_right_image" '
        'style="background-image:url(\'//cdn.example/p.jpg\')"></i><div class="link_preview_site_name">Daily</div>'
        f'<div class="link_preview_title">{title}</div><div class="link_preview_description">{description}</div></a>'
    )


def channel(*messages: str, before: int | None = None, after: int | None = None) -> bytes:
    more = "".join(
        f'<div class="tme_messages_more_wrap js-messages_more_wrap"><a href="/s/{NAME}?{way}={number}" '
        f'class="tme_messages_more js-messages_more" data-{way}="{number}"></a></div>'
        for way, number in (("after", after), ("before", before))
        if number
    )
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>يومية الوادي – Telegram</title></head>"
        '<body class="widget_frame_base tgme_webpreview emoji_image"><header class="tgme_header search_collapsed">'
        '<div class="tgme_header_info"><a class="tgme_channel_join_telegram" href="//telegram.org/dl">Join</a>'
        '<div class="tgme_header_title_wrap"><div class="tgme_header_title"><span dir="auto">يومية الوادي</span></div>'
        '<div class="tgme_header_counter">12.3K subscribers</div></div></div></header>'
        f'<main class="tgme_main" data-url="/{NAME}"><div class="tgme_container"><section '
        f'class="tgme_channel_history js-message_history">{more}{"".join(messages)}</section></div></main></body>'
    ).encode()


def card(extra: str, action: str = "View in Telegram") -> bytes:
    """What t.me shows for a name without a public preview."""
    shown = f'<div class="tgme_page_title"><span dir="auto">Wadi</span></div><div class="tgme_page_extra">{extra}</div>'
    return (
        "<!DOCTYPE html><html><head><title>Telegram: Contact @wadidaily</title></head><body>"
        f'<div class="tgme_page_wrap"><div class="tgme_body_wrap"><div class="tgme_page">{shown if extra else ""}'
        f'<div class="tgme_page_action"><a class="tgme_action_button_new" href="tg://resolve?domain=x">{action}</a></div>'
        "</div></div></div></body></html>"
    ).encode()
