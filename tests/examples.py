"""How many examples the property tests try: few while people wait, many in continuous integration."""

import os

from hypothesis import HealthCheck, settings


def examples(few: int, many: int) -> settings:
    """Settings with `few` examples, or `many` where the environment variable CI is set."""
    count = many if os.environ.get("CI") else few
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])
