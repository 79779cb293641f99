"""How a month of a provider stands against its dates: the word for each state, and the colour that only repeats it."""

# The first three ask somebody to do something.
STATES = {
    "missing": "Missing",
    "freeze missing": "Freeze missing",
    "due": "Due",
    "not due": "Not due yet",
    "none sent": "None sent",
    "flex": "Flex",
    "flex late": "Flex, late",
    "freeze": "Freeze",
    "freeze late": "Freeze, late",
    "changed": "Changed after freeze",
}
COLOURS = {
    "missing": "red",
    "freeze missing": "orange",
    "due": "yellow",
    "not due": "white",
    "none sent": "white",
    "flex": "blue",
    "flex late": "aqua-green",
    "freeze": "green",
    "freeze late": "aqua-green",
    "changed": "purple",
}
