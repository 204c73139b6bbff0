"""Backup and restore that know no engine: NDJSON per table beside a manifest."""
