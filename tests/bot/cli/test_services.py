import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from tests.bot.cli.conftest import Shell
from tests.ports import free_port


def test_serve_answers_on_the_given_port_until_it_is_stopped(shell: Shell) -> None:
    port = free_port()
    with subprocess.Popen(
        shell.command("wenju", "serve", "--port", str(port)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=shell.home,
        env=shell.environ(),
    ) as process:
        try:
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/ask",
                json.dumps({"question": "炎陵县调解成功率是多少？"}).encode(),
                {"Content-Type": "application/json"},
            )
            until = time.monotonic() + 60
            while True:
                try:
                    with urllib.request.urlopen(request, timeout=60) as response:
                        answer = json.load(response)
                    break
                except urllib.error.URLError:
                    assert process.poll() is None
                    assert time.monotonic() < until
                    time.sleep(0.2)
        finally:
            process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert answer["quotes"][0]["source"] == "003_1741ed30133a9311.txt"


def test_a_port_that_is_taken_is_one_line(shell: Shell) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = shell.run("wenju", "serve", WENJU_PORT=str(taken.getsockname()[1]))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert done.err.count("\n") == 1


def test_telegram_without_a_token_says_what_to_set(shell: Shell) -> None:
    done = shell.run("wenju", "telegram")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: ")
    assert "WENJU_TELEGRAM_TOKEN" in done.err
    assert done.err.count("\n") == 1
