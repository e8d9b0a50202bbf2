"""How shops behave, computed."""
