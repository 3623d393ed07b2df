"""A place that speaks as much of S3 as keeping files needs, in memory and in a thread. It checks that requests are
signed, and no signature.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Bucket:
    """What is kept, by path; `broken` makes it refuse everything."""

    address: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False


class _Server(ThreadingHTTPServer):
    bucket: Bucket


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_words: object) -> None:
        """Nothing is written."""

    def do_PUT(self) -> None:
        content = self._sent()
        if self._let_in():
            self.server.bucket.objects[self.path] = content
            self._answer(200)

    def do_GET(self) -> None:
        if self._let_in():
            found = self.server.bucket.objects.get(self.path)
            self._answer(404 if found is None else 200, found or b"")

    def do_POST(self) -> None:
        """Of many objects, which are deleted."""
        keys = re.findall(r"<Key>(.*?)</Key>", self._sent().decode())
        if self._let_in():
            for key in keys:
                self.server.bucket.objects.pop(f"{self.path.partition('?')[0].rstrip('/')}/{key}", None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            self._answer(200, f"<DeleteResult>{gone}</DeleteResult>".encode())

    def _sent(self) -> bytes:
        return self.rfile.read(int(self.headers["content-length"]))

    def _let_in(self) -> bool:
        signed = self.headers.get("authorization", "").startswith("AWS4-HMAC-SHA256 Credential=sample-key/")
        if self.server.bucket.broken or not signed:
            self._answer(403)
            return False
        return True

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(content)))
        self.send_header("etag", '"1"')
        self.send_header("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def bucket() -> Iterator[Bucket]:
    """One that is empty, as long as the block runs."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.bucket = Bucket(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.bucket
        finally:
            server.shutdown()
            thread.join(5)
