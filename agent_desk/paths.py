"""Where the files that ship with the program are: forms, resources and db."""

import os
import sys
from pathlib import Path


def data_root() -> Path:
    """Return the folder that holds `forms`, `resources` and `db`: frozen program, installed wheel or checkout."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle)
    package = Path(__file__).resolve().parent
    installed = package / "data"
    return installed if installed.is_dir() else package.parent


def data_path(*parts: str) -> Path:
    """Return the path of a shipped file or folder, such as `data_path("db", "seed")`; it need not exist."""
    return data_root().joinpath(*parts)


def site_path() -> Path | None:
    """Return where the site's settings are: AGENT_DESK_SITE ("": nowhere), or the system's place; None: there are none."""
    named = os.environ.get("AGENT_DESK_SITE")
    if named is not None:
        return Path(named) if named else None
    usual = _windows_site() if sys.platform == "win32" else Path("/etc/agent-desk/site.toml")
    return usual if usual.exists() else None


def _windows_site() -> Path:
    return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / "Agent Desk" / "site.toml"
