"""A small HTTP/1.1 client connection for asyncio: one request at a time, kept alive. Knows nothing of the app."""

import asyncio


class Closed(ConnectionError):
    """The server closed the connection before it began to answer."""


class Connection:
    """Opens when first used, again after it was closed."""

    def __init__(self, port):
        self.port, self._reader, self._writer, self.opened = port, None, None, 0

    async def exchange(self, request):
        """Send the bytes of a request; return (status, body). Raises Closed, other OSErrors, asyncio.IncompleteReadError."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.opened += 1
        try:
            self._writer.write(request)
            head = await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.close()
            raise Closed(str(error)) from error
        headers = head.lower()
        body = await self._reader.readexactly(_length(headers))
        if b"\r\nconnection: close" in headers:
            self.close()
        return int(head[9:12]), body

    def close(self):
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _length(headers):
    return int(headers.split(b"\r\ncontent-length:", 1)[1].split(b"\r\n", 1)[0])


def get(path, cookie):
    """Return the bytes of a GET request."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept-Encoding: gzip, deflate\r\n\r\n".encode()


def post_json(path, cookie, token, body):
    """Return the bytes of a POST request of the save protocol."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept-Encoding: gzip, deflate\r\nContent-Type: application/json\r\n"
        f"User-Agent: Mozilla/5.0 (Linux; Android 12)\r\nX-Attempt-Token: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return f"{head}{body}".encode()
