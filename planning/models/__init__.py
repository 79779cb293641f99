from .assumption import Assumption, PopulationProjection, ProjectedPeople
from .calendar import SubmissionDate
from .extract import CheckingPhase, Extract, ExtractProblem, ExtractState, Layout, PatientFlow, ReportingPoint, Severity
from .large_change import DEFAULT_PERCENT, DEFAULT_POUNDS, LargeChange
from .position import PositionLock, PositionSlice, ReportingPosition
from .provider import Provider, ProviderMarketForcesFactor, Site
from .reading import ColumnMapping, SheetChoice
from .scenario import Scenario, ScenarioMove, ScenarioVersion
from .service import (
    Delegation,
    NationalProgramme,
    PointOfDelivery,
    ProgrammeOfCare,
    Service,
    ServiceCategory,
    ServiceCode,
    ServiceStatus,
)
from .system import (
    Commissioner,
    CommissionerKind,
    CommissionerSystem,
    Footprint,
    Neighbourhood,
    Place,
    PlaceOverlap,
    PlacePopulation,
    Practice,
    Region,
    System,
)

__all__ = [
    "DEFAULT_PERCENT",
    "DEFAULT_POUNDS",
    "Assumption",
    "CheckingPhase",
    "ColumnMapping",
    "Commissioner",
    "CommissionerKind",
    "CommissionerSystem",
    "Delegation",
    "Extract",
    "ExtractProblem",
    "ExtractState",
    "Footprint",
    "LargeChange",
    "Layout",
    "NationalProgramme",
    "Neighbourhood",
    "PatientFlow",
    "Place",
    "PlaceOverlap",
    "PlacePopulation",
    "PointOfDelivery",
    "PopulationProjection",
    "PositionLock",
    "PositionSlice",
    "Practice",
    "ProgrammeOfCare",
    "ProjectedPeople",
    "Provider",
    "ProviderMarketForcesFactor",
    "Region",
    "ReportingPoint",
    "ReportingPosition",
    "Scenario",
    "ScenarioMove",
    "ScenarioVersion",
    "Service",
    "ServiceCategory",
    "ServiceCode",
    "ServiceStatus",
    "Severity",
    "SheetChoice",
    "Site",
    "SubmissionDate",
    "System",
]
