"""The contract between desk and core: shapes, frames and both ends of a connection, without any I/O.

With `connector.sms` and `connector.base`, this is all of the core that a desk may import.
"""
