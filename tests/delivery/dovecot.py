"""A private IMAP server for tests: Debian's Dovecot on a loopback port, run by hand from a configuration of its own."""

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = {ssl}
{certificate}
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{home}/mail/%u
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {home}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def available():
    return bool(shutil.which("dovecot")) and bool(shutil.which("openssl"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Dovecot:
    """One instance; user "b@example.org", password "secret word"."""

    home: Path
    port: int
    tls_port: int
    certificate: Path
    process: subprocess.Popen

    @property
    def maildir(self):
        return self.home / "mail" / "b@example.org"

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def start(home):
    port, tls_port = free_port(), free_port()
    certificate, key = home / "cert.pem", home / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    (home / "users").write_text("b@example.org:{PLAIN}secret word::::::\n", encoding="utf-8")
    for name in ("mail", "home", "state"):
        (home / name).mkdir()
    subprocess.run(["chown", "-R", "mail:mail", str(home / "mail"), str(home / "home")], check=True)
    home.chmod(0o755)
    file = home / "dovecot.conf"
    values = {"home": home, "port": port, "tls_port": tls_port, "user": "mail", "group": "mail", "uid": 8, "gid": 8}
    text = CONFIG.format(ssl="yes", certificate=f"ssl_cert = <{certificate}\nssl_key = <{key}", **values)
    file.write_text(text, encoding="utf-8")
    process = subprocess.Popen(["dovecot", "-F", "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as probe:
                if probe.recv(10).startswith(b"* OK"):
                    return Dovecot(home, port, tls_port, certificate, process)
        except OSError:
            time.sleep(0.1)
    log = (home / "log").read_text(encoding="utf-8") if (home / "log").exists() else "no log"
    process.kill()
    raise RuntimeError(f"dovecot did not start: {log}")
