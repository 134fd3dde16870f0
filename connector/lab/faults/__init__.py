"""Fault scenarios: misbehaving vendors, a real core on a fast clock and a scripted agent, compared message by message.

`scenario_run` plays one scenario to its end; `comparison` compares the vendors' books with what a desk shows.
"""
