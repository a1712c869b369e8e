"""The languages that readers choose from, each a line here and a catalogue in `visuals/locales`."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is written.

    Attributes:
        name: What it is called in itself.
        locale: Its Unicode locale, which says its months, plurals and groups of digits.
        right_to_left: Whether it runs from the right.
        semicolons: Whether Excel in this language reads a CSV with semicolons between the columns.
        percent: How it writes a percentage, as a pattern of Unicode.
    """

    name: str
    locale: str
    right_to_left: bool = False
    semicolons: bool = False
    percent: str = "#,##0.#%"

    @property
    def tag(self) -> str:
        """The locale as documents name it, such as en-GB."""
        return self.locale.replace("_", "-")


LANGUAGES: Final = {
    "en": Language("English", "en_GB"),
    # Levantine names of months; digits are Western in all three, as in OCHA's own Arabic briefs.
    "ar": Language("العربية", "ar_SY", right_to_left=True, semicolons=True),
    "tr": Language("Türkçe", "tr_TR", semicolons=True, percent="%#,##0.#"),
}
