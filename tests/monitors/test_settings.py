from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitors.environment import variable_of
from monitors.errors import ConfigError
from monitors.settings_file import known_keys, load, open_to_others
from monitors.template import TEMPLATE

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str) -> None:
    Path("rasid.toml").write_text(text, encoding="utf-8")


def test_without_file_or_environment_everything_has_a_default() -> None:
    settings = load()
    assert settings.telegram.token is None
    assert settings.storage.url == "sqlite:///rasid.db"
    assert settings.folder == Path.cwd()


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('[crawl]\nmin_interval = 60\ncontact = "me@example.org"')
    monkeypatch.setenv("RASID_CRAWL_MIN_INTERVAL", "5")
    settings = load()
    assert (settings.crawl.min_interval, settings.crawl.contact) == (5, "me@example.org")


def test_lists_are_separated_by_commas_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_TELEGRAM_ADMINS", "1, -2")
    monkeypatch.setenv("RASID_CRAWL_ALLOW_ADDRESSES", "127.0.0.0/8,::1")
    settings = load()
    assert settings.telegram.admins == (1, -2)
    assert settings.crawl.allow_addresses == ("127.0.0.0/8", "::1")


def test_a_named_file_settles_where_relative_paths_begin(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "my.toml").write_text("[language]\ndefault = 'en'")
    settings = load(folder / "my.toml")
    assert (settings.folder, settings.language.default) == (folder, "en")


def test_the_token_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    write('[telegram]\ntoken_file = "token"')
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    token = load().telegram.token
    assert token is not None
    assert token.get_secret_value() == TOKEN
    assert TOKEN not in repr(load())


@pytest.mark.parametrize("secret", [f"[telegram]\ntoken = '{TOKEN}'", "[storage]\nurl = 'postgresql://me:pw@db/rasid'"])
def test_secrets_that_everybody_may_read_are_noticed(secret: str, tmp_path: Path) -> None:
    write(secret)
    file = tmp_path / "rasid.toml"
    file.chmod(0o644)
    assert open_to_others(load()) == [file]
    file.chmod(0o640)
    assert open_to_others(load()) == []


def test_a_file_of_settings_without_secrets_may_be_read_by_everybody(tmp_path: Path) -> None:
    write("[telegram]\ntoken_file = 'token'")
    for name, mode in (("rasid.toml", 0o644), ("token", 0o604)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    assert open_to_others(load()) == [tmp_path / "token"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[crawl]\nmin_intervall = 5", r"Unknown setting crawl.min_intervall in .*Did you mean crawl.min_interval\?"),
        ("[telegramm]\ntoken = 'x'", r"Unknown setting \[telegramm\].*Did you mean \[telegram\]\?"),
        ("token = 'x'", r"Unknown setting \[token\]"),
        ("[crawl]\nmin_interval = 'often'", "crawl.min_interval is wrong.*RASID_CRAWL_MIN_INTERVAL"),
        ("[crawl]\nports = [70000]", "70000 is not a port"),
        ("[crawl]\nallow_addresses = ['10.0.0.0/99']", "'10.0.0.0/99' is not an address"),
        ("[telegram]\ntoken = 'nonsense'", "telegram.token is wrong: this is not a bot token.*BotFather"),
        ("[telegram]\ntoken_file = 'missing'", "missing, named by telegram.token_file, cannot be read: No such file"),
        ("[telegram]\nbase_url = 'ftp://x'", "must begin with https"),
        ("[language]\ndefault = 'xx'", "language.default is wrong"),
        ("[crawl\n", "not valid TOML.*line 1"),
    ],
)
def test_a_wrong_setting_is_explained(text: str, complaint: str) -> None:
    write(text)
    with pytest.raises(ConfigError, match=complaint):
        load()


def test_a_wrong_token_is_not_repeated_in_the_message() -> None:
    write("[telegram]\ntoken = 'very-secret'")
    with pytest.raises(ConfigError) as caught:
        load()
    assert "very-secret" not in str(caught.value)


def test_a_misspelt_variable_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_TELEGRAM_TOKN", TOKEN)
    with pytest.raises(ConfigError, match=r"TOKN in the environment\. Did you mean RASID_TELEGRAM_TOKEN"):
        load()


def test_a_named_file_must_exist() -> None:
    with pytest.raises(ConfigError, match=r"nowhere.toml cannot be read.*rasid init"):
        load(Path("nowhere.toml"))


def test_the_template_names_every_setting_with_its_default() -> None:
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line and line.startswith("# ") else line
        for line in TEMPLATE.splitlines()
        if not (line.startswith("#") and " = " not in line)
    )
    written = tomllib.loads("\n".join(line for line in uncommented.splitlines() if "RASID_" not in line))
    assert sorted(f"{section}.{key}" for section, values in written.items() for key in values) == sorted(known_keys())
    defaults = load()
    for section, values in written.items():
        for key, value in values.items():
            default = getattr(getattr(defaults, section), key)
            shown = "" if default is None else list(default) if isinstance(default, tuple) else default
            assert value == shown, f"{section}.{key}"


def test_the_template_itself_is_valid() -> None:
    write(TEMPLATE)
    assert load().telegram.token is None


def test_every_key_has_its_variable() -> None:
    assert variable_of("telegram.token_file") == "RASID_TELEGRAM_TOKEN_FILE"
