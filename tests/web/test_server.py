"""The server's end: it stops when told, and lets a request under way come to its answer."""

import socket
import threading

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.web.server import serve


def test_a_request_under_way_is_answered_before_the_end():
    begun, go, stopping = threading.Event(), threading.Event(), threading.Event()

    async def slow(_request):
        begun.set()
        await run_in_threadpool(go.wait, 10)
        return PlainTextResponse("done")

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = threading.Thread(target=serve, args=(Starlette(routes=[Route("/", slow)]), "127.0.0.1", port, stopping))
    server.start()
    pause = threading.Event()
    while True:
        try:
            client = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            pause.wait(0.01)
    with client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert begun.wait(10)
        stopping.set()
        go.set()
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    server.join(10)
    assert not server.is_alive()
    assert answer.endswith(b"done")
