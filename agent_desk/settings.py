"""This workstation's settings as declared facts: key, type, default, bounds and one line of help each."""

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs

from agent_desk.rules.agent_hours import team_hours
from agent_desk.whole_file import write_whole

FILE_NAME = "settings.json"
DATABASE_NAME = "agent-desk.sqlite3"
LARGEST_FILE = 256 * 1024
MOST_DAYS = 400

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]|")
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,188}[A-Za-z0-9])?|")
_PAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:/_~-]{0,99}")
_IDENTIFIER = re.compile(r"[0-9a-z]{4,16}|")
_PLACE = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"  # a name, or an IP address
_PORT = r"(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4})"
_LISTEN = re.compile(rf"{_PLACE}:{_PORT}")
_SITE = re.compile(rf"https?://{_PLACE}(?::{_PORT})?/?|")
_SMS_GATEWAY = re.compile(rf"https?://{_PLACE}(?::{_PORT})?(?:/[A-Za-z0-9._~/-]{{0,100}})?|")
_SMS_SENDER = re.compile(r"[A-Za-z0-9 ]{1,11}|\+?[0-9]{3,15}")
_NETWORK = r"(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})(?:/\d{1,3})?"
_NETWORKS = re.compile(rf"(?:{_NETWORK}(?:[, ]+{_NETWORK})*)?")
_ICE = re.compile(
    rf"stuns?:{_PLACE}(?::{_PORT})?|turns?:{_PLACE}(?::{_PORT})?(?:\?transport=(?:udp|tcp))?(?: \S+ \S+)?"
)
_SERVER = r"postgresql(?:\+psycopg)?://.+"
_SERVERS = re.compile(rf"(?:{_SERVER})?")
_DATABASE = re.compile(rf"(?:{_SERVER}|sqlite:///.+)?")
_PASSWORD = re.compile(r"://[^/?@]*:[^/?@]+@|[?&](?:ssl)?password=")

_KINDS = {str: "text", int: "number", bool: "yes or no", tuple: "dates"}

Check = Callable[[Any], bool]


def _text(longest: int, pattern: re.Pattern[str] | None = None) -> Check:
    def check(value: object) -> bool:
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            return False
        return pattern is None or pattern.fullmatch(value) is not None

    return check


def _number(least: int, most: int) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _one_of(*choices: str) -> Check:
    return lambda value: value in choices


def _are_ice_servers(value: object) -> bool:
    if not isinstance(value, str) or len(value) > 2000:
        return False
    return all(line.isprintable() and _ICE.fullmatch(line.strip()) for line in value.split("\n") if line.strip())


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_hours(value: object) -> bool:
    return _text(1000)(value) and team_hours(str(value)) is not None


def _are_days(value: object) -> bool:
    return isinstance(value, tuple) and len(value) <= MOST_DAYS and all(type(day) is date for day in value)


def _fact(default: object, check: Check, help_line: str, bounds: str = "") -> Any:
    return field(default=default, metadata={"check": check, "help": help_line, "bounds": bounds})


