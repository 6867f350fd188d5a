"""The Jupyter server's end of a page's WebSocket, without TCP's delay."""

from jupyter_server.services.kernels.connection.channels import (
    ZMQChannelsWebsocketConnection,
)


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A connection that sends each message at once (TCP_NODELAY).

    A run gives several small messages. TCP would hold the second until the browser has
    acknowledged the first, which costs 40 ms a cell on Linux.
    """

    async def connect(self) -> None:  # type: ignore[override]
        """Connect to the kernel's channels."""
        self.websocket_handler.set_nodelay(True)
        await super().connect()  # type: ignore[misc]
