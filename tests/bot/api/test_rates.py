"""Rates of keys and addresses, and which server has which."""

from pathlib import Path

import pytest

from bot.api.app import create_app
from bot.api.options import ApiOptions, OpenServerError, is_loopback
from bot.api.rates import RateLimit
from bot.settings import Settings
from bot.state import State
from tests.bot.api.serving import serving
from tests.bot.state.conftest import Clock


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state.sqlite3'}"


class TestRates:
    def test_requests_above_the_limit_wait(self, seeds_archive_path: Path, encoder_cache: Path, address: str) -> None:
        app = create_app(
            seeds_archive_path, cache=encoder_cache, state_address=address, options=ApiOptions(rate_per_address=3)
        )
        with serving(app) as client:
            statuses = [client.get("/v1/jobs/x").status_code for _ in range(5)]
            refused = client.get("/v1/jobs/x")
            assert statuses == [404, 404, 404, 429, 429]
            assert (refused.status_code, refused.json()["type"]) == (429, "urn:wenju:problem:rate-limited")
            assert 1 <= int(refused.headers["retry-after"]) <= 20
            assert client.get("/healthz").status_code == 200
            told = client.get("/v1/models")
            assert (told.status_code, told.json()["error"]["code"]) == (429, "rate_limit_exceeded")

    def test_each_key_has_its_own(self, seeds_archive_path: Path, encoder_cache: Path, address: str) -> None:
        with State.open(address) as state:
            one, other = ({"X-API-Key": state.keys.create(name).secret} for name in ("one", "other"))
        options = ApiOptions(keys=True, local=False, rate_per_key=2)
        app = create_app(seeds_archive_path, cache=encoder_cache, state_address=address, options=options)
        with serving(app) as client:
            statuses = [client.get("/v1/models", headers=one).status_code for _ in range(3)]
            assert statuses == [200, 200, 429]
            assert client.get("/v1/models", headers=other).status_code == 200

    def test_buckets_fill_again(self) -> None:
        clock = Clock(0.0)
        limit = RateLimit(60, clock)
        assert [limit.wait("a") for _ in range(60)] == [0.0] * 60
        assert limit.wait("a") == pytest.approx(1.0)
        assert limit.wait("b") == 0.0
        clock.now += 0.5
        assert limit.wait("a") == pytest.approx(0.5)
        clock.now += 0.5
        assert limit.wait("a") == 0.0
        clock.now += 3600
        assert [limit.wait("a") for _ in range(60)] == [0.0] * 60
        assert limit.wait("a") > 0

    def test_no_limit_is_none_and_callers_are_forgotten(self) -> None:
        assert {RateLimit(0).wait("a") for _ in range(1000)} == {0.0}
        limit = RateLimit(1, Clock(0.0))
        for number in range(20_001):
            assert limit.wait(str(number)) == 0.0
        assert limit.wait("20000") > 0
        assert limit.wait("0") == 0.0


class TestOptions:
    @pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.9.1", "Localhost."])
    def test_on_this_machine_no_key_is_needed(self, host: str) -> None:
        options = ApiOptions.of(Settings(host=host))
        assert (options.keys, options.local, options.rate_per_address) == (False, True, 0)

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "archive.example", ""])
    def test_for_others_someone_must_have_said_so(self, host: str) -> None:
        with pytest.raises(OpenServerError, match=r"WENJU_API_KEYS=on .* or WENJU_API_KEYS=off"):
            ApiOptions.of(Settings(host=host))
        off = ApiOptions.of(Settings(host=host, api_keys=False))
        assert (off.keys, off.local, off.rate_per_address) == (False, False, 300)
        assert ApiOptions.of(Settings(host=host, api_keys=True)).keys

    def test_loopback(self) -> None:
        assert not is_loopback("localhost.example")
        assert not is_loopback("127.0.0.1.example")
        assert is_loopback("[::1]")