@dataclass(frozen=True, slots=True)
class Settings:
    """What this workstation is told once; nothing secret is ever in it."""

    agent_name: str = _fact("", _text(80), "Name of the agent, as the log and the mails show it", "up to 80 characters")
    agent_id: str = _fact("", _text(16, _IDENTIFIER), "Short random mark of this workstation, made at first start")
    company: str = _fact(
        "Assistance", _text(80), "Company named in mails and on the confirmation", "up to 80 characters"
    )
    support_phone: str = _fact("776", _text(80), "Telephone a customer is told to call", "up to 80 characters")
    language: str = _fact("fr", _one_of("fr", "en"), "Language of the screens", "fr, en")
    theme: str = _fact("system", _one_of("system", "light", "dark"), "Colours of the screens", "system, light, dark")
    database_url: str = _fact(
        "", _text(1000, _DATABASE), "SQLAlchemy address of the database; empty: a file in the data folder"
    )
    relay_host: str = _fact("", _text(253, _HOST), "Host name of the e-mail relay")
    relay_port: int = _fact(587, _number(1, 65535), "Port of the e-mail relay", "1 to 65535")
    relay_security: str = _fact(
        "starttls", _one_of("starttls", "tls", "none"), "How the relay is reached", "starttls, tls, none"
    )
    relay_user: str = _fact("", _text(254), "User name at the relay; empty: no sign-in", "up to 254 characters")
    relay_state: str = _fact(
        "later", _one_of("configured", "later"), "Whether mails leave or wait", "configured, later"
    )
    sender_address: str = _fact("assistance@assistance.example", _text(254, _ADDRESS), "Address mails are sent from")
    sms_gateway_url: str = _fact(
        "", _text(300, _SMS_GATEWAY), "Address of the SMS gateway, as Kannel’s sendsms; empty: SMS wait"
    )
    sms_user: str = _fact("", _text(80), "User name at the SMS gateway", "up to 80 characters")
    sms_sender: str = _fact(
        "Assistance", _text(16, _SMS_SENDER), "Name or number SMS come from", "up to 11 letters and digits, or a number"
    )
    mail_sender: str = _fact(
        "desk",
        _one_of("desk", "worker"),
        "Who hands mails to the relay: this desk, the site’s mail worker",
        "desk, worker",
    )
    page_url: str = _fact("assistance.example", _text(100, _PAGE), "Assistance page a customer opens, as it is spoken")
    questions_url: str = _fact(
        "assistance.example/questions",
        _text(60, _PAGE),
        "Questions and answers about home visits, as an SMS names them",
    )
    locator_digits: int = _fact(3, _number(3, 5), "Digits that find the session in a one-time code", "3 to 5")
    mediator: str = _fact(
        "",
        _text(200),
        "Consumer mediator named in answers to complaints, with how to reach it; empty: none",
        "up to 200 characters",
    )
    extra_holidays: tuple[date, ...] = _fact((), _are_days, "Non-working days of this site", f"up to {MOST_DAYS} dates")
    agent_hours: str = _fact(
        "08:00-21:00",
        _are_hours,
        "From when to when agents call back, on the mainland’s clock; teams apart",
        "HH:MM-HH:MM; TEAM HH:MM-HH:MM; …",
    )
    withdrawal_published_days: int = _fact(7, _number(7, 60), "Days of withdrawal this site publishes (10)", "7 to 60")
    checkpoint_minutes: int = _fact(5, _number(1, 60), "Minutes between two checkpoints of the log", "1 to 60")
    checkpoint_file: str = _fact("", _text(1000), "File outside this machine that gets a copy of each checkpoint")
    gateway_mode: str = _fact(
        "desk",
        _one_of("desk", "site", "off"),
        "Who serves the customer's page: this desk, the site, nobody",
        "desk, site, off",
    )
    gateway_listen: str = _fact("127.0.0.1:8477", _text(300, _LISTEN), "Address and port the page is served at")
    public_url: str = _fact("", _text(300, _SITE), "Address customers open, as https://…; empty: not reachable yet")
    gateway_url: str = _fact("", _text(300, _SITE), "Address where this desk reaches the site's gateway")
    tls_certificate: str = _fact("", _text(1000), "File of the page's certificate (PEM, with its chain)")
    tls_key: str = _fact("", _text(1000), "File of the certificate's key (PEM)")
    trusted_proxies: str = _fact(
        "", _text(1000, _NETWORKS), "Proxies whose X-Forwarded-For and -Proto are believed", "IP addresses, networks"
    )
    ice_servers: str = _fact(
        "",
        _are_ice_servers,
        "STUN and TURN servers, one a line: stun:HOST:PORT, turn:HOST:PORT?transport=udp [USER PASSWORD]",
    )
    signal_database_url: str = _fact(
        "",
        _text(1000, _SERVERS),
        "Direct address of the database for LISTEN, where the other one leads through a pooler",
    )
    report_database_url: str = _fact(
        "", _text(1000, _SERVERS), "Address of a copy of the database for what may be seconds old; empty: the database"
    )
    log_kilobytes: int = _fact(1024, _number(64, 102_400), "Largest size of a log file, in KiB", "64 to 102400")
    log_files: int = _fact(5, _number(1, 50), "How many log files are kept, the oldest goes", "1 to 50")
    lock_minutes: int = _fact(
        10,
        _number(0, 240),
        "Minutes without keyboard or mouse until this desk locks, once signed in",
        "0 (never) to 240",
    )
    first_start_done: bool = _fact(False, _is_flag, "Whether the questions of the first start were answered")

    @property
    def link_base(self) -> str:
        """Return the address that links in mails begin with, "" where no customer can open a page."""
        return {"desk": self.public_url, "site": self.public_url or self.gateway_url}.get(self.gateway_mode, "")


