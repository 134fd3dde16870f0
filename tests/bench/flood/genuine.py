"""A provider as one process: `python -m tests.bench.flood.genuine URL FIRST --rate N --seconds S`.

Signed Twilio hooks at an even pace, whatever becomes of those before, each over a connection of its own and given up
after 15 s as Twilio does. Prints one JSON object with a row for each: its number, when it was due by the performance
counter, how long it took in ms, and the status or what happened instead.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from urllib.parse import urlsplit

from tests.bench.load import request

_PATIENCE_S = 15.0  # https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides


async def _post(host: str, port: int, hook: bytes) -> str:
    writer = None
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(hook)
            head = await reader.readuntil(b"\r\n\r\n")
            return head.split(b" ", 2)[1].decode()
    except TimeoutError:
        return "no answer" if writer else "no connection"
    except OSError as error:
        return type(error).__name__
    except asyncio.IncompleteReadError:
        return "closed"
    finally:
        if writer is not None:
            writer.close()


async def _run(url: str, first: int, rate: float, seconds: float) -> list[tuple[int, float, float, str]]:
    hooks = [request(url, number) for number in range(first, first + int(rate * seconds))]
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 80
    began = time.perf_counter()
    rows = []

    async def one(index: int, hook: bytes) -> None:
        due_at = began + index / rate
        answer = await _post(host, port, hook)
        rows.append((first + index, due_at, (time.perf_counter() - due_at) * 1000, answer))

    async with asyncio.TaskGroup() as group:
        for index, hook in enumerate(hooks):
            await asyncio.sleep(began + index / rate - time.perf_counter())
            group.create_task(one(index, hook))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("first", type=int)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    print(json.dumps({"rows": asyncio.run(_run(options.url, options.first, options.rate, options.seconds))}))


if __name__ == "__main__":
    main()
