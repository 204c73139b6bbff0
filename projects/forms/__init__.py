"""Forms of the register; relation fields offer only what the actor may see."""

from projects.forms.barriers import BarrierForm, BarrierResolveForm
from projects.forms.coproduction import CoproductionForm
from projects.forms.fields import add_errors
from projects.forms.filters import (
    DroppedFilterForm,
    ProjectFilterForm,
    SaveFilterForm,
)
from projects.forms.placing import DriverPlaceForm, IdeaPlaceForm, StepForm
from projects.forms.register import DetailsForm, RegisterForm
from projects.forms.work import (
    AimForm,
    DriverAddForm,
    DriverEditForm,
    HandoverForm,
    IdeaAddForm,
    IdeaEditForm,
    IdeaOutcomeForm,
    MemberForm,
    MethodForm,
    StatusForm,
)

__all__ = [
    "AimForm",
    "BarrierForm",
    "BarrierResolveForm",
    "CoproductionForm",
    "DetailsForm",
    "DriverAddForm",
    "DriverEditForm",
    "DriverPlaceForm",
    "DroppedFilterForm",
    "HandoverForm",
    "IdeaAddForm",
    "IdeaEditForm",
    "IdeaOutcomeForm",
    "IdeaPlaceForm",
    "MemberForm",
    "MethodForm",
    "ProjectFilterForm",
    "RegisterForm",
    "SaveFilterForm",
    "StatusForm",
    "StepForm",
    "add_errors",
]
