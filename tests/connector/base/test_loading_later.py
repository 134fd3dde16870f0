from __future__ import annotations

import subprocess
import sys
from textwrap import dedent


def said_by(code: str) -> list[str]:
    """What a fresh process prints, a word to a line."""
    command = [sys.executable, "-c", dedent(code)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return result.stdout.split()


def test_a_module_is_loaded_at_its_first_use() -> None:
    assert said_by(
        """
        import sys
        from connector.base.loading_later import load_later
        load_later("urllib.request")
        import urllib.request
        print("http.client" in sys.modules)
        print(callable(urllib.request.getproxies))
        print("http.client" in sys.modules)
        """
    ) == ["False", "True", "True"]


def test_it_is_the_real_one_from_then_on() -> None:
    assert said_by(
        """
        import sys
        from connector.base.loading_later import load_later
        load_later("colorsys")
        import colorsys
        print(colorsys.hls_to_rgb(0, 0, 0) == (0, 0, 0))
        print(type(sys.modules["colorsys"]).__name__)
        """
    ) == ["True", "module"]


def test_a_loaded_module_stays() -> None:
    assert said_by(
        """
        import colorsys, sys
        from connector.base.loading_later import load_later
        load_later("colorsys")
        print(sys.modules["colorsys"] is colorsys)
        """
    ) == ["True"]


def test_of_the_websocket_library_half_is_left_out() -> None:
    loaded = said_by(
        """
        import sys
        from connector.base.loading_later import load_later
        from tui.core.link import SELDOM_USED
        for name in SELDOM_USED:
            load_later(name)
        from websockets.asyncio.client import connect
        print(*sys.modules)
        """
    )
    assert "websockets.proxy" in loaded and not {"http.client", "email", "zipfile"} & {*loaded}
