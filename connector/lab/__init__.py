"""The laboratory: simulated vendors and people, the demo, fault scenarios, simulated days. No part of the product."""
