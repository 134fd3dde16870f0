"""Client library of the desk protocol for programs: commands, scripted agents, checks."""
