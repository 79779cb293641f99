"""The project's own files as the tests of its rules read them."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# From the bottom up: an app imports only from those before it; the two of one rank do not import each other.
LAYERS = (("presentation",), ("accounts",), ("planning",), ("finance", "networks"), ("programme",))
APPS = tuple(app for layer in LAYERS for app in layer)
RANK = {app: rank for rank, layer in enumerate(LAYERS) for app in layer}


@dataclass(frozen=True)
class Module:
    """One Python file of an app. `role` is its job by its name: `planning/queries/flows.py` has the role `queries`."""

    path: Path

    @property
    def app(self) -> str:
        return self.path.parts[0]

    @property
    def role(self) -> str:
        return self.path.parts[1].removesuffix(".py")

    @property
    def name(self) -> str:
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @cached_property
    def text(self) -> str:
        return (ROOT / self.path).read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line and full dotted name of everything imported, wherever in the file the import stands."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{self._origin(node)}.{alias.name}") for alias in node.names]
        return found

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.path.parent.parts
        kept = package[: len(package) - node.level + 1]
        return ".".join([*kept, *([node.module] if node.module else [])])


def committed_files() -> list[Path]:
    """Files of the repository, relative to its root: what git knows and what it would take."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted({Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()})


def app_modules() -> list[Module]:
    """Every Python file of the apps, without migrations, which are generated."""
    paths = [path for path in committed_files() if path.suffix == ".py" and path.parts[0] in APPS]
    return [Module(path) for path in paths if "migrations" not in path.parts]
