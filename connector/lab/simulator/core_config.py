"""The configuration of a core for the simulated world: its accounts, reached on loopback."""

from __future__ import annotations

import json
import os
from pathlib import Path

from connector.lab.simulator.world import World

AGENT, AGENT_NAME = "anna", "Anna"
COLLEAGUE = "ben"  # a second desk, started by hand, shows transfers


def write(path: Path, world: World, hooks_port: int, simulator: str, *, undo_s: int = 0) -> None:
    """Write a new file, readable only by its owner. `undo_s`: for how long a reply can be undone."""
    # A JSON string is also a TOML string (toml.io, "String").
    here, there = json.dumps(f"http://127.0.0.1:{hooks_port}"), json.dumps(simulator)
    twilio, openmarket = world.twilio, world.openmarket
    numbers = ", ".join(_number(line.number, line.name) for line in twilio.lines)
    text = f"""\
[hooks]
host = "127.0.0.1"
port = {hooks_port}

# Shows the effect of rules: bookings ring, orders and the shop are assigned at once, and answers are due in minutes.
[routing]
response_s = 600
soon_s = 120
undo_s = {undo_s}
outcomes = ["solved", "passed on", "no answer needed"]

# Scripted people write faster than people.
[sending]
sends_per_hour = 0
sends_per_day = 0

[skills.orders]
response_s = 300
fallback = "shop"

[skills.bookings]
ring = "ring"
ring_s = 45
response_s = 420
fallback = "orders"
wrap_up_s = 60

[skills.shop]
auto_close_s = 1800

[agents.{AGENT}]
name = "{AGENT_NAME}"
capacity = 4
lead = true

[agents.{COLLEAGUE}]
name = "Ben"
skills = ["orders", "shop"]

[on_call]
zone = "UTC"
lead = ["{AGENT}"]

[[on_call.shifts]]
week = {{ mon-sun = ["00:00-24:00"] }}
agents = ["{COLLEAGUE}", "{AGENT}"]

[accounts.{twilio.name}]
provider = "twilio"
account_sid = {json.dumps(twilio.sid)}
auth_token = {json.dumps(twilio.auth_token)}
public_url = {here}
api_base = {there}
price = "0.0079 USD"
price_in = "0.0075 USD"
price_abroad = {{ "+33" = "0.0764 USD", "+49" = "0.0957 USD", "+44" = "0.0463 USD" }}
numbers = [{numbers}]

[accounts.{openmarket.name}]
provider = "openmarket"
account_id = {json.dumps(openmarket.account_id)}
password = {json.dumps(openmarket.password)}
hook_user = {json.dumps(openmarket.hook_user)}
hook_password = {json.dumps(openmarket.hook_password)}
public_url = {here}
api_base = {there}
status_base = {there}
price = "0.0062 USD"
numbers = [{_number(openmarket.short_code, "Shop")}]
"""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _number(address: str, name: str) -> str:
    skill = name.split()[0].lower()
    # The real pace of a long code, one segment a second, is too slow when minutes last seconds.
    return f"{{ address = {json.dumps(address)}, skill = {json.dumps(skill)}, segments_per_s = 20.0 }}"
