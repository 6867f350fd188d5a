"""The Jupyter server's side of a page's connection: answers leave at once."""

from jupyter_server.services.kernels.connection.channels import (
    ZMQChannelsWebsocketConnection,
)


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each message of a kernel without waiting for the one before it.

    A run gives several small messages; TCP holds the second until the browser has
    acknowledged the first, 40 ms a cell on Linux.
    """

    async def connect(self):
        """Connect to the kernel's channels."""
        self.websocket_handler.set_nodelay(True)
        await super().connect()
