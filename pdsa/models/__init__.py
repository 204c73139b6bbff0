from pdsa.models.benefits import BenefitClaim
from pdsa.models.cycles import Cycle, CycleOutcome, Prediction, Ramp
from pdsa.models.measures import (
    DataPoint,
    Measure,
    MeasureState,
    MeasureTarget,
    Phase,
)
from pdsa.models.talk import Attachment, Comment, ProgressScore, Task

__all__ = [
    "Attachment",
    "BenefitClaim",
    "Comment",
    "Cycle",
    "CycleOutcome",
    "DataPoint",
    "Measure",
    "MeasureState",
    "MeasureTarget",
    "Phase",
    "Prediction",
    "ProgressScore",
    "Ramp",
    "Task",
]
