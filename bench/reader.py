"""A reader without a browser: speaks Streamlit's own protobuf over a real WebSocket.

It keeps what a browser would keep (messages that Streamlit may leave out the next time, the state
of widgets it never sends again) and presses a button or moves to a page as a browser does.
"""

import asyncio
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

PATIENCE = 60.0
"""Seconds for one answer; a server that takes longer is counted as lost."""
BIGGEST = 64 * 1024 * 1024


class Lost(Exception):  # noqa: N818
    """The server did not answer in time, or closed the line, or the page has no such button."""


@dataclass
class Button:
    """A button of the page and the part that is run again when it is pressed."""

    id: str
    fragment: str
    disabled: bool


@dataclass(frozen=True)
class Answer:
    """What one run of a page brought: seconds until its end, bytes and messages unpacked."""

    seconds: float
    size: int
    messages: int


@dataclass
class Reader:
    """`async with Reader("127.0.0.1:8501", "map", "lang=en") as reader:` … `await reader.open()`.

    Attributes:
        host: Host and port of the server.
        page: The page's name in the address; empty for the first.
        query: The address's query.
        buttons: Those of the page by icon, else by label.
        turned: Whether the reader goes forward in time again.
    """

    host: str
    page: str = ""
    query: str = ""
    buttons: dict[str, Button] = field(default_factory=dict)
    turned: bool = False
    _script: str = ""
    _cached: set[str] = field(default_factory=set)
    _line: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        """Open the line."""
        self._line = await connect(
            f"ws://{self.host}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=BIGGEST,
            open_timeout=PATIENCE,
            ping_interval=None,
            proxy=None,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the line."""
        if self._line is not None:
            await self._line.close()

    async def open(self) -> Answer:
        """Run the page as a first visit does, or as pressing R would."""
        return await self._ask(BackMsg())

    async def press(self, icon: str) -> Answer:
        """Press the button whose icon or label is that.

        Raises:
            Lost: The page has no such button, or it cannot be pressed.
        """
        button = self.buttons.get(icon)
        if button is None or button.disabled:
            raise Lost(f"The page has no button {icon} that can be pressed.")
        asked = BackMsg()
        asked.rerun_script.fragment_id = button.fragment
        state = asked.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button.id, True
        return await self._ask(asked)

    async def _ask(self, asked: BackMsg) -> Answer:
        run = asked.rerun_script
        run.query_string = self.query
        if self._script:
            run.page_script_hash = self._script
        else:
            run.page_name = self.page
        run.cached_message_hashes.extend(self._cached)
        run.context_info.timezone = "Europe/Istanbul"
        run.context_info.locale = "en-GB"
        run.context_info.url = f"http://{self.host}/{self.page}?{self.query}"
        if self._line is None:
            raise Lost("The reader has no line.")
        begun = time.perf_counter()
        size = messages = 0
        try:
            await self._line.send(asked.SerializeToString())
            async with asyncio.timeout(PATIENCE):
                while True:
                    body = await self._line.recv()
                    size, messages = size + len(body), messages + 1
                    if self._take(body):  # type: ignore[arg-type]
                        break
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Lost(str(error) or "No answer in time.") from error
        return Answer(time.perf_counter() - begun, size, messages)

    def _take(self, body: bytes) -> bool:
        """Keep what a browser keeps of a message; whether it says that the run has ended."""
        message = ForwardMsg.FromString(body)
        if message.metadata.cacheable:
            self._cached.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            element = message.delta.new_element
            if element.WhichOneof("type") == "button":
                button = element.button
                name = button.icon.removeprefix(":material/").removesuffix(":") or button.label
                self.buttons[name] = Button(button.id, message.delta.fragment_id, button.disabled)
        elif kind == "script_finished":
            # A switch of page ends a run early and starts another.
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False
