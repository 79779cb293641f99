from .assumption import Assumption, PopulationProjection, ProjectedPeople
from .calendar import SubmissionDate
from .extract import CheckingPhase, Extract, ExtractProblem, ExtractState, Layout, PatientFlow, ReportingPoint, Severity
from .large_change import DEFAULT_LEAST_POUNDS, DEFAULT_PERCENT, DEFAULT_POUNDS, LargeChange
from .position import PositionLock, PositionSlice, ReportingPosition
from .provider import Provider, ProviderMarketForcesFactor, Site
from .public_shares import AllAdmissionsCatchment, AreaProportion, OriginShare, PublicShares, SharesKind
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
from .travel import TravelTime

__all__ = [
    "DEFAULT_LEAST_POUNDS",
    "DEFAULT_PERCENT",
    "DEFAULT_POUNDS",
    "AllAdmissionsCatchment",
    "AreaProportion",
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
    "OriginShare",
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
    "PublicShares",
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
    "SharesKind",
    "SheetChoice",
    "Site",
    "SubmissionDate",
    "System",
    "TravelTime",
]
