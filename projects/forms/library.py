"""Which library entry explains which field of the register."""

from projects.forms.barriers import BarrierForm
from projects.forms.coproduction import CoproductionForm
from projects.forms.register import DetailsForm, RegisterForm
from projects.forms.work import (
    AimForm,
    DriverForm,
    HandoverForm,
    IdeaForm,
    IdeaOutcomeForm,
    MemberForm,
    StatusForm,
)
from qiportal.library.field_links import Links, MethodLink

CHARTER = MethodLink("project-charter", "What is a project charter?")
AIM = MethodLink("smart-aim", "What is a SMART aim?")

LINKS: Links = {
    RegisterForm: {
        "problem": CHARTER,
        "aim_statement": AIM,
        "team": MethodLink("stakeholder-analysis", "Who should be involved?"),
    },
    DetailsForm: {
        "problem": CHARTER,
        "rationale": MethodLink("five-whys", "How do you find the cause?"),
        "target_end_on": MethodLink("project-plan", "What is a project plan?"),
    },
    StatusForm: {
        "to": MethodLink("sustainability-model", "Will the gains last?"),
        "learning": MethodLink("after-action-review", "How does a team look back?"),
    },
    MemberForm: {"relation": MethodLink("raci", "Who does, decides and is told?")},
    HandoverForm: {"note": MethodLink("sbar", "How do you brief somebody?")},
    AimForm: {"direction": AIM},
    DriverForm: {"text": MethodLink("driver-diagram", "What is a driver diagram?")},
    IdeaForm: {"title": MethodLink("change-concepts", "Where do ideas come from?")},
    IdeaOutcomeForm: {
        "status": MethodLink("pdsa-cycle", "When to adopt, adapt or abandon?")
    },
    BarrierForm: {"text": MethodLink("sbar", "How do you put it briefly?")},
    CoproductionForm: {
        "rung": MethodLink(
            "experience-based-co-design", "What is experience-based co-design?"
        )
    },
}
