"""What the compose file promises, by its text; by Compose itself where it is installed."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from retrieval.index._postgresql import Address

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docker-compose.yml"
COMPOSE = yaml.safe_load(FILE.read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def of_profile(name: str) -> set[str]:
    return {service for service, described in SERVICES.items() if name in described.get("profiles", ())}


def test_profiles_have_their_services() -> None:
    assert of_profile("cluster") == {"cluster-api", "cluster-sync", "etcd", "milvus", "minio", "postgres"}
    assert of_profile("telegram") == {"telegram"}
    assert {name for name, described in SERVICES.items() if "profiles" not in described} == {"api"}


def test_a_cluster_has_two_replicas_over_milvus_and_postgresql() -> None:
    api, sync = SERVICES["cluster-api"], SERVICES["cluster-sync"]
    assert api["deploy"] == {"replicas": 2}
    for service in (api, sync):
        settings = Settings.load(
            {k: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", v) for k, v in service["environment"].items()}
        )
        assert settings.backend_choice.name == "milvus"
        assert settings.backend_choice.uri == "http://milvus:19530"
        assert settings.state_address.startswith("postgresql://wenju:")
        address = Address.parse(settings.archive_database or "")
        assert (address.url.host, address.url.database, address.schema) == ("postgres", "wenju", "wenju")
        # What each of them makes of the archive is its own.
        assert any(volume.endswith(":/documents:ro") for volume in service["volumes"])
        assert service["build"]["args"] == {"EXTRAS": "milvus,postgresql"}
    assert not any(volume.endswith(":/data") for volume in api["volumes"])
    ports = re.search(r"(\d+)-(\d+)\}:8000", api["ports"][0])
    assert ports is not None
    # A port for each replica, none of them the api's own.
    assert int(ports[2]) - int(ports[1]) + 1 == api["deploy"]["replicas"]
    assert int(ports[1]) > 8000
    extras = (ROOT / "pyproject.toml").read_text("utf-8")
    assert re.search(r"^milvus = \[.*pymilvus", extras, re.MULTILINE)
    assert re.search(r"^postgresql = \[", extras, re.MULTILINE)


def test_whoever_needs_another_service_waits_until_it_is_ready() -> None:
    waits = 0
    for name, described in SERVICES.items():
        for needed, how in described.get("depends_on", {}).items():
            other = SERVICES[needed]
            waits += 1
            # A service of a profile can only be needed within it.
            assert set(other.get("profiles", ())) <= set(described.get("profiles", ())), (name, needed)
            if how["condition"] == "service_healthy":
                assert other["healthcheck"]["test"][0] == "CMD"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert "restart" not in other
    assert waits == 7


def test_images_are_pinned_and_ports_are_for_this_machine() -> None:
    for name, described in SERVICES.items():
        tag = described["image"].rpartition(":")[2]
        assert re.search(r"\d", tag), (name, described["image"])
        assert all(port.startswith("127.0.0.1:") for port in described.get("ports", ())), name
    named = {volume.partition(":")[0] for s in SERVICES.values() for volume in s.get("volumes", ())}
    assert {volume for volume in named if not volume.startswith("$")} == set(COMPOSE["volumes"])


def test_every_variable_may_be_missing() -> None:
    variables = re.findall(r"\$\{(\w+)([^}]*)\}", FILE.read_text("utf-8"))
    assert len(variables) > 10
    assert [name for name, default in variables if not default.startswith(":-")] == []


def test_compose_takes_the_file() -> None:
    # The plugin of the Docker command, or the command of its own that some systems still package.
    known = (("docker", "compose"), ("docker-compose",))
    found = next((words for words in known if shutil.which(words[0]) and _runs(*words, "version")), None)
    if found is None:
        pytest.skip("Compose is not installed")
    command = [*found, "--file", str(FILE), "--profile", "cluster", "--profile", "telegram", "config"]
    done = subprocess.run([*command, "--services"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == set(SERVICES)


def _runs(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
