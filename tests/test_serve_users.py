"""The served city as its administrator meets it: TLS, the first link, `stadsronde users`."""

import os
import re
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
import trustme

from operations.settings import Settings
from tests.demo_city import ROOT, stadsronde
from tests.hand_made_city import NAME, make


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make(tmp_path_factory.mktemp("city") / "home").settings


def test_people_and_programs_are_let_in_and_out_by_command(settings: Settings) -> None:
    place = ("--home", settings.home, "--municipality", NAME)
    added = stadsronde("users", "add", "ann@example.nl", "--role", "planner", *place,
                       STADSRONDE_ADDRESS="https://rondes.example.nl")  # fmt: skip
    assert re.search(r"https://rondes\.example\.nl/welcome/[\w-]{40,}\n", added.stdout)
    made = stadsronde("users", "token", "ann@example.nl", "--label", "scales", *place)
    assert re.fullmatch(r"[\w-]{40,}\n", made.stdout)
    listed = stadsronde("users", "list", *place).stdout
    assert re.search(r"ann@example\.nl +planner +not yet +scales", listed)
    assert stadsronde("users", "remove", "ann@example.nl", *place).returncode == 0
    gone = stadsronde("users", "link", "ann@example.nl", *place)
    assert gone.returncode == 1
    assert "ann@example.nl" in gone.stdout


def test_the_pages_are_served_over_tls_and_the_first_link_is_printed(
    settings: Settings, tmp_path: Path
) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    certificate, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    words = ["serve", "--home", settings.home, "--municipality", NAME, "--port", "18700",
             "--tls-cert", certificate, "--tls-key", key]  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", "from api.entry import main; main()", *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={"PATH": os.defpath, "COLUMNS": "200"},
    ) as server:  # fmt: skip
        try:
            assert server.stdout
            said = server.stdout.readline() + server.stdout.readline()
            (link,) = re.findall(r"https://127\.0\.0\.1:\d+/welcome/\S+", said)
            # The socket listens already; the answer comes when the city is open.
            with urlopen(link, context=trusting, timeout=60) as answer:
                assert "Welcome, admin" in answer.read().decode()
        finally:
            server.terminate()


def test_a_certificate_that_is_none_is_named(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    place = ("--home", settings.home, "--municipality", NAME, "--port", "18750")
    for given, said in (
        (("--tls-cert", broken, "--tls-key", broken), "broken.pem"),
        (("--tls-cert", broken), "--tls-key"),
        (("--tls-cert", tmp_path / "none.pem", "--tls-key", broken), "none.pem"),
    ):
        run = stadsronde("serve", *place, *given)
        assert run.returncode == 1
        assert said in run.stdout
        assert "Traceback" not in run.stderr


def test_an_unknown_city_is_not_served(tmp_path: Path) -> None:
    run = stadsronde("serve", "--home", tmp_path / "home", "--municipality", "nowhere")
    assert run.returncode == 1
    assert "nowhere" in run.stdout
