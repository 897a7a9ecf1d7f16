"""The house rules that a machine can check: which way imports go, no screen in the library, no machine in the files."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIBRARY, SCREENS = ROOT / "kpi", ROOT / "pages"

# What each part of kpi may import besides itself. Every part has a line: a new one has to find its place here.
BELOW_FORMULA = {"errors", "wording"}
BELOW_QUERY = BELOW_FORMULA | {"formula", "model"}
BELOW_ANSWER = BELOW_QUERY | {"query", "periods"}
BELOW_ENGINE = BELOW_ANSWER | {"answer", "changes", "buckets", "labels"}
BELOW_INSIGHT = BELOW_ENGINE | {"engine"}
BELOW_REPORT = BELOW_INSIGHT | {"insight", "charts"}
BELOW_WORKSPACE = BELOW_REPORT | {
    "demographics",
    "boards",
    "headlines",
    "emptiness",
    "coaching",
    "coverage",
    "quality",
    "reconcile",
    "experiment",
    "report",
    "ingest",
    "store",
    "access",
    "privacy",
}
MAY_IMPORT = {
    "wording": set(),
    "errors": {"wording"},
    "formula": BELOW_FORMULA,
    "access": BELOW_FORMULA,
    "privacy": BELOW_FORMULA,
    "model": BELOW_FORMULA | {"formula"},
    "query": BELOW_QUERY,
    "periods": BELOW_QUERY | {"query"},
    "answer": BELOW_ANSWER,
    "changes": BELOW_ANSWER,
    "buckets": BELOW_ANSWER | {"answer"},
    "labels": BELOW_ANSWER | {"answer"},
    "engine": BELOW_ENGINE,
    "insight": BELOW_INSIGHT,
    "demographics": BELOW_ENGINE,
    "boards": BELOW_ENGINE,
    "headlines": BELOW_ENGINE,
    "emptiness": BELOW_ENGINE,
    "coaching": BELOW_INSIGHT,
    "coverage": BELOW_ENGINE | {"store"},
    "quality": BELOW_INSIGHT | {"store", "ingest.load"},
    "reconcile": BELOW_INSIGHT,
    "charts": BELOW_INSIGHT,
    "experiment": BELOW_REPORT,
    "report": BELOW_REPORT | {"experiment"},
    "ingest": BELOW_FORMULA | {"model"},
    "store": BELOW_FORMULA | {"model", "ingest.load"},
    "sources": BELOW_WORKSPACE,
    "abtests": BELOW_WORKSPACE,
    "workspace": BELOW_WORKSPACE | {"sources", "abtests"},
    "folders": BELOW_FORMULA | {"ingest"},
    "watching": BELOW_WORKSPACE | {"workspace", "folders"},
    "loadwords": BELOW_WORKSPACE,
    "command": BELOW_WORKSPACE | {"workspace", "loadwords"},
    "__main__": {"command"},
    "demo": BELOW_WORKSPACE | {"workspace"},
    "warming": BELOW_WORKSPACE | {"workspace"},
    "": BELOW_WORKSPACE | {"workspace", "demo", "warming"},  # kpi/__init__.py, the map
}


def python_files(folder):
    return sorted(folder.rglob("*.py"))


def module_name(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path):
    """The full names of what a file imports. `from kpi import errors` is kpi.errors, `from . import x` is resolved."""
    package = module_name(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join(start + ([node.module] if node.module else []))
            yield from (
                f"{source}.{alias.name}" if is_module(f"{source}.{alias.name}") else source for alias in node.names
            )


def is_module(name):
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def part_of(module):
    """`engine` of kpi.engine.compiler, nothing of kpi itself."""
    return ".".join(module.split(".")[1:2])


def may_import(part, module):
    allowed = MAY_IMPORT[part] | {part}
    within = module.removeprefix("kpi.")
    return part_of(module) in allowed - {""} or any(f"{within}.".startswith(f"{name}.") for name in allowed - {""})


def test_every_part_of_the_library_has_its_place():
    assert {part_of(module_name(path)) for path in python_files(LIBRARY)} <= MAY_IMPORT.keys()


def test_imports_inside_the_library_go_one_way():
    wrong = [
        f"{module_name(path)} imports {module}"
        for path in python_files(LIBRARY)
        for module in imported_modules(path)
        if module.split(".")[0] == "kpi" and not may_import(part_of(module_name(path)), module)
    ]
    assert wrong == []


def test_the_library_imports_no_screen():
    wrong = [
        f"{module_name(path)} imports {module}"
        for path in python_files(LIBRARY)
        for module in imported_modules(path)
        if module.split(".")[0] in ("streamlit", "pages", "app", "tests")
    ]
    assert wrong == []


def test_arrows_point_down():
    """No two parts may import each other, however indirectly."""

    def below(part, seen):
        for other in {name.split(".")[0] for name in MAY_IMPORT[part]} - seen:
            seen.add(other)
            below(other, seen)
        return seen

    assert [part for part in MAY_IMPORT if part in below(part, set())] == []


WITHOUT_SCREENS = """
import importlib, sys

class NoScreens:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("streamlit", "pages"):
            raise ImportError(f"{name} is out of reach")

sys.meta_path.insert(0, NoScreens())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def test_the_library_runs_where_there_is_no_screen():
    modules = [module_name(path) for path in python_files(LIBRARY) if path.name != "__main__.py"]
    command = [sys.executable, "-c", WITHOUT_SCREENS, *modules]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_folder_of_python_is_a_package():
    """A folder without __init__.py is left out of what pip installs."""
    folders = {path.parent for folder in (LIBRARY, SCREENS) for path in python_files(folder)}
    assert [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").exists()] == []


REGISTRY = re.compile(r"https?://\S+/(simple|packages)(/|\s|$)|index[-_]url|find[-_]links", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.~$}{*/])/(work|root|home/\w|Users/\w)[\w.-]*/")


def files_of_the_project():
    """Every file that git has or would take."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("needs a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    return sorted(path for name in names if name and (path := ROOT / name).is_file())


@pytest.mark.parametrize("pattern", [REGISTRY, MACHINE], ids=["registry", "machine"])
def test_no_file_names_a_registry_or_a_machine(pattern):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files_of_the_project()
        for number, line in enumerate(path.read_text("utf-8", errors="ignore").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY, "https:" + "//host.example/pypi/simple/"),
        (REGISTRY, "--find" + "-links wheels"),
        (REGISTRY, "PIP_INDEX" + "_URL=x"),
        (MACHINE, 'open("/ro' + 'ot/data/x")'),
        (MACHINE, "cd /ho" + "me/ada/koszyk"),
    ],
)
def test_the_patterns_find_what_they_look_for(pattern, text):
    assert pattern.search(text)


@pytest.mark.parametrize("text", ["https://a.example/home/ada/x", "../shared/work/x", "/usr/bin/env", "/tmp/x"])
def test_the_patterns_leave_the_rest_alone(text):
    assert not MACHINE.search(text)


def test_no_file_is_too_long():
    limits = {path: 400 for folder in (LIBRARY, SCREENS) for path in python_files(folder)}
    limits |= dict.fromkeys(SCREENS.glob("*.py"), 120)
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in limits}
    assert [f"{path.relative_to(ROOT)}: {lengths[path]}" for path in limits if lengths[path] > limits[path]] == []
