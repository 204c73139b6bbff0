"""How published figures are said and drawn."""
