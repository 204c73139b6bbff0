"""Which library entry explains which field of the log."""

from pdsa.forms.benefits import BenefitForm
from pdsa.forms.cycles import ActForm, DoForm, ObservationForm, StudyForm
from pdsa.forms.measures import MeasureForm, PhaseForm
from pdsa.forms.plans import ExpectationForm, NextPlanForm, PlanForm
from pdsa.forms.talk import TaskForm
from pdsa.forms.tasks import TaskRowForm
from projects.forms.library import LINKS as OF_THE_REGISTER
from qiportal.library.field_links import Links, MethodLink

PREDICTION = MethodLink("pdsa-cycle", "Why say first what you expect?")
LEARNING = MethodLink("after-action-review", "How does a team learn from a test?")
SMALL = MethodLink("pdsa-ramp", "Why start small?")
PLAN = MethodLink("project-plan", "What is a project plan?")

LINKS: Links = {
    **OF_THE_REGISTER,
    PlanForm: {
        "objective": MethodLink("pdsa-cycle", "How does a test of change work?"),
        "idea": MethodLink("change-concepts", "Where do ideas come from?"),
        "scale": SMALL,
        "data_plan": MethodLink("check-sheet", "What is a check sheet?"),
        "measures": MethodLink("family-of-measures", "Which measures do we need?"),
    },
    NextPlanForm: {
        "carried_learning": MethodLink(
            "pdsa-ramp", "How does one test build on the last?"
        )
    },
    ExpectationForm: {"statement": PREDICTION},
    TaskRowForm: {"what": PLAN},
    TaskForm: {"what": PLAN},
    ObservationForm: {"expect_statement": PREDICTION},
    DoForm: {
        "observations": MethodLink("go-and-see", "How do you observe well?"),
        "problems": MethodLink("five-whys", "How do you find the cause?"),
    },
    StudyForm: {
        "results": MethodLink("run-chart", "What is a run chart?"),
        "learned": LEARNING,
    },
    ActForm: {
        "decision": MethodLink("pdsa-cycle", "When to adopt, adapt or abandon?"),
        "standard_work_owner": MethodLink("standard-work", "What is standard work?"),
        "sustain_check_on": MethodLink("control-plan", "What is a control plan?"),
    },
    BenefitForm: {
        "what": MethodLink("benefits-realisation", "How are benefits followed up?"),
        "measure": MethodLink("spc-chart", "What does a chart prove?"),
    },
    MeasureForm: {
        "kind": MethodLink("family-of-measures", "Which measures do we need?"),
        "data_type": MethodLink("run-chart", "What is a run chart?"),
        "operational_definition": MethodLink(
            "operational-definition", "What is an operational definition?"
        ),
        "driver": MethodLink("driver-diagram", "What is a driver diagram?"),
        "source": MethodLink("check-sheet", "What is a check sheet?"),
        "chart_type": MethodLink("spc-chart", "What is an SPC chart?"),
    },
    PhaseForm: {"reason": MethodLink("spc-chart", "What is an SPC chart?")},
}
