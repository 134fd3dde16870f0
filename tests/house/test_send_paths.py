"""Every text to a consumer leaves through one gate (`connector.services.consent.gate`).

All code that could send is found by its calls: of a `send`, of an HTTP method that writes, of the outbox. What is found
and not known here fails, and so does a known way without its gate. The page for people is
`docs/architecture.md#every-way-a-text-leaves`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Simulated vendors, consumers and agents: their texts go to loopback.
LABORATORY = ROOT / "connector" / "lab"
SENDS = {"send", "_send", "post", "patch", "create_async", "update_async"}
HTTP = {"get", "put", "request", "stream", "build_request"}  # of one of these
CLIENTS = ("http", "_http", "pool", "httpx")

# Ways of a text, and what lets it through there.
WAYS = {
    "services/sending/reply.py write": "the gate, so that the author is told",
    "services/sending/automatic.py send_notice": "the gate, or nothing is written",
    "services/on_call/texts.py send_text": "the gate, or it is not sent",
    "services/sending/look_ups.py _proven_unsent": "the gate, when its turn comes in the outbox",
    "services/sending/outbox.py add": "the gate, when its turn comes",
    "services/sending/outbox.py put_back": "the gate, when its turn comes",
    "edge/background/workers.py Workers._send": "what outbox.claim has begun",
    "providers/base.py Provider.send": "what a worker sends",
    "providers/twilio/provider.py TwilioProvider._send": "what a worker sends",
    "providers/twilio/transport.py HttpxTransport.request": "what a worker sends, and calls that send nothing",
    "providers/openmarket/provider.py OpenMarketProvider._send": "what a worker sends",
    "providers/generic/provider.py GenericProvider._post": "what a worker sends, or asks about",
    "providers/outbound.py OutboundClient.send": "what a worker sends, and calls that send nothing",
    "relay/server.py RelayServer._answer_core": "what the core has sent, by its signature",
    "relay/kannel/smsbox.py Smsbox._call": "what the core has sent",
}
# Calls of the same names that bring no text to a consumer.
OTHERS = {
    "client/link.py ": "a desk's frames to the core",
    "doctor/checks/": "GET of addresses",
    "edge/background/webhooks.py WebhookTask._post": "steps of alerts, without texts and numbers",
    "edge/desks/handler.py ": "answers to a desk",
    "edge/desks/feed.py ": "events to a desk",
    "pictures/fetch.py _follow": "GET of a picture",
    "providers/openmarket/provider.py OpenMarketProvider._status": "GET of a report",
    "providers/twilio/admin.py TwilioAdmin.set_number": "the addresses of a number",
    "providers/twilio/admin.py TwilioAdmin.set_service": "the addresses of a service",
    "relay/forwarding.py Forwarder._post": "hooks to the core",
    "relay/kannel/smsbox.py Smsbox.answers": "whether Kannel answers",
    "store/sql/postgres_listener.py ": "a wake-up within the process",
}

# In the function: the gate, and what it has to stand in front of.
GATES = [
    ("services/sending/reply.py write", "require_reachable", "add"),
    ("services/sending/reply.py require_reachable", "require", None),
    ("services/sending/automatic.py send_notice", "require_reachable", "add"),
    ("services/on_call/texts.py send_text", "require_reachable", "add"),
    ("services/sending/outbox.py claim", "_obstacle", "append"),
    ("services/sending/outbox.py _obstacle", "block", None),
    ("services/sending/later.py schedule", "require_reachable", "add"),
    ("services/sending/later.py _release", "require_reachable", "write"),
    ("services/sending/start.py start", "write", None),
    ("services/sending/resend.py resend", "write", None),
    ("setup/round_trip.py _send", "Start", None),
]


def sources() -> dict[str, str]:
    """The product's code by path below `connector`."""
    paths = (path for path in (ROOT / "connector").rglob("*.py") if LABORATORY not in path.parents)
    return {path.relative_to(ROOT / "connector").as_posix(): path.read_text() for path in paths}


