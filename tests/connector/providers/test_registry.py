"""Providers by the names in the configuration."""

from __future__ import annotations

import subprocess
import sys

from connector.providers.registry import PROVIDERS


def test_the_names_are_those_of_the_settings() -> None:
    assert {name: kind.Settings.__struct_config__.tag for name, kind in PROVIDERS.items()} == {
        name: name for name in PROVIDERS
    }
    assert {kind.Settings.__struct_config__.tag_field for kind in PROVIDERS.values()} == {"provider"}


def test_the_big_client_of_twilio_is_not_imported_at_the_start() -> None:
    """It costs a fifth of a second, which the first hook and the first screen need not wait for."""
    check = "import sys, connector.providers.registry; print('twilio.rest' in sys.modules, 'requests' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
