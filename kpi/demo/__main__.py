"""Write the demo shop into a file: `python -m kpi.demo FILE.duckdb`."""

import sys
from pathlib import Path

from kpi.demo import fill
from kpi.workspace import Workspace


def main(path: str) -> str:
    """Returns what to tell whoever asked."""
    with Workspace(Path(path)) as shop:
        return f"{path}: the demo shop" if fill(shop) else f"{path}: nothing done, this workspace is not empty"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python -m kpi.demo FILE.duckdb")
    print(main(sys.argv[1]))
