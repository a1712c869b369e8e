"""The words a figure may use. Codes as UNHCR and HDX HAPI name them; each has a line of meaning.

A page never prints a code: the catalogues in `visuals/locales` hold a word for every one of them,
and a test keeps the two in step.
"""

from typing import Final

MEASURES: Final = {
    "stock": "People there at one date",
    "flow": "Counted within a period",
    "cumulative": "Counted since a stated date",
}

POPULATION_GROUPS: Final = {
    "REF": "Refugees, with people in refugee-like situations and under temporary protection",
    "ASY": "Asylum-seekers with a pending claim",
    "IDP": "Internally displaced people",
    "RET": "People who returned from abroad; refugees only in UNHCR's annual tables",
    "RDP": "IDPs who returned",
    "OIP": "Other people in need of international protection",
    "STA": "Stateless people",
    "OOC": "Others of concern to UNHCR",
    "HST": "Host community; not a displaced group",
    "RST": "Refugees resettled",
    "NAT": "Refugees naturalised",
    "NEWDISP": "Newly displaced people, or new displacements where the unit is movements",
    "IDP_ARR": "Arrivals of IDPs at a place",
    "IDP_DEP": "Departures of IDPs from a place",
    "PIN": "People in need; others by `population_status`: affected, targeted, reached",
    "POP": "Everybody who lives at a place: residents and displaced people (baseline population)",
}

COHORTS: Final = ("RDP", "RET")
"""Groups whose stock counts people present at a date who came back since another."""

UNITS: Final = {
    "people": "Individuals",
    "movements": "Moves; one person may be counted each time they move",
    "families": "Families or households; never turned into people",
    "cases": "Case files",
    "usd": "United States dollars",
    "events": "Events",
}

QUALIFIERS: Final = {
    "exact": "Printed to the last digit",
    "rounded": "Rounded by the publisher",
    "about": "Published as approximately",
    "some": "Published as some",
    "nearly": "Published as nearly, almost or close to",
    "over": "Published as over, more than or at least",
    "up to": "Published as up to",
    "modelled": "Computed by the publisher, not counted",
}

MISSING_REASONS: Final = {
    "not_applicable": "The publisher says the figure does not apply (UNHCR's dash)",
    "not_collected": "Nobody collected it",
    "not_reported": "The cell is blank or says N/A",
    "suppressed": "Held back by the publisher to protect people",
    "withdrawn": "The publisher no longer lists it",
}

CAVEATS: Final = {
    "mid_year": "Published in the middle of the year under the year's label",
    "carried_forward": "The publisher repeated the year before",
    "modelled_split": "The split by place is a percentage model; its direction is not documented",
    "disclosure_rounding": "UNHCR rounds below 5: 0 stands for 0 to 2, 5 for 3 to 5",
    "all_origins": "People of every origin, not Syrians alone",
    "movements_not_people": "Counts moves; one person may be counted more than once",
    "estimate_nowcast": "Estimated for a recent month; replaced when the counts arrive",
    "secondary_source": "Read in a report that cites the publisher",
    "date_approximate": "The day is not stated; the month or season is",
    "start_assumed": "The start of the window or cohort is not stated; the usual one is assumed",
    "place_from_context": "The place is named elsewhere in the text",
    "period_from_context": "The period is stated elsewhere in the text",
    "rounded_by_source": "Rounded in the text it was read from",
    "partial_period": "Covers a part of the period only",
    "partial_coverage": "Assessed communities only",
    "subset": "Part of another published figure; never added to it",
    "sites_only": "Camps and sites only",
    "method_break": "The method changed; not comparable with what came before",
    "later_revised": "The publisher later revised it",
    "net_of_returns": "What remained after some had returned",
    "provisional": "A first count that the publisher revises in place",
    "range_low": "The low end of a published range",
    "range_high": "The high end of a published range",
    "summed_from_parts": "The project's sum of all the rows into which its publisher split it",
    "parts_do_not_add": "The published parts do not add up to it",
    "publication_date_unknown": "The day of publication is not known",
    "fractions_rounded": "The estimate has fractions of a person or move; shown as a whole number",
    "coverage_changed": "The places listed changed; not comparable with the rounds beside it",
    "non_camp_only": "Outside camps only; those in camps are not in it",
    "any_status": "Syrians who entered to return, registered as refugees or not (UNHCR)",
    "temporary_protection": "Syrians under temporary protection, with Palestinians and stateless "
    "people from Syria, without the naturalised; falls come from naturalisation and cleaned "
    "registers too",
    "republished": "Another body's count republished; no second opinion",
    "conflict_only": "Displaced by conflict and violence only (IDMC)",
    "protected_or_assisted": "Those whom UNHCR protects or assists",
    "month_only": "Movements of the month; not necessarily returnees by the global definition",
    "similar_situations": "With people in refugee-like situations and others in need of "
    "international protection (UNHCR)",
    "statuses_overlap": "Affected, in need, targeted and reached overlap and are never added",
    "compiled_later": "From a table of many months; it was not known month by month",
    "other_area_of_control": "Covers a part of the place only",
}

CROSSING_STATES: Final = {
    "active": "Open to people or goods",
    "restricted": "Open in part: some days, some people or some goods",
    "closed": "Closed or suspended",
}

EVENT_TYPES: Final = {
    "political_violence": "Battles, explosions and other violence, civilians targeted among them",
    "civilian_targeting": "Violence against civilians; a part of political violence",
    "demonstration": "Protests and riots",
}

GENDERS: Final = ("all", "f", "m", "x", "u", "o")
ASSESSMENT_TYPES: Final = ("BA", "ETT", "SA")
POPULATION_STATUSES: Final = ("all", "AFF", "INN", "TGT", "REA")

ALL_COUNTRIES: Final = "ALL"
"""Location code of a publisher's own total over every country."""
