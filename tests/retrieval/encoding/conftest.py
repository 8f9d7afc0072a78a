from pathlib import Path

import pytest

from retrieval.encoding import Encoder, load_encoder


@pytest.fixture(scope="session")
def untrained(encoder_cache: Path) -> Encoder:
    """Give the encoder with the weights of its package, as they are."""
    return load_encoder("universal-base", encoder_cache / "encoder")
