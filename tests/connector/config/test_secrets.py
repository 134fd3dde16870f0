"""Keys of secrets are recognised, for every provider."""

from __future__ import annotations

from connector.config.secrets import SECRET_KEYS


def test_every_secret_of_every_provider_is_recognised() -> None:
    assert {"auth_token", "api_secret", "previous_hook_key", "password", "secret", "token"} <= SECRET_KEYS
    assert not {"account_sid", "public_url", "hook_user", "api_key", "name"} & SECRET_KEYS
