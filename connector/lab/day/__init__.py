"""A day of a contact centre in seconds: scripted consumers and agents around the real core, on a clock that jumps.

The store, the use cases and the timers are those of the product; time, the provider and the people are simulated, from
one seed. The simulated SMS companies of `connector.lab.vendors` have no part in it.
"""
