"""Makes the fictional trust: every row is built first, then written in bulk."""

from qiportal.demo.seed.seeding import Seeded, WrongTrust, demo_seed, trust_check
from qiportal.demo.seed.tree import TRUST_CODE

__all__ = ["TRUST_CODE", "Seeded", "WrongTrust", "demo_seed", "trust_check"]
