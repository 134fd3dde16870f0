"""A screen that is laid out and drawn once when it is first shown."""

from __future__ import annotations

from textual import messages
from textual.geometry import Size
from textual.screen import Screen


class LaidOutOnce(Screen[None]):
    """For a screen whose parts have their final sizes in its first layout.

    The toolkit (8.2.8) lays out and draws a new screen again for each part that asked for it before it was laid out, or
    that got a size thereby, and once more because it is shown.
    """

    _is_laid_out = False
    _drops_requests = False  # as they were made before the first layout, or by it

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        super()._refresh_layout(size, scroll)
        if not self._is_laid_out and (size or self.outer_size):
            self._is_laid_out = self._drops_requests = True
            for part in self.query():
                part._layout_required = part._repaint_required = False
            self.call_later(self._take_requests)  # behind those that wait

    def _take_requests(self) -> None:
        self._drops_requests = self._repaint_required = False

    async def _on_layout(self, message: messages.Layout) -> None:
        if self._drops_requests:
            message.stop()
            message.prevent_default()

    async def _on_update(self, message: messages.Update) -> None:
        if self._drops_requests:
            message.stop()
            message.prevent_default()
