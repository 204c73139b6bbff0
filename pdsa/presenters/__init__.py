"""What pages of the log print, prepared so that templates need no logic."""
