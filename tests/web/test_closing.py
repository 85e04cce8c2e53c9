"""What waits for the end of an answer is done, once, also when the browser is gone by then."""

import socket
import struct
import threading
from urllib.parse import urlsplit

from flask import Flask, Response

from tests.serving import served

PATIENCE_SECONDS = 30


def test_a_reset_connection_skips_nothing(sqlite_app: Flask) -> None:
    done = threading.Semaphore(0)

    @sqlite_app.get("/waits")
    def waits() -> Response:
        response = Response("the whole answer")
        response.call_on_close(done.release)
        return response

    with served(sqlite_app) as address:
        host, port = urlsplit(address).hostname, urlsplit(address).port
        for _ in range(20):
            with socket.create_connection((host, port)) as browser:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close with a reset
                browser.sendall(b"GET /waits HTTP/1.1\r\nHost: x\r\n\r\n")
                read = b""
                while b"the whole answer" not in read:
                    read += browser.recv(1000)
            assert done.acquire(timeout=PATIENCE_SECONDS)
    assert not done.acquire(blocking=False), "once for each answer"


def test_an_answer_that_nobody_reads_to_its_end_is_closed_by_the_server(sqlite_app: Flask) -> None:
    closed = []

    @sqlite_app.get("/waits")
    def waits() -> Response:
        response = Response(iter(["a", "b"]))
        response.call_on_close(lambda: closed.append(1))
        return response

    answer = sqlite_app.test_client().get("/waits", buffered=False)
    next(iter(answer.response))
    answer.close()
    assert closed == [1]
