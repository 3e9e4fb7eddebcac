"""The program's own source, as tests of its shape read it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "agent_desk"
GENERATED = PROGRAM / "desktop" / "forms"


def modules(*parts: str) -> list[Path]:
    """Return the written (not generated) modules below a package, `agent_desk` by default."""
    return [path for path in sorted(PROGRAM.joinpath(*parts).rglob("*.py")) if GENERATED not in path.parents]


def nodes(path: Path) -> Iterator[ast.AST]:
    """Return every node of a module's syntax tree."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path)))


def place(path: Path, node: ast.AST) -> str:
    """Return where a node stands, as an editor opens it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


def committed_files() -> list[Path]:
    """Return every file of the checkout that git keeps or would keep."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=60,
    )
    paths = (ROOT / name for name in listing.stdout.decode("utf-8").split("\0") if name)
    return sorted(path for path in set(paths) if path.is_file())
