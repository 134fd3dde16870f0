"""Pictures for terminals: decoded, and encoded for one of three protocols."""
