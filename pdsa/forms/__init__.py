"""What people type about tests, measures and numbers."""
