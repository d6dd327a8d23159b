"""What all tests share: an environment without the settings of whoever runs them, and one Prefect server."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import hypothesis
import pytest

_prefect_home = tempfile.TemporaryDirectory(prefix="arxan-prefect-")


hypothesis.settings.register_profile("same-every-time", deadline=None, derandomize=True)
hypothesis.settings.register_profile("searching", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-every-time"))


def pytest_configure() -> None:
    """Before anything imports Prefect, which reads its settings then."""
    for name in [name for name in os.environ if name.startswith(("ARXAN_", "PREFECT_"))]:
        del os.environ[name]
    os.environ["PREFECT_HOME"] = _prefect_home.name
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"


def pytest_unconfigure() -> None:
    _prefect_home.cleanup()


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A Prefect API of the test session's own, without its logs; it takes some 12 seconds to start."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=90):
        yield
