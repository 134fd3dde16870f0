"""The state of the desk as frozen values, and how events and answers change it. No toolkit."""
