"""Where people live, as far as a row says: a system, or one of the groups that are no system."""

NOT_KNOWN = "NOT-KNOWN"
REST_OF_ENGLAND = "REST"
DEVOLVED = "DEVOLVED"
OVERSEAS = "OVERSEAS"
PRIVATE = "PRIVATE"

HOME_GROUPS = {
    REST_OF_ENGLAND: "Rest of England",
    DEVOLVED: "Wales, Scotland and Northern Ireland",
    OVERSEAS: "Overseas",
    PRIVATE: "Private",
    NOT_KNOWN: "Not known",
}
