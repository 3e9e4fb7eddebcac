"""Where the files that ship with the program are: forms, resources and db."""

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