def name_of(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def functions(tree: ast.AST, within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Functions with their qualified name, and what stands outside of them as `within`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{within}{node.name}", node
        else:
            yield within.rstrip("."), node


def could_send(call: ast.Call) -> bool:
    name = name_of(call)
    receiver = ast.unparse(call.func.value).rpartition(".")[2] if isinstance(call.func, ast.Attribute) else ""
    if receiver and (name in SENDS or (name in HTTP and receiver in CLIENTS)):
        return True
    arguments = {ast.unparse(argument) for argument in call.args}
    is_of_outbox = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "outbox"
    return (is_of_outbox and name not in ("remove", "claim", "outgoing")) or (
        name == "add" and bool({"work.SEND", "SEND", "'send'"} & arguments)
    )


@cache
def found_in_file(path: str, source: str) -> frozenset[str]:
    return frozenset(
        f"{path} {name}"
        for name, node in functions(ast.parse(source))
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and could_send(call)
    )


def found_in(code: dict[str, str]) -> frozenset[str]:
    return frozenset().union(*(found_in_file(path, source) for path, source in code.items()))


def ungated(code: dict[str, str]) -> list[str]:
    """The functions that must ask the gate and do not, or too late."""
    missing = []
    for where, gate, guarded in GATES:
        path, name = where.split()
        body = next((node for known, node in functions(ast.parse(code.get(path, ""))) if known == name), ast.Pass())
        calls = [call for call in ast.walk(body) if isinstance(call, ast.Call)]
        asked = min((call.lineno for call in calls if name_of(call) == gate), default=None)
        first = min((call.lineno for call in calls if name_of(call) == guarded), default=None)
        if asked is None or (guarded is not None and (first is None or first < asked)):
            missing.append(where)
    return missing


def unknown(code: dict[str, str]) -> list[str]:
    return sorted(one for one in found_in(code) if one not in WAYS and not one.startswith(tuple(OTHERS)))


def test_every_way_by_which_a_text_leaves_passes_the_gate() -> None:
    code = sources()
    assert unknown(code) == []
    assert ungated(code) == []
    found = found_in(code)
    assert WAYS.keys() - found == set(), "a way that is no more"
    assert [one for one in OTHERS if not any(site.startswith(one) for site in found)] == []


def test_the_page_names_every_way() -> None:
    page = (
        (ROOT / "docs" / "architecture.md").read_text().partition("## Every way a text leaves")[2].partition("\n## ")[0]
    )
    for way in (*WAYS, *(where for where, _, _ in GATES)):
        path, name = way.split()
        written = f"`connector.{path.removesuffix('.py').replace('/', '.')}.{name}`"
        assert written in page, written


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("services/sending/outbox.py", "gate.block(uow", "no_gate(uow"),
        ("services/sending/outbox.py", "_obstacle(uow, message, latest", "too_late_for(uow, message, latest"),
        ("services/sending/reply.py", "    gate.require(", "    print("),
        ("services/sending/reply.py", "    require_reachable(uow, line, conv", "    print(uow, line, conv"),
        ("services/sending/start.py", "message = write(", "message = store_and_queue("),
        (
            "services/conversations/notes.py",
            "def add(",
            "def text(uow, message):\n    work.add(uow, work.SEND, message, 0)\n\ndef add(",
        ),
        (
            "services/conversations/notes.py",
            "def add(",
            "def text(uow, message):\n    outbox.add(uow, message, 0)\n\ndef add(",
        ),
        (
            "doctor/run.py",
            "from __future__",
            "async def try_it(provider, text):\n    await provider.send(text)\n\nfrom __future__",
        ),
        (
            "doctor/run.py",
            "from __future__",
            "async def ring(http):\n    await http.post('https://x/sms')\n\nfrom __future__",
        ),
        ("setup/twilio.py", "def run(", "async def hi(api):\n    await api.messages.create_async(to='x')\n\ndef run("),
        ("setup/round_trip.py", "requests.Start(", "twilio.text("),
    ],
)
def test_a_way_without_the_gate_is_found(path: str, old: str, new: str) -> None:
    code = sources()
    assert old in code[path], "the test has to change what is there"
    code[path] = code[path].replace(old, new, 1)
    assert unknown(code) + ungated(code) != []
