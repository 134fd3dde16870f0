"""The tables and their indexes. A column has the name of the field of the value it stores.

Times are BIGINT milliseconds, enumerations are their values, text from outside is exact (see `columns`). There are no
foreign keys: they would lock a conversation's row for every message that is merely added to it.
"""
