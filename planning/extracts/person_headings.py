"""Whether a heading speaks of a person, in whatever words and spelling a hospital has for it.

A column that the layout does not have is left out of what is kept for good, but what was received is kept as long as it may be
checked again: so a column of people has to be known by its name.
"""

import re

# More words than these are a sentence.
MOST_WORDS = 6
LONGEST = 80
# The first thirty rows are asked about cell by cell: most have none of these.
_LIKELY = re.compile(
    r"NAME|NHS|BIRTH|D\W?O\W?B|DEATH|MRN|HOSP|CASE|PAS|KIN|P\W?CODE|POST|PATIENT|PT|PERSON|USER|BABY|MOTHER", re.I
)
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MARKS = re.compile(r"[\s_\-().,:;/#*'’?]+")
_SOMEONE = r"(?:PATIENT|PT|PERSON|SERVICE ?USER|BABY|MOTHER)(?: ?S)? ?"
_WHICH = r"(?:(?:FULL|FIRST|LAST|MIDDLE|FAMILY|GIVEN|HOME|LOCAL|HOSPITAL) ?)?"
_WHAT = (
    r"(?:NAME|FORENAME|SURNAME|INITIALS|DOB|D O B|POST ?CODE|PCODE|ADDRESS|NUMBER|NO|NUM|ID|IDENTIFIER|NHS|KEY|E ?MAIL|MOBILE|"
    r"PHONE|TELEPHONE)"
)
_OF_A_PERSON = re.compile(
    rf"\b(?:{_SOMEONE}{_WHICH}{_WHAT}|NAME OF (?:THE )?PATIENT|(?:SUR|FORE)NAMES?|"
    r"(?:FIRST|LAST|MIDDLE|MAIDEN|FAMILY|GIVEN) ?NAMES?|DOB|D O B|DATE ?OF ?BIRTH|BIRTH ?DATE|DATE OF DEATH|"
    r"NHS ?(?:NO|NUM|NUMBER|ID)|MRN|HOSP(?:ITAL)? ?(?:NO|NUM|NUMBER)|CASE ?NOTES? ?(?:NO|NUMBER|ID)|CASENOTE|"
    r"PAS ?(?:ID|NO|NUMBER)|NEXT OF KIN|HOME POST ?CODE|PCODE)\b"
)
# Not of the patient, or no longer of one: whether a number was traced, a code in its place, part of a postcode, staff.
_OF_NOBODY = re.compile(
    r"\b(?:STATUS|INDICATOR|FLAG|REASON|COUNT|AGE|YEAR|PARTIAL|SECTOR|DISTRICT|PSEUDO\w*|HASH\w*|ENCRYPT\w*|SK|CONSULTANT|"
    r"CLINICIAN|DOCTOR|GP|CONTACT|SENDER|AUTHOR|WITHOUT|NOT|EXCLUD\w*)\b|^NO\b"
)


def speaks_of_a_person(heading: str) -> bool:
    """Whether a heading is one of names, numbers, births or addresses of patients.

    Args:
        heading: As it is written.

    Returns:
        True for PatientName, D.O.B. or NHSNo; False for the status of an NHS number, a consultant's name, or a sentence.
    """
    if len(heading) > LONGEST or not _LIKELY.search(heading):
        return False
    plain = _MARKS.sub(" ", heading).strip()
    # DoB is one word and PatientName two.
    spellings = {plain.upper(), _WORDS.sub(" ", plain).upper()}
    return any(
        len(words.split()) <= MOST_WORDS and _OF_A_PERSON.search(words) and not _OF_NOBODY.search(words) for words in spellings
    )
