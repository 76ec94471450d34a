"""Both endpoints, asked over real sockets on loopback: what they answer, and every way in which they fail."""

import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.digests.endpoint_http import Endpoint, post_json
from monitor.digests.translate_http import LibreTranslate
from monitor.digests.write_http import ChatWriter, chat_endpoint
from monitor.model.aid import WritingTask
from monitor.model.errors import AidAway, AidFailed, AidRefused


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that leaves in the middle is what some tests are about."""


class Server:
    """Answers every POST as its `script` says: a function from path and JSON to (status, headers, bytes)."""

    def __init__(self):
        self.asked = []
        self.script = lambda path, asked: (200, {}, b"{}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.path, dict(self.headers), asked))
                status, headers, body = outer.script(self.path, asked)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self._thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def says(self, answer, status=200, headers=None):
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.script = lambda path, asked: (status, headers or {}, body)

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self._thread.join(5)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def translator(server, url="", key=""):
    return LibreTranslate(Endpoint(url or server.url, 5.0, 50_000), "LibreTranslate", key)


def shouting(path, asked):
    return 200, {}, json.dumps({"translatedText": [text.upper() for text in asked["q"]]}).encode()


def test_texts_are_translated_in_order_and_in_portions(server):
    server.script = shouting
    texts = [f"тэкст {n}" for n in range(45)]
    assert translator(server).translate(texts, "be", "en") == tuple(text.upper() for text in texts)
    assert [len(asked["q"]) for _, _, asked in server.asked] == [20, 20, 5]
    path, headers, first = server.asked[0]
    assert path == "/translate"
    assert (first["source"], first["target"], first["format"]) == ("be", "en", "text")
    assert "api_key" not in first
    assert headers["User-Agent"].startswith("monitor/")


def test_long_texts_go_one_by_one(server):
    server.script = shouting
    translator(server).translate(["a" * 3000, "b" * 3000, "c" * 9000], "ru", "en")
    assert [len(asked["q"]) for _, _, asked in server.asked] == [1, 1, 1]


def test_a_key_and_a_path_are_sent_as_given(server):
    server.script = shouting
    translator(server, f"{server.url}/api/translate/", "secret").translate(["x"], "ru", "en")
    path, _, asked = server.asked[0]
    assert path == "/api/translate"
    assert asked["api_key"] == "secret"


def test_nothing_to_translate_asks_nobody(server):
    assert translator(server).translate([], "ru", "en") == ()
    assert server.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        "text",
        {"translatedText": None},
        {"translatedText": ["one"]},
        {"translatedText": ["one", "two", "three"]},
        {"translatedText": ["one", 2]},
        {"translatedText": "one"},
        {"error": "no such language"},
    ],
)
def test_an_answer_without_a_text_for_each_is_refused(server, answer):
    server.says(answer)
    with pytest.raises(AidRefused, match="2 texts"):
        translator(server).translate(["a", "b"], "ru", "en")


def test_one_text_may_be_answered_with_a_text(server):
    server.says({"translatedText": "one"})
    assert translator(server).translate(["адзін"], "be", "en") == ("one",)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, AidRefused), (403, AidRefused), (404, AidRefused), (408, AidAway), (429, AidAway), (500, AidAway), (503, AidAway)],
)
def test_a_status_says_whether_to_ask_again(server, status, kind):
    server.says(b'{"error": "\x1b[31mno\\n\\u202e luck"}', status)
    with pytest.raises(kind, match=f"HTTP {status}") as caught:
        translator(server).translate(["a"], "ru", "en")
    assert caught.value.transient is (kind is AidAway)
    assert str(caught.value).isprintable()


def test_a_redirect_is_not_followed(server):
    server.says(b"", 302, {"Location": "http://127.0.0.1:1/translate"})
    with pytest.raises(AidRefused, match="HTTP 302"):
        translator(server).translate(["a"], "ru", "en")
    assert len(server.asked) == 1


def test_a_huge_answer_is_not_read_to_its_end(server):
    server.says({"translatedText": ["a" * 5_000_000]})
    with pytest.raises(AidRefused, match="larger than 50,000 bytes"):
        translator(server).translate(["a"], "ru", "en")


@pytest.mark.parametrize("body", [b"<html>gateway</html>", b"\xff\xfe", b"[" * 40_000, b""])
def test_what_is_no_json_is_refused(server, body):
    server.says(body)
    with pytest.raises(AidRefused, match="no JSON"):
        translator(server).translate(["a"], "ru", "en")


def test_a_body_that_is_cut_off_is_away(server):
    server.says(b'{"translatedText": ["a"]}', headers={"Content-Length": "4000"})
    with pytest.raises(AidAway, match="cut off"):
        translator(server).translate(["a"], "ru", "en")


def test_nobody_there_is_away():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AidAway, match="no answer"):
        LibreTranslate(Endpoint(f"http://127.0.0.1:{port}", 5.0, 1000), "x").translate(["a"], "ru", "en")


def test_a_server_that_drips_is_left_at_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stop = threading.Event()

        def drip():
            client, _ = listener.accept()
            with client:
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
                try:
                    while not stop.wait(0.02):
                        client.sendall(b" ")
                except OSError:
                    return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(AidAway, match=r"within 0\.3 s"):
            post_json(Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", 0.3, 10_000_000), "/translate", {})
        assert time.monotonic() - began < 5
        stop.set()
        thread.join(5)


TASK = WritingTask("Only extracts.", "[]")


def writer(server, url="", key="", max_bytes=50_000):
    return ChatWriter(chat_endpoint(url or f"{server.url}/v1", key, timeout_s=5.0, max_bytes=max_bytes), "small-model")


def test_a_model_is_asked_one_task_without_chance(server):
    server.says({"choices": [{"message": {"content": '{"thesis": []}'}}]})
    assert writer(server, key="secret").write(TASK) == '{"thesis": []}'
    path, headers, asked = server.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("small-model", 0, False)
    assert asked["messages"] == [{"role": "system", "content": "Only extracts."}, {"role": "user", "content": "[]"}]


def test_a_whole_address_of_the_chat_is_taken_too_and_no_key_sends_none(server):
    server.says({"choices": [{"message": {"content": "x"}}]})
    writer(server, f"{server.url}/v1/chat/completions").write(TASK)
    path, headers, _ = server.asked[0]
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"choices": []},
        {"choices": [{}]},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": " \n"}}]},
        {"choices": {"0": 1}},
        [1],
        "text",
        None,
    ],
)
def test_a_model_without_words_is_refused(server, answer):
    server.says(answer)
    with pytest.raises(AidRefused, match="no text"):
        writer(server).write(TASK)


def test_megabytes_of_a_model_are_refused(server):
    server.says({"choices": [{"message": {"content": "a" * 4_000_000}}]})
    with pytest.raises(AidRefused, match="larger than"):
        writer(server).write(TASK)


def test_every_failure_is_of_one_kind():
    assert issubclass(AidAway, AidFailed)
    assert issubclass(AidRefused, AidFailed)
