"""The examples of the documentation, run as they stand there."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[3]
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(curl [^`]+)`")
CURL = shutil.which("curl")


def commands(name: str) -> list[str]:
    """Give the curl commands of a document, each with its continued lines."""
    text = (ROOT / name).read_text("utf-8")
    blocks = [block.replace("\\\n", " ") for block in SHELL.findall(text)]
    return [line for block in blocks for line in block.splitlines() if line.startswith("curl ")]


def answered(client: httpx.Client, command: str, folder: Path) -> str:
    address = f"{client.base_url.host}:{client.base_url.port}"
    run = ["bash", "-c", command.replace("localhost:8000", address)]
    done = subprocess.run(run, check=True, capture_output=True, text=True, timeout=120, cwd=folder)
    return done.stdout


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_examples_of_the_documentation_do_what_it_says(client: httpx.Client, tmp_path: Path) -> None:
    found = [command for command in commands("docs/rest.md") if "-F" not in command and "DELETE" not in command]
    assert len(found) >= 6
    for command in found:
        out = answered(client, command, tmp_path)
        if "event-stream" in command:
            assert out.rstrip().split("\n\n")[-1].startswith("event: answer\ndata: ")
            continue
        answer = json.loads(out)
        if "chat" in command:
            assert "99%" in answer["choices"][0]["message"]["content"]
        elif "炎陵县的调解成功率" in command:
            assert "调解成功率99%" in answer["quotes"][0]["text"]
        elif "around" in command:
            assert "调解成功率99%" in answer["text"]
        else:
            assert answer.get("quotes") or answer.get("near_misses") or answer.get("hits") or answer["documents"]


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_example_of_the_readme_answers(client: httpx.Client, tmp_path: Path) -> None:
    found = INLINE.findall((ROOT / "README.md").read_text("utf-8").replace("\n  ", " "))
    assert found
    for command in found:
        assert "调解成功率99%" in json.loads(answered(client, command, tmp_path))["quotes"][0]["text"]


def test_example_of_the_official_client_prints_the_answer_and_its_places(client: httpx.Client) -> None:
    (example,) = PYTHON.findall((ROOT / "docs/rest.md").read_text("utf-8"))
    address = f"{client.base_url.host}:{client.base_url.port}"
    program = example.replace("localhost:8000", address)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=120)
    out = done.stdout.decode("utf-8")
    assert "调解成功率99%" in out
    assert f"http://{address}/source/" in out


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_upload_example_of_the_documentation(seeds_archive_path: Path, encoder_cache: Path, tmp_path: Path) -> None:
    from bot.api.app import create_app
    from tests.bot.api.serving import serving

    (tmp_path / "notes.txt").write_text("桥头镇2024年共修建了四十七座石桥。\n", "utf-8")
    path = shutil.copytree(seeds_archive_path, tmp_path / "archive")
    upload, delete = (command for command in commands("docs/rest.md") if "-F" in command or "DELETE" in command)
    with serving(create_app(path, cache=encoder_cache)) as client:
        job = json.loads(answered(client, upload, tmp_path))
        while job["status"] in ("queued", "running"):
            job = client.get(f"/v1/jobs/{job['id']}").json()
        assert job["status"] == "done"
        assert client.get("/v1/documents").json()["total"] == 6
        answered(client, delete.replace("DOCUMENT_ID", job["document_id"]), tmp_path)
        assert client.get("/v1/documents").json()["total"] == 5
