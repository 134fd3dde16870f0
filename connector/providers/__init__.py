"""SMS companies and gateways, one folder each; `ADDING.md` says how to add one."""
