"""What was drawn before, kept for the next reader of the same view: charts and boards cost more to write than to ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import kpi

Made = TypeVar("Made")
_MOST = 400
_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = threading.Lock()


def kept(answer: kpi.Answer, what: tuple[Hashable, ...], make: Callable[[], Made]) -> Made:
    """`make()`, or what it made before of the same answer. `what`: all else that it depends on."""
    name = (id(answer), what)
    with _lock:
        found = _kept.get(name)
        if found is not None and found[0] is answer:
            _kept.move_to_end(name)
            return found[1]
    made = make()
    with _lock:
        # the answer itself is kept too, so that its id stands for it alone
        _kept[name] = (answer, made)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made
