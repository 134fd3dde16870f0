"""Every promise about messages, checked under faults: a simulator that misbehaves, a real core, a scripted agent.

`check` plays one scenario to its end; `outcome` compares what the vendors have with what a desk is shown.
"""
