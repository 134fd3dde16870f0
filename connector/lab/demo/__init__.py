"""`textdesk demo`: Textdesk without any set-up, on a simulated Twilio and OpenMarket and a new data directory.

The backend, a process of its own, runs the simulator and the core. In the foreground is the desk (`on_terminal`) or a
scripted agent (`headless`). The backend ends with its standard input, so that nothing is left behind however the
foreground ends.
"""
