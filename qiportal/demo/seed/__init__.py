"""Makes the fictional trust: every row is built first, then written in bulk."""

from qiportal.demo.seed.seeding import TRUST_CODE, Seeded, WrongTrust, demo_seed

__all__ = ["TRUST_CODE", "Seeded", "WrongTrust", "demo_seed"]
