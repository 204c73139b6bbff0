"""Which fields belong to an entry and which to its text."""

METHOD_FIELDS = (
    "title",
    "category",
    "family",
    "stage",
    "level",
    "position",
    "time_needed",
    "people_needed",
)
TEXT_FIELDS = (
    "summary",
    "when_to_use",
    "when_not_to_use",
    "steps",
    "mistakes",
    "example",
    "source",
    "source_url",
    "licence",
)
