"""Keys, hosts and origins, over a server that has them on."""

import http.client
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from bot.api.options import ApiOptions
from bot.state import Scope, State
from tests.bot.api.refusals import assert_problem
from tests.bot.api.serving import serving

QUESTION = {"question": "炎陵县调解成功率是多少？"}
GUARDED = (
    ("GET", "/v1/search?q=a"),
    ("GET", "/v1/documents"),
    ("GET", "/v1/documents/x"),
    ("GET", "/v1/documents/x/original"),
    ("GET", "/v1/documents/x/pages/1.png"),
    ("POST", "/v1/documents"),
    ("DELETE", "/v1/documents/x"),
    ("GET", "/v1/jobs/x"),
    ("POST", "/v1/conversations"),
    ("GET", "/v1/conversations/x"),
    ("DELETE", "/v1/conversations/x"),
    ("POST", "/v1/feedback"),
    ("GET", "/v1/feedback"),
    ("GET", "/v1/sources"),
    ("POST", "/v1/ask"),
    ("GET", "/v1/nowhere"),
    ("GET", "/metrics"),
)
ADMIN = (("POST", "/v1/documents"), ("DELETE", "/v1/documents/x"), ("GET", "/v1/jobs/x"), ("GET", "/v1/feedback"))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('keys') / 'state.sqlite3'}"


