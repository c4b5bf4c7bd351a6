"""The settings as they are written: `rasid.toml`, and for every key an environment variable that wins over it.

`[telegram] token` is `RASID_TELEGRAM_TOKEN`, and so on. An unknown key or variable is an error that names the
nearest known one: a misspelt setting that is silently ignored is found out too late.
"""

from __future__ import annotations

import difflib
import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from monitors.environment import CONFIG_VARIABLE, PREFIX, variable_of
from monitors.errors import ConfigError
from monitors.settings import Section, Settings, TelegramSettings

FILE_NAME = "rasid.toml"


def load(path: Path | None = None) -> Settings:
    """The settings of the file (if there is one) and the environment. Raises `ConfigError`.

    `path` is a file that must exist; without it RASID_CONFIG names one, or `rasid.toml` here is read if present.
    """
    named = os.environ.get(CONFIG_VARIABLE)
    path = path or (Path(named) if named else None)
    file = (path or Path(FILE_NAME)).absolute()
    written = _read(file) if path or file.exists() else None
    _refuse_unknown(written or {}, os.environ, file)
    try:
        settings = Settings(**(written or {}), file=file if written is not None else None, folder=file.parent)
    except ValidationError as error:
        raise _config_error(error, file) from None
    return _with_token_file(settings)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file} is not valid TOML: {error}.", hint="Correct that line.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"The settings file {file} is not UTF-8 text.", hint="Save it as UTF-8.") from None
    except OSError as error:
        raise ConfigError(
            f"The settings file {file} cannot be read: {error.strerror}.", hint="Write one with: rasid init"
        ) from None


def known_keys() -> list[str]:
    """Every setting as "section.key"."""
    return [
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
        for key in field.annotation.model_fields
    ]


def _refuse_unknown(written: Mapping[str, Any], variables: Mapping[str, str], file: Path) -> None:
    keys = known_keys()
    sections = {key.partition(".")[0] for key in keys}
    for section, values in written.items():
        if section not in sections or not isinstance(values, dict):
            raise _unknown(f"[{section}]", f"in {file}", section, sorted(sections), "[{}]")
        for key in values:
            if f"{section}.{key}" not in keys:
                raise _unknown(f"{section}.{key}", f"in {file}", f"{section}.{key}", keys, "{}")
    known_variables = [variable_of(key) for key in keys] + [CONFIG_VARIABLE]
    for name in variables:
        if name.startswith(PREFIX) and name not in known_variables:
            raise _unknown(name, "in the environment", name, known_variables, "{}")


def _unknown(what: str, where: str, name: str, known: list[str], form: str) -> ConfigError:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"Did you mean {form.format(near[0])}?" if near else f"Known: {', '.join(map(form.format, known))}."
    return ConfigError(f"Unknown setting {what} {where}.", hint=hint)


def _config_error(error: ValidationError, file: Path) -> ConfigError:
    """Says which setting, in the file or the environment, and why; never repeats the value of a secret."""
    first = error.errors(include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"][:2])
    reason = first["msg"].removeprefix("Value error, ")
    return ConfigError(
        f"The setting {key} is wrong: {reason}.",
        hint=f"Correct it in {file} or in {variable_of(key)}.",
    )


def _with_token_file(settings: Settings) -> Settings:
    telegram = settings.telegram
    if telegram.token_file is None or telegram.token is not None:
        return settings
    file = settings.folder / telegram.token_file.expanduser()
    try:
        written = TelegramSettings(**telegram.model_dump(exclude={"token"}), token=SecretStr(file.read_text()))
    except OSError as error:
        raise ConfigError(
            f"The file {file}, named by telegram.token_file, cannot be read: {error.strerror}.",
            hint="Write the token into it, readable by you alone (chmod 600).",
        ) from None
    except ValidationError as error:
        raise _config_error(error, file) from None
    return settings.model_copy(update={"telegram": written})


def open_to_others(settings: Settings) -> list[Path]:
    """The files with secrets that every user of this machine can read."""
    telegram = settings.telegram
    written = _read(settings.file) if settings.file is not None else {}
    stored, told = written.get("storage", {}), written.get("telegram", {})
    has_secrets = told.get("token") or told.get("webhook_secret") or "@" in stored.get("url", "")
    files = [settings.file] if settings.file is not None and has_secrets else []
    if telegram.token_file is not None:
        files.append(settings.folder / telegram.token_file.expanduser())
    return [file for file in files if file.stat().st_mode & stat.S_IROTH]