@dataclass(frozen=True, slots=True)
class Fact:
    """One setting as a person would look it up."""

    key: str
    kind: str
    default: object
    bounds: str
    help: str


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings, and what was wrong with their file: `fault` is "" or a key of the wording table `errors`.

    `settings_broken`: the file as it was is kept as `kept_as`, and `fields` (empty: all) have their default again.
    `settings_unsaved`: the folder takes no file; the settings hold until the program ends.
    Where a broken file cannot even be renamed, it stays as it is and `kept_as` is its own name.
    """

    settings: Settings
    fault: str = ""
    kept_as: str = ""
    fields: tuple[str, ...] = ()


class InvalidSettings(ValueError):
    """Refused settings; `fields` names the keys out of bounds, `code` and `values` the sentence in `errors`."""

    code = "setting_refused"

    def __init__(self, keys: tuple[str, ...]) -> None:
        super().__init__(", ".join(keys))
        self.fields = keys
        self.values = {"key": keys[0]}


class UnsavedSettings(OSError):
    """The folder takes no file; the one there before is as it was. `code` is the sentence in `errors`."""

    code = "settings_unsaved"


def facts() -> tuple[Fact, ...]:
    """Return every setting with its type, default, bounds and line of help, in the order they are shown."""
    return tuple(
        Fact(one.name, _KINDS[type(one.default)], one.default, one.metadata["bounds"], one.metadata["help"])
        for one in fields(Settings)
    )


def faulty_keys(settings: Settings) -> tuple[str, ...]:
    """Return the keys whose value is of the wrong type or out of bounds."""
    return tuple(one.name for one in fields(Settings) if not one.metadata["check"](getattr(settings, one.name)))


def accepted(key: str, value: object) -> Any:
    """Return the value of a setting as read from a file; InvalidSettings where it is of the wrong type or out of bounds."""
    one = next(one for one in fields(Settings) if one.name == key)
    found = _decoded(one, value)
    if not one.metadata["check"](found):
        raise InvalidSettings((key,))
    return found


def has_password(address: str) -> bool:
    """Tell whether a database's address holds a password, which belongs into the keyring or a file of libpq's."""
    return _PASSWORD.search(address) is not None


def settings_folder() -> Path:
    """Return the folder of this person's settings and data: AGENT_DESK_HOME, or where the system wants it."""
    chosen = os.environ.get("AGENT_DESK_HOME")
    return Path(chosen).absolute() if chosen else platformdirs.user_data_path("agent-desk", appauthor=False)


def load_settings(folder: Path) -> LoadedSettings:
    """Return the settings in `folder`, defaults where there are none; a broken file is set aside, never lost."""
    path = folder / FILE_NAME
    loaded = _read(path)
    settings = loaded.settings
    settings = replace(
        settings,
        database_url=settings.database_url or default_database(folder),
        agent_id=settings.agent_id or os.urandom(4).hex(),
    )
    if settings.agent_id == loaded.settings.agent_id and not loaded.fault:
        return replace(loaded, settings=settings)
    try:
        kept_as = _set_aside(path) if loaded.fault else ""
        save_settings(folder, settings)
    except OSError:
        return LoadedSettings(settings, loaded.fault or "settings_unsaved", FILE_NAME, loaded.fields)
    return LoadedSettings(settings, loaded.fault, kept_as, loaded.fields)


def save_settings(folder: Path, settings: Settings) -> None:
    """Write the settings so that a crash leaves the old or the new file, whole; InvalidSettings, UnsavedSettings."""
    faulty = faulty_keys(settings)
    if faulty:
        raise InvalidSettings(faulty)
    values = asdict(settings) | {"extra_holidays": [day.isoformat() for day in settings.extra_holidays]}
    if settings.database_url == default_database(folder):
        values["database_url"] = ""  # so that the folder may be moved
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / FILE_NAME, (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as error:
        raise UnsavedSettings(error.errno, error.strerror) from error


def default_database(folder: Path) -> str:
    """Return the address of the file a single desk has in its data folder."""
    return f"sqlite:///{(folder / DATABASE_NAME).absolute().as_posix()}"


def _read(path: Path) -> LoadedSettings:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            return LoadedSettings(Settings(), "settings_broken")
        values = json.loads(raw.decode("utf-8"))
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except (OSError, ValueError, RecursionError):
        return LoadedSettings(Settings(), "settings_broken")
    if not isinstance(values, dict):
        return LoadedSettings(Settings(), "settings_broken")
    return _from_values(values)


def _from_values(values: Mapping[str, object]) -> LoadedSettings:
    good: dict[str, Any] = {}
    bad = []
    for one in fields(Settings):
        if one.name not in values:
            continue
        value = _decoded(one, values[one.name])
        if one.metadata["check"](value):
            good[one.name] = value
        else:
            bad.append(one.name)
    return LoadedSettings(Settings(**good), "settings_broken" if bad else "", fields=tuple(bad))


def _decoded(one: Field[Any], value: object) -> object:
    if not isinstance(one.default, tuple) or not isinstance(value, list):
        return value
    try:
        return tuple(date.fromisoformat(day) for day in value)
    except (TypeError, ValueError):
        return None


def _set_aside(path: Path) -> str:
    """Give the file another name and return it; OSError leaves it where it is."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.broken-{number}{path.suffix}")).exists():
        number += 1
    path.rename(aside)
    return aside.name
