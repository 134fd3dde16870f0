"""A TinyDB storage that a crash cannot tear.

TinyDB's own storage rewrites the file in place, so a kill in the middle leaves half of it. This one replaces the file
as a whole.
"""

from __future__ import annotations

from tinydb import Storage

from connector.base.json_tables import JSONTables


class DurableJSONStorage(JSONTables, Storage):
    """`TinyDB(path, storage=DurableJSONStorage)`."""
