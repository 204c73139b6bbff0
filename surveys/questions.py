"""Questions the portal knows by number: our own short labels and stable keys.

Numbers change between years; `wording_key` joins them. Wording is not shipped: it
comes with an import.
"""

KNOWN: dict[str, tuple[str, str, str, str]] = {
    # code: (wording key, our own label, theme, sub-score)
    "q3c": (
        "show-initiative",
        "Chances to show initiative",
        "staff_engagement",
        "involvement",
    ),
    "q3d": (
        "make-suggestions",
        "Can suggest improvements",
        "staff_engagement",
        "involvement",
    ),
    "q3e": (
        "involved-in-changes",
        "Involved in changes to own work",
        "leadership",
        "autonomy",
    ),
    "q3f": (
        "make-improvements-happen",
        "Can make improvements happen",
        "staff_engagement",
        "involvement",
    ),
    "q3g": (
        "meet-demands",
        "Can meet all demands on time",
        "workload_pressure",
        "work pressure",
    ),
    "q3h": (
        "adequate-equipment",
        "Enough materials and equipment",
        "time_resources",
        "work pressure",
    ),
    "q3i": (
        "enough-staff",
        "Enough staff to do the job",
        "workload_pressure",
        "work pressure",
    ),
    "q7a": (
        "shared-objectives",
        "Team has shared objectives",
        "staff_engagement",
        "team",
    ),
    "q7b": (
        "team-reviews",
        "Team meets to discuss how it works",
        "data_measurement",
        "team",
    ),
    "q7f": ("team-freedom", "Team is free to decide how to work", "leadership", "team"),
    "q11c": ("unwell-from-stress", "Felt unwell from work stress", "other", ""),
    "q24e": (
        "access-learning",
        "Can get the right learning",
        "training",
        "development",
    ),
    "q25b": (
        "acts-on-patient-concerns",
        "Trust acts on patients' concerns",
        "coproduction",
        "voice",
    ),
    "q25f": (
        "would-address-concern",
        "Trust would address my concern",
        "leadership",
        "voice",
    ),
}
LOWER_IS_BETTER = {"q11c"}
YES_NO = {"q11c"}


def key_of(code: str) -> str:
    """The stable key of a question number; unknown numbers keep their own."""
    known = KNOWN.get(code.lower())
    return known[0] if known else f"unknown-{code.lower()}"


def label_of(code: str) -> str:
    """Our short label, or the number itself."""
    known = KNOWN.get(code.lower())
    return known[1] if known else code
