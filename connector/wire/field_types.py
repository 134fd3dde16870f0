"""Types of the fields of requests.

A value outside these types is refused at the door: no use case meets an id that a database cannot store (PostgreSQL
stores no NUL), or a number beyond 64 bits. Texts have no such type: their use cases say what is wrong with them.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from connector.wire import limits
from connector.wire.limits import WITHOUT_NUL

Key = Annotated[str, Meta(max_length=limits.KEY_LENGTH, pattern=WITHOUT_NUL)]
"""An id or a name."""
Url = Annotated[str, Meta(max_length=limits.URL_LENGTH, pattern=WITHOUT_NUL)]
Moment = Annotated[int, Meta(ge=0, le=limits.LATEST_MOMENT)]
Number = Annotated[int, Meta(ge=-limits.BIGGEST_NUMBER, le=limits.BIGGEST_NUMBER)]
