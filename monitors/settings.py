"""The operator's settings: what there is to set, what each may be, and what it is by default."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from monitors.alerts import OnUncertain
from monitors.chats import CONSOLE, ChatAddress, Transport
from monitors.environment import PREFIX
from monitors.people import Access
from monitors.watchlists import MOST_LISTS, MOST_WATCHES

TOKEN = re.compile(r"(?<!\d)\d{6,12}:[\w-]{30,50}")
"""The form of a bot token, wherever it stands (`\\b` would miss it in `/bot123…`)."""


def _comma_separated(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _public_address(url: str | None) -> str | None:
    if url is None or not url.strip():
        return None
    if not re.fullmatch(r"https?://[^/?#@\s]+(/[^?#\s]*)?", url.strip()):
        raise ValueError("it must be an address such as https://rasid.example.org, without ? and #")
    return url.strip().rstrip("/")


def _listened(address: str) -> str:
    host, colon, port = address.strip().rpartition(":")
    if not colon or not host or not port.isdecimal() or not port.isascii() or int(port) > 65_535:
        raise ValueError("it must be an address and a port, such as 127.0.0.1:8080")
    return address.strip()


def _split_address(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StorageSettings(Section):
    """Where everything is remembered."""

    url: str = "sqlite:///rasid.db"


class TelegramSettings(Section):
    """How people are told. Without a token, alerts are shown on the terminal only."""

    token: SecretStr | None = None
    token_file: Path | None = None
    base_url: str = "https://api.telegram.org"
    admins: Annotated[tuple[int, ...], NoDecode] = ()
    access: Access = Access.OPEN
    webhook_url: str | None = None
    webhook_listen: str = "127.0.0.1:8081"
    webhook_secret: SecretStr | None = None
    on_uncertain: OnUncertain = OnUncertain.RESEND_MARKED

    _split = field_validator("admins", mode="before")(_comma_separated)

    @field_validator("token")
    @classmethod
    def _well_formed(cls, token: SecretStr | None) -> SecretStr | None:
        if token is None or not token.get_secret_value().strip():
            return None
        value = token.get_secret_value().strip()
        if not re.fullmatch(r"\d{3,12}:[\w-]{8,64}", value, re.ASCII):
            raise ValueError(
                "this is not a bot token; @BotFather gives it in the form 123456789:AAE… (digits, colon, letters)"
            )
        return SecretStr(value)

    @field_validator("base_url")
    @classmethod
    def _http_url(cls, url: str) -> str:
        if not re.match(r"https?://[^/]+", url):
            raise ValueError("it must begin with https:// (or http:// for a server of your own)")
        return url.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _posted_to(cls, url: str | None) -> str | None:
        return _public_address(url)

    @field_validator("webhook_listen")
    @classmethod
    def _host_and_port(cls, address: str) -> str:
        return _listened(address)

    @field_validator("webhook_secret")
    @classmethod
    def _not_guessed(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is None or not secret.get_secret_value():
            return None
        if not re.fullmatch(r"[\w-]{16,256}", secret.get_secret_value(), re.ASCII):
            raise ValueError("it must be 16 to 256 letters, digits, _ and -")
        return secret

    @property
    def operators(self) -> list[ChatAddress]:
        """Where they are told what nobody else wants to know: in private, or on the terminal without a token."""
        if self.token is None:
            return [CONSOLE]
        return [ChatAddress(Transport.TELEGRAM, admin) for admin in self.admins]

    @property
    def webhook_address(self) -> tuple[str, int]:
        return _split_address(self.webhook_listen)


class CrawlSettings(Section):
    """How outlets are visited. Times in seconds."""

    user_agent: str = "Rasid/0.1 (self-hosted news monitor)"
    contact: str | None = None
    concurrency: Annotated[int, Field(ge=1, le=1000)] = 100
    min_interval: Annotated[float, Field(ge=1, le=86_400)] = 300
    budget: Annotated[float, Field(ge=1, le=1_000_000)] = 1000
    obey_robots: bool = True
    keep_pages: bool = False
    allow_addresses: Annotated[tuple[str, ...], NoDecode] = ()
    ports: Annotated[tuple[int, ...], NoDecode] = (80, 443)

    _split = field_validator("allow_addresses", "ports", mode="before")(_comma_separated)

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_header_line(cls, value: str | None) -> str | None:
        if value is not None and not value.isprintable():
            raise ValueError("it must be one line without control characters, for it becomes an HTTP header")
        return value

    @field_validator("allow_addresses")
    @classmethod
    def _networks(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            try:
                ipaddress.ip_network(address, strict=False)
            except ValueError:
                raise ValueError(f"{address!r} is not an address or a network such as 10.0.0.0/8") from None
        return addresses

    @field_validator("ports")
    @classmethod
    def _port_numbers(cls, ports: tuple[int, ...]) -> tuple[int, ...]:
        for port in ports:
            if not 0 < port < 65_536:
                raise ValueError(f"{port} is not a port number (1 to 65535)")
        return ports


class LimitSettings(Section):
    """What one person may ask for. Operators have no limits."""

    crawls_per_hour: Annotated[int, Field(ge=0, le=10_000)] = 10
    addresses_per_hour: Annotated[int, Field(ge=0, le=10_000)] = 20
    searches_per_hour: Annotated[int, Field(ge=0, le=100_000)] = 200
    outlets_per_user: Annotated[int, Field(ge=0, le=100_000)] = 50
    watches_per_chat: Annotated[int, Field(ge=1, le=10_000_000)] = MOST_WATCHES
    watchlists_per_chat: Annotated[int, Field(ge=1, le=100_000)] = MOST_LISTS
    destinations_per_watchlist: Annotated[int, Field(ge=1, le=100_000)] = 20
    alerts_per_hour: Annotated[int, Field(ge=1, le=1_000_000)] = 500


class WebSettings(Section):
    """Where the world reaches Rasid, if it does. Behind a web server that speaks https and hands requests on."""

    public_url: str | None = None
    listen: str = "127.0.0.1:8080"

    @field_validator("public_url")
    @classmethod
    def _public(cls, url: str | None) -> str | None:
        return _public_address(url)

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, address: str) -> str:
        return _listened(address)

    @property
    def listen_address(self) -> tuple[str, int]:
        return _split_address(self.listen)


class LanguageSettings(Section):
    """The language and the time zone (IANA) of people who have not chosen one."""

    default: Literal["ar", "en"] = "ar"
    time_zone: str = "Asia/Damascus"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{zone!r} is not a time zone; they are named such as Asia/Damascus or UTC") from None
        return zone


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "human", "json"] = "auto"


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="forbid",
        frozen=True,
    )

    file: Path | None = Field(default=None, exclude=True)
    """The settings file; None when there is none and everything is as by default or by environment."""

    folder: Path = Field(default=Path(), exclude=True)
    """Where relative paths in the settings are taken from: the settings file's folder."""

    storage: StorageSettings = StorageSettings()
    telegram: TelegramSettings = TelegramSettings()
    crawl: CrawlSettings = CrawlSettings()
    limits: LimitSettings = LimitSettings()
    web: WebSettings = WebSettings()
    language: LanguageSettings = LanguageSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings
