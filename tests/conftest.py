"""What several tests share: where the optional third-party data lies."""

from pathlib import Path

import pytest

from tests.demo_city import Run, run_demo

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Give ``../shared/data`` or skip: it is third-party data that is never committed."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"needs third-party data in {SHARED_DATA}, which is not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Give the demo city, made once for all tests that look at it; they must not change it."""
    return run_demo(tmp_path_factory.mktemp("demo"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the documentation's pictures be made anew."""
    parser.addoption("--renew", action="store_true", help="renew docs/images and the README")
