"""The configuration file `textdesk.toml`: finding, reading and checking it."""
