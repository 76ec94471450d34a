import pytest

from monitor.delivery.lint import lint_message
from monitor.delivery.message import build_message


@pytest.fixture
def good(make):
    page = '<!doctype html><html lang="en"><body><a href="{{UNSUBSCRIBE_URL}}">Unsubscribe</a></body></html>'
    return build_message(make.letter(mail_html=page), make.subscription(), make.sender).body


@pytest.mark.parametrize(
    ("old", "new", "code", "why"),
    [
        (b"Subject:", b"X-Was:", "M105", "a mail without a subject"),
        (b"To: ann@example.org", b"To: ann@example.org, eve@example.org", "M120", "recipients that see each other"),
        (b"Precedence: bulk", b"Bcc: eve@example.org", "M121", "a Bcc that everybody can read"),
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: =?utf-8?q?x?= <https", "M110", "the button that vanishes"),
        (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", b"", "M112", "no one-click"),
        (b"Date: ", b"Date: never ", "M122", "a date nobody can read"),
        (b"</body>", b"<script>1</script></body>", "M310", "a script"),
        (b"</body>", b"<form></form></body>", "M311", "a form"),
        (b"</body>", b"<img src=3Dx></body>", "M314", "an image without alt"),
        (b"</body>", b"{{NAME}}</body>", "M318", "a place that was not filled"),
        (b"\r\n", b"\n", "M202", "bare line feeds"),
    ],
)
def test_each_fault_is_found_by_its_code(good, old, new, code, why):
    assert old in good
    assert code not in {problem.code for problem in lint_message(good)}
    assert code in {problem.code for problem in lint_message(good.replace(old, new))}, why


def test_html_before_text_is_found(make):
    from email.message import EmailMessage

    message = EmailMessage()
    message.set_content("<p>x</p>", subtype="html")
    message.add_alternative("x")
    assert "M210" in {problem.code for problem in lint_message(message.as_bytes())}


def test_a_page_that_would_be_clipped_is_found(make):
    big = build_message(make.letter(mail_html="<html lang='en'>" + "x" * 99_000), make.subscription(), make.sender).body
    assert "M301" in {problem.code for problem in lint_message(big)}
