from __future__ import annotations

import pytest

from connector.wire import administration
from tests.kit.models import changed, desk
from tests.kit.views import account, conversation
from tui.actions import accounts

MINE = conversation()


ACCOUNT = account("main", most_pictures=2)


@pytest.mark.parametrize(("mode", "asks"), [("off", True), ("draining", True), ("active", False)])
def test_an_account_s_mode_is_asked_for_when_it_is_another(mode: str, asks: bool) -> None:
    state = changed(desk(MINE), providers={"accounts": (ACCOUNT,)})
    wish = accounts.set_mode(state, "main", mode)
    assert wish == (administration.SetAccountMode("main", mode) if asks else "main is active already.")
    assert accounts.set_mode(state, None, mode) == "There is no account here."
