"""The desk protocol from the shell: one file per verb, over one link."""
