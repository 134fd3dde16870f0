"""Debian's Kannel with the configuration of docs/kannel, on ports of its own."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
from asyncio.subprocess import Process
from pathlib import Path

from tests.kit.ports import free_port

PAGES = Path(__file__).parents[3] / "docs" / "kannel"
_PATIENCE_S = 20.0


class Kannel:
    """`smsbox` can be ended and started again by itself."""

    def __init__(self, folder: Path, smsc_port: int, relay_port: int) -> None:
        """Raises RuntimeError where there is no Kannel."""
        missing = [box for box in ("bearerbox", "smsbox") if shutil.which(box) is None]
        if missing:
            raise RuntimeError(f"no {' and '.join(missing)} here: Kannel is not installed (apt-get install kannel)")
        self._folder = folder
        self.sendsms = free_port()
        for name in ("store", "dlr"):
            (folder / name).mkdir(parents=True)
        text = (PAGES / "kannel.conf").read_text()
        values = {
            "admin-port": str(free_port()),
            "smsbox-port": str(free_port()),
            "sendsms-port": str(self.sendsms),
            "store-location": f'"{folder}/store"',
            "dlr-spool": f'"{folder}/dlr"',
        }
        for name, value in values.items():
            text = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        text = text.replace("port = 2775", f"port = {smsc_port}")
        text = text.replace("/var/log/kannel", str(folder)).replace(":8200/", f":{relay_port}/")
        self._config = folder / "kannel.conf"
        self._config.write_text(text)
        self._bearerbox: Process | None = None
        self.smsbox: Process | None = None

    async def start(self) -> None:
        self._bearerbox = await self._started("bearerbox")
        await asyncio.sleep(1.0)  # it answers on no port before a smsbox may connect
        await self.start_smsbox()

    async def start_smsbox(self) -> None:
        self.smsbox = await self._started("smsbox")
        await listening(self.sendsms)

    async def end_smsbox(self, number: signal.Signals) -> None:
        assert self.smsbox is not None
        await _end(self.smsbox, number)

    async def end_bearerbox(self, number: signal.Signals) -> None:
        assert self._bearerbox is not None
        await _end(self._bearerbox, number)

    async def stop(self) -> None:
        for process in (self.smsbox, self._bearerbox):
            if process is not None:
                await _end(process, signal.SIGTERM)

    async def _started(self, box: str) -> Process:
        with (self._folder / f"{box}.out").open("ab") as out:
            return await asyncio.create_subprocess_exec(
                *(box, "--verbosity", "4", str(self._config)), stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out
            )


async def _end(process: Process, number: signal.Signals) -> None:
    if process.returncode is None:
        process.send_signal(number)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def listening(port: int) -> None:
    """Wait until something listens there."""
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
