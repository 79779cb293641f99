"""Illustrative activity extracts: made-up files in the national layout that behave like the real ones.

Nothing here is measured. The weights stand in `fixtures/illustrative` and can be edited; codes, their status by year and
the national columns are those of `fixtures/reference`. No database, no clock and no chance but the seed: the same
arguments, weights and reference data give the same bytes.

From weights to rows, one year after another:

1. `lines`: what each provider is paid for in a year: provider, service line code, point of delivery. A provider's total is
   split over service families, their codes and their points of delivery; the mix shifts from year to year (drugs grow).
   Each line carries who commissions it *in that year*: before delegation the hub; after it the population's own
   commissioner for delegated codes, the hub for retained and host-funded ones. Other care stands beside it.
2. `catchments`: each line is split over homes. Two factors a year, one for admitted spells and one for everything else, tilt
   all catchments so that the shares from outside the programme's own area are those of `years.csv`.
3. `row_counts`: how many rows each file and each line gets: by cost, but never more rows than there are units of activity.
4. `rows`: a month of a file. Rows are spread over the cells (line × home) at equal steps from a random start, so that every
   cell gets its share; all else of a row (activity, price, tariff, site, commissioner, practice) is drawn for it anew. Prices
   are then scaled so that money adds up to the month's total, by kind of activity and by home inside or outside, in pennies.
5. `writing`: rows as CSV in the national columns; one file for each provider and year, in pieces, so that memory stays small.
6. `practices`: which practice a row names: of the population's own places, by people, need and nearness to the trust.
7. `other_layouts`: the plan return and the patient-level sets, made of the rows of the ACM, with gaps in the latter.

Shares hold from about 20,000 rows a year; specialised totals hold for any number of rows.
"""

from .extracts import Others, make_extracts
from .other_layouts import OTHER_LAYOUTS
from .reference import read_reference
from .weights import UnusableWeights, read_weights

__all__ = ["OTHER_LAYOUTS", "Others", "UnusableWeights", "make_extracts", "read_reference", "read_weights"]
