"""The simulator: both vendors on loopback, with scripted consumers who text by themselves.

It knows nothing of the core but the address of its hooks, and the core needs nothing but an `api_base` to use it.
"""
