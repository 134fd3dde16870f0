"""A vendor website on loopback that speaks Twilio's and OpenMarket's real HTTP, with consumers who text by themselves.

It knows nothing of the core but the address of its hooks, and the core needs nothing but an `api_base` to use it.
"""
