"""The parts of a screen. Each draws its own lines and repaints only the cells that changed."""