@pytest.fixture(scope="module")
def state(address: str) -> Iterator[State]:
    with State.open(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def ask_key(state: State) -> str:
    return state.keys.create("reader").secret


@pytest.fixture(scope="module")
def admin_key(state: State) -> str:
    return state.keys.create("editor", [Scope.ADMIN]).secret


@pytest.fixture(scope="module")
def guarded(seeds_archive_path: Path, encoder_cache: Path, address: str) -> Iterator[httpx.Client]:
    app = create_app(
        seeds_archive_path, cache=encoder_cache, state_address=address, options=ApiOptions(keys=True, local=False)
    )
    with serving(app) as client:
        yield client


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_without_a_key_nothing_is_told(guarded: httpx.Client, method: str, path: str) -> None:
    response = guarded.request(method, path)
    assert_problem(response, 401, "key-missing")
    assert response.headers["www-authenticate"] == 'Bearer realm="wenju"'


def test_the_process_and_its_description_are_open(guarded: httpx.Client) -> None:
    for path in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert guarded.get(path).status_code == 200


def test_a_key_opens_in_both_headers(guarded: httpx.Client, ask_key: str) -> None:
    for headers in (bearer(ask_key), {"Authorization": f"bearer  {ask_key}"}, {"X-API-Key": ask_key}):
        assert guarded.post("/v1/ask", json=QUESTION, headers=headers).status_code == 200


@pytest.mark.parametrize("change", ["", "x", "wenju_", "Bearer", "a" * 4000, "' OR 1=1 --", "é"])
def test_a_wrong_key_opens_nothing(guarded: httpx.Client, ask_key: str, change: str) -> None:
    wrong = ask_key[:-1] + change if change else ask_key.swapcase()
    for headers in ([("X-API-Key", wrong)], [("Authorization", f"Bearer {wrong}")]):
        assert_problem(
            guarded.get("/v1/documents", headers=[(name.encode(), value.encode()) for name, value in headers]),
            401,
            "key-invalid",
        )


def test_a_key_in_the_address_opens_nothing(guarded: httpx.Client, ask_key: str) -> None:
    for name in ("api_key", "key", "X-API-Key", "access_token"):
        assert_problem(guarded.get("/v1/documents", params={name: ask_key}), 401, "key-missing")


def test_a_revoked_key_opens_nothing_from_then_on(guarded: httpx.Client, state: State) -> None:
    made = state.keys.create("short")
    assert guarded.get("/v1/documents", headers=bearer(made.secret)).status_code == 200
    state.keys.revoke(made.key.id)
    assert_problem(guarded.get("/v1/documents", headers=bearer(made.secret)), 401, "key-invalid")


@pytest.mark.parametrize(("method", "path"), ADMIN)
def test_the_scope_ask_changes_nothing(guarded: httpx.Client, ask_key: str, method: str, path: str) -> None:
    response = guarded.request(method, path, headers=bearer(ask_key))
    assert_problem(response, 403, "scope-missing")
    assert "admin" in response.json()["detail"]


def test_counts_are_the_admins(guarded: httpx.Client, ask_key: str, admin_key: str) -> None:
    assert_problem(guarded.get("/metrics", headers=bearer(ask_key)), 403, "scope-missing")
    text = guarded.get("/metrics", headers=bearer(admin_key)).text
    assert 'wenju_requests_total{method="GET",route="/metrics",status="403"} 1.0' in text
    assert "wenju_archive_documents 5.0" in text


def test_a_conversation_is_its_keys_own(guarded: httpx.Client, ask_key: str, admin_key: str) -> None:
    made = guarded.post("/v1/conversations", headers=bearer(ask_key)).json()["id"]
    assert guarded.get(f"/v1/conversations/{made}", headers=bearer(ask_key)).status_code == 200
    for method in ("GET", "DELETE"):
        response = guarded.request(method, f"/v1/conversations/{made}", headers=bearer(admin_key))
        assert_problem(response, 404, "conversation-unknown")
    body = {**QUESTION, "conversation_id": made}
    assert_problem(guarded.post("/v1/ask", json=body, headers=bearer(admin_key)), 404, "conversation-unknown")


def test_openai_clients_are_told_in_their_shape(guarded: httpx.Client) -> None:
    response = guarded.get("/v1/models")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "invalid_api_key"
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_the_time_of_a_refusal_does_not_tell_how_near_a_key_was(state: State) -> None:
    """A key that is right but for its last letter takes as long to refuse as one that is wrong from the first."""
    secret = state.keys.create("timed").secret
    near, far = secret[:-1] + ("A" if secret[-1] != "A" else "B"), "wenju_" + "x" * 43
    times: dict[str, list[float]] = {near: [], far: []}
    for _ in range(300):
        for key, taken in times.items():
            began = time.perf_counter()
            assert state.keys.find(key) is None
            taken.append(time.perf_counter() - began)
    medians = [statistics.median(taken) for taken in times.values()]
    assert max(medians) < min(medians) * 1.5


def test_many_wrong_keys_have_to_wait(seeds_archive_path: Path, encoder_cache: Path, address: str) -> None:
    app = create_app(
        seeds_archive_path, cache=encoder_cache, state_address=address, options=ApiOptions(keys=True, local=False)
    )
    with serving(app) as client:
        statuses: list[int] = []
        # A minute's tries come back one a second: a slow machine needs more than sixty.
        while len(statuses) < 600 and 429 not in statuses:
            response = client.get("/v1/jobs/x", headers=bearer(f"wenju_{len(statuses)}"))
            statuses.append(response.status_code)
        assert statuses[:60] == [401] * 60
        assert_problem(response, 429, "rate-limited")
        assert int(response.headers["retry-after"]) >= 1


class TestWithoutKeys:
    def test_whatever_key_a_program_must_send_is_let_pass(self, client: httpx.Client) -> None:
        assert client.get("/v1/documents", headers=bearer("sk-anything")).status_code == 200

    def test_a_key_of_ours_that_is_wrong_is_told(self, client: httpx.Client) -> None:
        assert_problem(client.get("/v1/documents", headers=bearer("wenju_wrong")), 401, "key-invalid")

    @pytest.mark.parametrize(
        "host",
        ["archive.example", "127.0.0.1.archive.example", "localhost.example:80", "192.0.2.1", "[2001:db8::1]:80"],
    )
    def test_another_hosts_name_is_refused(self, client: httpx.Client, host: str) -> None:
        for path in ("/v1/documents", "/healthz", "/nowhere"):
            assert_problem(client.get(path, headers={"Host": host}), 421, "host-refused")

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "[::1]:8000", "127.0.0.1", "archive.localhost"])
    def test_this_machines_names_are_taken(self, client: httpx.Client, host: str) -> None:
        assert client.get("/healthz", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil"])
    def test_another_sites_page_changes_nothing(self, client: httpx.Client, origin: str) -> None:
        for method, path in (("DELETE", "/v1/documents/x"), ("POST", "/v1/documents"), ("POST", "/v1/feedback")):
            assert_problem(client.request(method, path, headers={"Origin": origin}), 403, "origin-refused")
        assert client.get("/v1/documents", headers={"Origin": origin}).status_code == 200

    def test_its_own_page_may(self, client: httpx.Client) -> None:
        origin = str(client.base_url).rstrip("/")
        assert client.post("/v1/ask", json=QUESTION, headers={"Origin": origin}).status_code == 200

    def test_over_the_network_everyone_asks_and_no_one_changes(
        self, seeds_archive_path: Path, encoder_cache: Path, address: str, admin_key: str
    ) -> None:
        options = ApiOptions(keys=False, local=False)
        app = create_app(seeds_archive_path, cache=encoder_cache, state_address=address, options=options)
        with serving(app) as client:
            named = {"Host": "archive.example"}
            assert client.get("/v1/documents", headers=named).status_code == 200
            for method, path in ADMIN:
                assert_problem(client.request(method, path, headers=named), 403, "scope-missing")
            assert client.get("/v1/feedback", headers={**named, **bearer(admin_key)}).status_code == 200


def test_cors_is_off_and_can_be_on_for_some(
    seeds_archive_path: Path, encoder_cache: Path, client: httpx.Client
) -> None:
    asked = {"Origin": "https://chat.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/ask", headers=asked).status_code == 405
    options = ApiOptions(cors_origins=("https://chat.example",))
    with serving(create_app(seeds_archive_path, cache=encoder_cache, options=options)) as own:
        allowed = own.options("/v1/ask", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://chat.example"
        other = own.options("/v1/ask", headers={**asked, "Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
        seen = own.post("/v1/feedback", json={"question": "问", "helpful": True}, headers={"Origin": asked["Origin"]})
        assert seen.status_code == 201
        assert seen.headers["access-control-allow-origin"] == "https://chat.example"
        assert "access-control-allow-credentials" not in seen.headers


def test_keys_that_cannot_be_looked_up_open_nothing(
    seeds_archive_path: Path, encoder_cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("no database at all, but some text" * 50, "utf-8")
    app = create_app(
        seeds_archive_path,
        cache=encoder_cache,
        state_address=f"sqlite:///{tmp_path / 'state'}",
        options=ApiOptions(keys=True, local=False),
    )
    with serving(app) as client:
        assert_problem(client.get("/v1/documents", headers=bearer("wenju_x")), 503, "state-unavailable")


def test_a_refused_body_is_not_waited_for(guarded: httpx.Client) -> None:
    connection = http.client.HTTPConnection(guarded.base_url.host, guarded.base_url.port or 0, timeout=60)
    connection.putrequest("POST", "/v1/documents")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    assert connection.getresponse().status == 401
    connection.close()
