"""The sources there are, written out. A new source is one module and one line here."""

from typing import Final

from pipelines.forms.templates import Template
from pipelines.source import Source
from pipelines.sources import (
    any_table,
    camp_ledger,
    cod_ab,
    crossing_status,
    dtm_api,
    dtm_api_hdx,
    dtm_syria_rounds,
    fts_funding,
    hapi_conflict_events,
    hapi_idps,
    hapi_needs,
    hapi_population,
    hapi_refugees,
    hapi_returnees,
    idmc_idu,
    ocha_idp_movements,
    pmm_provinces,
    published_figures,
    reliefweb_reports,
    report_figures,
    unhcr_demographics,
    unhcr_footnotes,
    unhcr_idmc,
    unhcr_nowcasting,
    unhcr_odp,
    unhcr_population,
    unhcr_solutions,
    usgs_earthquakes,
)

SOURCES: Final[tuple[Source, ...]] = (
    published_figures.SOURCE,
    unhcr_population.SOURCE,
    unhcr_solutions.SOURCE,
    unhcr_idmc.SOURCE,
    unhcr_demographics.SOURCE,
    unhcr_nowcasting.SOURCE,
    unhcr_footnotes.SOURCE,
    dtm_syria_rounds.SOURCE,
    dtm_api_hdx.SOURCE,
    dtm_api.SOURCE,
    hapi_idps.SOURCE,
    hapi_refugees.SOURCE,
    hapi_returnees.SOURCE,
    hapi_needs.SOURCE,
    idmc_idu.SOURCE,
    ocha_idp_movements.SOURCE,
    unhcr_odp.SOURCE,
    fts_funding.SOURCE,
    reliefweb_reports.SOURCE,
    hapi_conflict_events.SOURCE,
    usgs_earthquakes.SOURCE,
    hapi_population.SOURCE,
    report_figures.SOURCE,
    pmm_provinces.SOURCE,
    camp_ledger.SOURCE,
    crossing_status.SOURCE,
    any_table.SOURCE,
    cod_ab.SOURCE,
)


def templates() -> dict[str, Template]:
    """The forms of the sources that come by hand, by name."""
    forms = (pmm_provinces.TEMPLATE, camp_ledger.TEMPLATE, crossing_status.TEMPLATE)
    return {form.name: form for form in forms}


def names() -> list[str]:
    """Every source's name, in the order they run."""
    return [source.name for source in SOURCES]


def by_name(name: str) -> Source | None:
    """The source of that name."""
    return next((source for source in SOURCES if source.name == name), None)
