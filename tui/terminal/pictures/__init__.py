"""Pictures as a terminal can show them: decoded, and drawn in one of three ways."""
