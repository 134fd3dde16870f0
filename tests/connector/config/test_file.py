"""A wrong configuration is one sentence: file, key, what is wrong, what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.config.errors import ConfigError
from connector.config.file import load

TWILIO = """
[accounts.main]
provider = "twilio"
account_sid = "AC00000000000000000000000000000000"
auth_token = "secret-token"
public_url = "https://sms.example.com"
numbers = [{ address = "+15550100", skill = "orders" }]
"""

OPENMARKET = """
[accounts.short]
provider = "openmarket"
account_id = "000-000-000-00000"
password = "secret-token"
public_url = "https://sms.example.com"
numbers = [{ address = "55501" }]
"""
GENERIC = """
[accounts.own]
provider = "generic"
send_url = "URL"
secret = "secret-token"
public_url = "https://sms.example.com"
numbers = [{ address = "55501" }]
"""


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        load(write(folder, text), {})
    return str(error.value)


def write(folder: Path, text: str) -> Path:
    path = folder / "textdesk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_everything_has_a_default() -> None:
    config = load(None)
    assert config.accounts == {}
    assert config.agent("ann").capacity == 4


def test_a_real_account_needs_a_few_lines(tmp_path: Path) -> None:
    config = load(write(tmp_path, TWILIO + '[agents.ann]\nname = "Ann"\nskills = ["orders"]\ncapacity = 2\n'))
    line = config.lines()["main", "+15550100"]
    assert (line.skill, line.account) == ("orders", "main")
    assert (config.agent("ann").name, config.agent("ann").skills) == ("Ann", ("orders",))


def test_a_number_has_prices_of_its_own_where_it_says_so(tmp_path: Path) -> None:
    text = TWILIO.replace(
        "numbers = [{",
        'price = "0.0079 USD"\nprice_in = "0.0075 USD"\nprice_abroad = { "+49" = "0.09 USD" }\n'
        'numbers = [{ address = "+15550101", price = { 2026-01-01 = "0.02 USD" } }, {',
    )
    account = load(write(tmp_path, text)).accounts["main"]
    own, usual = (number.prices(account) for number in account.numbers)
    assert [price.since.isoformat() for price in own.sent] == ["2026-01-01"]
    assert own.received == usual.received and own.abroad == usual.abroad and [*own.abroad] == ["49"]
    assert usual.sent[0].money.billionths == 7_900_000


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('price = "cheap"', 'price: "cheap" is not a price; expected one like 0.0079 USD'),
        ('price = "0.0079"', 'price: "0.0079" is not a price'),
        ('price_in = { soon = "1 USD" }', 'price_in: "soon" is not a day; expected one like 2026-12-01'),
        ('price_abroad = { "+4999999" = "1 USD" }', 'price_abroad: "+4999999" is not a calling code'),
        ("price = 0.0079", "accounts.main.price"),
    ],
)
def test_a_price_that_is_none_is_named(tmp_path: Path, written: str, words: str) -> None:
    assert words in refusal(tmp_path, TWILIO + written + "\n")


def test_secrets_come_from_file_or_environment_and_never_show(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    text = TWILIO.replace('"secret-token"', '{ env = "TOKEN" }') + '[agents.ann]\ntoken = { file = "token" }\n'
    config = load(write(tmp_path, text), {"TOKEN": "from-environment"})
    shown = f"{config!r} {config}"
    assert "from-" not in shown
    assert config.agents["ann"].token is not None
    assert config.agents["ann"].token.reveal() == "from-file"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[core\n", ["is not TOML"]),
        ("[coer]\n", ["coer"]),
        ("[hooks]\nport = 'x'\n", ["hooks.port", "expected"]),
        ("[hooks]\nport = 99999\n", ["hooks.port", "65535"]),
        ("[hooks]\nprot = 1\n", ["hooks", "prot"]),
        ("[agents.ann]\ncapacity = -1\n", ["agents.ann.capacity"]),
        ("[agents.ann]\ncapacity = 'many'\n", ["agents.ann", "capacity", "expected"]),
        ("[agents.ann]\nsees = 'skill'\n", ["agents.ann.sees", "skills, account or all", "did you mean skills?"]),
        (TWILIO + "[agents.ann]\naccounts = ['mian']\n", ["agents.ann.accounts", "no account mian", "main"]),
        ("[agents.ann]\naccounts = ['main']\n", ["agents.ann.accounts", "no account main", "none"]),
        ("[agents.ann]\nos_user = ''\nname = ' '\n", ["agents.ann.name", "blank"]),
        ('[agents.ann]\nos_user = "a\\tb"\n', ["agents.ann.os_user", "printable"]),
        ('[agents."a\\u001b[2J"]\n', ["agents.a", "printable"]),
        ("[agents.''=]\n".replace("=", ""), ["agents.", "1 to 64"]),
        (f"[agents.{'a' * 65}]\n", ["agents.aaa", "1 to 64"]),
        ("[agents.ann]\ntoken = 'secret-token'\n[agents.bob]\ntoken = 'secret-token'\n", ["agents.bob.token", "ann"]),
        ("[desks]\nlisten = '8081'\n", ["desks.listen", "HOST:PORT"]),
        ("[desks]\nlisten = '0.0.0.0:8081'\n", ["desks.listen", "TLS", "plain_text_over_the_network"]),
        ("[desks]\nlisten = '127.0.0.1:1'\ntls_key = 'k'\n", ["tls_certificate"]),
        ("[desks]\n", ["desks", "listen", "group"]),
        ("[desks]\ngroup = ''\n", ["desks.group"]),
        ("[desks]\nlisten = '127.0.0.1:1'\nsocket = '/run/a/b'\n", ["desks.socket", "desks.group"]),
        ("[desks]\ngroup = 'g'\nsocket = 'desk.sock'\n", ["desks.socket", "/run/textdesk/desk.sock"]),
        ("[desks]\ngroup = 'g'\nsocket = '/desk.sock'\n", ["desks.socket"]),
        ("[desks]\ngroup = 'g'\nsocket = '/run/../etc/desk.sock'\n", ["desks.socket"]),
        (f"[desks]\ngroup = 'g'\nsocket = '/run/{'a' * 100}/desk.sock'\n", ["desks.socket", "too long"]),
        ("[desks]\ngroup = 'g'\ntls_key = 'k'\ntls_certificate = 'c'\n", ["desks.tls_key", "listen"]),
        (TWILIO.replace('"twilio"', '"twillio"'), ["accounts.main", "twillio"]),
        (TWILIO.replace("account_sid", "acount_sid"), ["accounts.main", "acount_sid"]),
        (TWILIO.replace('"secret-token"', "7"), ["accounts.main", "auth_token"]),
        (TWILIO.replace('"secret-token"', '{ env = "ABSENT" }'), ["accounts.main", "ABSENT", "not set"]),
        (TWILIO.replace('"secret-token"', '{ file = "absent" }'), ["accounts.main", "absent", "cannot be read"]),
        (TWILIO.replace("https://sms", "sms"), ["accounts.main", "public_url", "https://"]),
        (TWILIO + TWILIO.replace("main", "other"), ["+15550100", "main"]),
        (TWILIO.replace("+15550100", "4155550100"), ["accounts.main.numbers", "did you mean +14155550100?"]),
        (TWILIO.replace("+15550100", "+1 (415) 555-0100"), ["accounts.main.numbers", "did you mean +14155550100?"]),
        (TWILIO.replace("+15550100", "0044 7911 123456"), ["accounts.main.numbers", "did you mean +447911123456?"]),
        (TWILIO.replace("+15550100", "a sentence of words"), ["a sentence of words is not an address"]),
        (TWILIO.replace("+15550100", ""), ["a blank is not an address"]),
        (TWILIO.replace("AC0", "AX0"), ["accounts.main", "account_sid must be AC and 32"]),
        (TWILIO.replace("AC0", "AC"), ["accounts.main", "account_sid must be AC and 32"]),
        (TWILIO + 'api_base = "http://api.twilio.com"', ["accounts.main", "api_base must begin with https://"]),
        (TWILIO + 'api_base = "http://127.0.0.1@vendor.example"', ["api_base must begin with https://"]),
        (TWILIO + 'api_base = "http://localhost.example.com"', ["api_base must begin with https://"]),
        (OPENMARKET + 'status_base = "http://10.0.0.1"', ["status_base must begin with https://"]),
        (GENERIC.replace("URL", "http://gateway.example.com/send"), ["send_url must begin with https://"]),
        (GENERIC.replace("URL", "https://x.example/") + 'status_url = "http://x.example/"', ["status_url must begin"]),
    ],
)
def test_one_sentence(tmp_path: Path, text: str, words: list[str]) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load(path, {})
    sentence = str(error.value)
    assert sentence.startswith(str(path))
    for word in words:
        assert word in sentence
    assert "\n" not in sentence
    assert "secret-token" not in sentence


@pytest.mark.parametrize(
    "address", ["+15550100", "+1415555010", "55501", "12345678", "ACME Ltd", "A-1", "whatsapp:+15550100"]
)
def test_addresses_that_can_receive(tmp_path: Path, address: str) -> None:
    assert ("main", address) in load(write(tmp_path, TWILIO.replace("+15550100", address))).lines()


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        (TWILIO.replace("{ address", "{ adress"), "address"),
        (TWILIO.replace("account_sid", "acount_sid"), "account_sid"),
        (TWILIO.replace("account_sid", "paswords"), None),  # OpenMarket's
        ("[agents.ann]\nprot = 1\n", None),  # that of [hooks]
        ("[agents.ann]\nskils = []\n", "skills"),
        ("[hooks]\nprot = 1\n", "port"),
        ("[skills.orders.hours]\nzoone = 'UTC'\n", "zone"),
        ("[acounts]\n", "accounts"),
    ],
)
def test_the_suggested_key_is_of_the_same_section(tmp_path: Path, text: str, alike: str | None) -> None:
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, text), {})
    _, found, meant = str(error.value).partition("did you mean ")
    assert (meant.partition("?")[0] if found else None) == alike


SECOND = TWILIO.replace("main", "other").replace("+15550100", "+15550101")


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        (
            SECOND.replace('"twilio"', '"twillio"'),
            "accounts.other.provider: expected twilio, openmarket or generic, got",
        ),
        (SECOND.replace('provider = "twilio"', ""), "accounts.other: missing required field"),
        (SECOND.replace("AC0", "AX0"), "accounts.other: account_sid must be"),
        (
            SECOND.replace("account_sid", "acount_sid"),
            'accounts.other: there is no key "acount_sid" here; did you mean',
        ),
        (
            SECOND + 'signatures = "wach"',
            'accounts.other.signatures: expected enforce or watch, got "wach"; did you mean',
        ),
        (SECOND.replace('"secret-token"', "7"), "accounts.other.auth_token: expected a text, "),
        ("[accounts]\nother = 7", "accounts.other: expected a table, got a whole number"),
        (SECOND + "price = 5", "accounts.other.price: expected a text or a table, got a whole number."),
        ("[agents.ann]\n[agents.ben]\nskils = []", 'agents.ben: there is no key "skils"'),
        ("[skills.a]\nring = 'auto'\n[skills.b]\nring = 'rin'", "skills.b.ring: expected auto, ring or ring_all, got"),
        ("[hours]\nzone = 'UTC'\nweek = { mon = [], tue = 3 }", "hours.week.tue: expected a list"),
    ],
)
def test_only_what_is_wrong_is_named(tmp_path: Path, text: str, beginning: str) -> None:
    is_one = text.startswith("[accounts]")
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, text if is_one else TWILIO + text), {})
    words = str(error.value).removeprefix(f"{tmp_path}/textdesk.toml: ")
    assert words.startswith(beginning)
    assert "main" not in words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TWILIO.replace('"twilio"', '"opnmarket"'), "expected twilio, openmarket or generic"),
        (TWILIO + 'signatures = "wach"', "did you mean watch?"),
        (TWILIO + 'signatures = "sometimes"', 'expected enforce or watch, got "sometimes". The'),
        (
            TWILIO.replace('0100"', '0100", kind = "longcode"'),
            "expected 10dlc, long_code, short_code or toll_free, got",
        ),
        ("[routing]\nring = 'rin'", 'routing.ring: expected auto, ring or ring_all, got "rin"; did you mean ring?'),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(write(tmp_path, text), {})
    assert words in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: there is no such file"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    "text",
    [
        *(TWILIO + f'api_base = "{url}"' for url in ("http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1")),
        TWILIO + 'api_base = "https://api.dublin.ie1.twilio.com"',
        TWILIO + 'api_base = "https://twilio.compatible.example"',
        *(GENERIC.replace("URL", url) for url in ("http://10.1.2.3/", "http://kannel:8200/", "http://sms.internal/")),
    ],
)
def test_addresses_that_need_no_more_encryption(tmp_path: Path, text: str) -> None:
    assert load(write(tmp_path, text)).accounts


@pytest.mark.parametrize(
    ("host", "is_refused"),
    [
        ("api.twilio.com", False),
        ("api.dublin.ie1.twilio.com", False),
        ("localhost", False),
        ("evil.example", True),
        ("eviltwilio.com", True),
        ("api.twilio.com.evil.example", True),
    ],
)
def test_a_secret_of_the_environment_goes_to_the_vendor_only(tmp_path: Path, host: str, is_refused: bool) -> None:
    text = TWILIO.replace('"secret-token"', '{ env = "OTHER" }') + f'api_base = "https://{host}"'
    if not is_refused:
        assert load(write(tmp_path, text), {"OTHER": "secret-token"}).accounts
        return
    with pytest.raises(ConfigError, match=r"accounts\.main\.api_base: .* gets no secret from an environment variable"):
        load(write(tmp_path, text), {"OTHER": "secret-token"})


@pytest.mark.parametrize("name", ["../private", "/etc/hostname", "link", "inner/../../private"])
def test_a_file_elsewhere_is_no_secret_of_this_configuration(tmp_path: Path, name: str) -> None:
    (tmp_path / "private").write_text("secret-token")
    folder = tmp_path / "downloaded"
    (folder / "inner").mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path / "private")
    text = TWILIO.replace('"secret-token"', f'{{ file = "{name}" }}')
    with pytest.raises(ConfigError, match=r"accounts.main.auth_token: the file .* is outside of"):
        load(write(folder, text), {})


def test_secrets_may_be_where_a_service_manager_puts_them(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "token").write_text("secret-token")
    (tmp_path / "etc").mkdir()
    path = write(tmp_path / "etc", TWILIO.replace('"secret-token"', f'{{ file = "{credentials}/token" }}'))
    assert load(path, {"CREDENTIALS_DIRECTORY": str(credentials)}).accounts
    with pytest.raises(ConfigError):
        load(path, {})


@pytest.mark.parametrize("changed", ["textdesk.toml", "token", "."])
def test_what_others_can_write_is_no_configuration(tmp_path: Path, changed: str) -> None:
    (tmp_path / "token").write_text("from-file")
    path = write(tmp_path, TWILIO.replace('"secret-token"', '{ file = "token" }'))
    assert load(path, {}).accounts
    (tmp_path / changed).chmod(0o777)
    with pytest.raises(ConfigError, match="can be changed by every user of this machine; run: chmod go-w "):
        load(path, {})


def test_a_file_that_is_nested_too_deep(tmp_path: Path) -> None:
    path = tmp_path / "textdesk.toml"
    path.write_text("a = " + "[" * 5000)
    with pytest.raises(ConfigError, match="is nested too deep"):
        load(path)


def test_every_mistake_of_a_file_is_named_at_once(tmp_path: Path) -> None:
    text = (
        '[agents.ben]\nskil = ["x"]\nadministratr = true\n[agents.cid]\nsees = "everything"\n'
        '[hours]\nzone = "Europe/Berln"\nweek = { mon = ["09:00-12:00"] }\n'
        '[accounts.main]\nprovider = "twilio"\naccount_sdi = "AC"\n[routng]\nresponse_s = 1\n'
    )
    words = refusal(tmp_path, text)
    for part in (
        'agents.ben: there is no key "skil" here; did you mean skills?',
        'agents.ben: there is no key "administratr" here; did you mean administrator?',
        "agents.cid.sees: expected skills, account or all",
        'hours: there is no time zone "Europe/Berln"',
        "accounts.main: there is no key",
        'top level: there is no key "routng" here; did you mean routing?',
    ):
        assert words.count(part) == 1, words
    assert words.count("The README shows every key.") == 1
    across = refusal(
        tmp_path,
        '[hours]\nzone = "Europe/Berln"\nweek = { mon = ["09:00-12:00"] }\n[skills.a]\nfallback = "b"\n',
    )
    assert 'no time zone "Europe/Berln"' in across and "skills.a.fallback: there is no skill b" in across
    many = refusal(tmp_path, "".join(f"[agents.a{number}]\nskil = []\n" for number in range(50)))
    assert many.count("did you mean skills?") == 10
