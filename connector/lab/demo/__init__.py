"""Textdesk with nothing to set up: a simulated Twilio and OpenMarket, and a core on a fresh directory.

Behind the scenes (`stage`) run the simulator and the core; in front is the desk (`on_terminal`) or a scripted agent
(`headless`). The stage ends with its standard input, so that nothing is left however the front ends.
"""
