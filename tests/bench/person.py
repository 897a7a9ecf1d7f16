"""A person without a browser: one web socket that speaks Streamlit's own protocol, for the measurements."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import perf_counter
from types import TracebackType

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.MultiSelect_pb2 import MultiSelect
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS = 30.0
_ENDS = {
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
}


@dataclass(frozen=True)
class Run:
    """One click: the seconds from it to the end of the script, those inside the script, what went wrong, bytes received."""

    seconds: float
    script_seconds: float
    errors: tuple[str, ...]
    received_bytes: int


@dataclass
class Control:
    """A select box or a list of several: its id, its options as written, and the fragment that it runs."""

    id: str
    options: tuple[str, ...]
    is_several: bool
    fragment_id: str


@dataclass
class Person:
    """One browser tab: `async with Person(url) as person: await person.open("explore", "ws=demo")`."""

    url: str
    pages: dict[str, str] = field(default_factory=dict)
    controls: dict[str, Control] = field(default_factory=dict)
    page: str = ""
    _socket: ClientConnection | None = None
    _query: str = ""
    _page_hash: str = ""
    _states: dict[str, WidgetState] = field(default_factory=dict)

    async def __aenter__(self) -> Person:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=PATIENCE_SECONDS)  # type: ignore[list-item]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket:
            await self._socket.close()

    async def open(self, page: str, query: str) -> Run:
        """Open a page by its path, as a link does."""
        self.page, self._query = page, query
        return await self._ask(ClientState(query_string=query, page_name=page))

    async def go_to(self, page: str) -> Run:
        """Click a page in the sidebar. As in a browser, the address loses its query."""
        self.page, self._page_hash, self._query = page, self.pages[page], ""
        return await self._ask(ClientState(page_script_hash=self._page_hash))

    async def choose(self, key: str, option: str) -> Run:
        """Choose an option of a select box, or put it into a list of several, or take it out of there."""
        control = self.controls[key]
        if control.is_several:
            chosen = [one for one in self.chosen(key) if one != option]
            if len(chosen) == len(self.chosen(key)):
                chosen.append(option)
            state = WidgetState(id=control.id, string_array_value=StringArray(data=chosen))
        else:
            state = WidgetState(id=control.id, string_value=option)
        self._states[control.id] = state
        return await self._ask(
            ClientState(query_string=self._query, page_script_hash=self._page_hash, fragment_id=control.fragment_id)
        )

    def chosen(self, key: str) -> tuple[str, ...]:
        """What a control says now."""
        control = self.controls[key]
        state = self._states.get(control.id)
        if state is None:
            return ()
        return tuple(state.string_array_value.data) if control.is_several else (state.string_value,)

    async def _ask(self, state: ClientState) -> Run:
        shown = {control.id for control in self.controls.values()}
        state.widget_states.widgets.extend(one for id, one in self._states.items() if id in shown)
        state.context_info.CopyFrom(
            ContextInfo(timezone="Europe/Warsaw", locale="en-GB", url=f"{self.url}/{self.page}", color_scheme="light")
        )
        clicked_at = perf_counter()
        assert self._socket is not None
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._until_finished(clicked_at, is_whole=not state.fragment_id)

    async def _until_finished(self, clicked_at: float, *, is_whole: bool) -> Run:
        """Read what the server sends up to the end of the run. Raises: TimeoutError, websockets.ConnectionClosed."""
        assert self._socket is not None
        started_at, received = None, 0
        errors: list[str] = []
        while True:
            data = await self._socket.recv()
            received += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                started_at = started_at or perf_counter()
                if is_whole:
                    self.controls = {}
            elif kind == "script_finished" and started_at and message.script_finished in _ENDS:
                now = perf_counter()
                return Run(now - clicked_at, now - started_at, tuple(errors), received)
            else:
                errors += self._noted(kind or "", message)

    def _noted(self, kind: str, message: ForwardMsg) -> list[str]:
        """Remember what the next click needs. Returns what is wrong."""
        if kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._note_control(message.delta)
            return _errors_of(message.delta.new_element)
        return [kind] if kind in ("page_not_found", "session_event") else []

    def _note_control(self, delta: Delta) -> None:
        kind = delta.new_element.WhichOneof("type")
        if kind not in ("selectbox", "multiselect"):
            return
        widget: Selectbox | MultiSelect = getattr(delta.new_element, kind)
        # An id is "$$ID-<hash>-<key>".
        key = widget.id.split("-", 2)[-1]
        self.controls[key] = Control(widget.id, tuple(widget.options), kind == "multiselect", delta.fragment_id)
        if widget.set_value or widget.id not in self._states:
            self._states[widget.id] = _shown_state(widget)


def _shown_state(widget: Selectbox | MultiSelect) -> WidgetState:
    """The value that the server has given a widget, else the one that it begins with."""
    if isinstance(widget, MultiSelect):
        chosen = widget.raw_values if widget.set_value else [widget.options[place] for place in widget.default]
        return WidgetState(id=widget.id, string_array_value=StringArray(data=chosen))
    first = widget.options[widget.default] if widget.options else ""
    return WidgetState(id=widget.id, string_value=widget.raw_value if widget.set_value else first)


def _errors_of(element: Element) -> list[str]:
    """What an element says is broken."""
    kind = element.WhichOneof("type")
    if kind == "exception":
        return [f"{element.exception.type}: {element.exception.message}"]
    if kind == "alert" and element.alert.format == Alert.ERROR:
        return [element.alert.body]
    return []
