from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from connector.sms.text import cells
from tests.kit.views import account
from tui.draw.lights import ill_accounts, trouble
from tui.model.state import Connection, LinkPhase, Model, Providers


def words(line: list[tuple[str, str]]) -> str:
    return "".join(text for text, _ in line)


def model(*states: str, phase: LinkPhase = LinkPhase.LINKED) -> Model:
    accounts = tuple(account(f"a{number}", state=state, words="wrong token") for number, state in enumerate(states))
    return Model(providers=Providers(accounts=accounts), connection=Connection(phase=phase))


def test_the_worst_account_comes_with_its_reason_and_how_many_more_are_ill() -> None:
    assert words(ill_accounts(model("warning", "ok", "down"), 60)) == "✗ a2: wrong token +1"
    assert ill_accounts(model("ok", "unknown"), 60) == []


@given(st.integers(12, 200))
def test_the_name_of_an_ill_account_fits_into_any_bar(room: int) -> None:
    shown = words(ill_accounts(model("down", "warning"), room))
    assert shown.startswith("✗ a0") and shown.endswith("+1") and cells(shown) <= room


def test_a_lost_link_comes_before_everything() -> None:
    assert "link lost" in words(trouble(model("down", phase=LinkPhase.LOST), 60))
    assert words(trouble(model("down"), 60)).startswith("✗ a0")
