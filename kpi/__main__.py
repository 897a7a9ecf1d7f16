"""`python -m kpi`: see `kpi/command`."""

import sys

from kpi.command import main

if __name__ == "__main__":
    sys.exit(main())
