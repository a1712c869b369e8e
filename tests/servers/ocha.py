"""HDX with OCHA's workbook of movements, in every way that it can go wrong."""

from tests.pipelines.sources import dtm_workbooks, ocha_workbooks
from tests.servers.hdx import HdxServer
from tests.servers.publisher import Publisher


class OchaMovementsServer(HdxServer):
    """HDX with the workbook of December 2021."""

    SERVES = "ocha_idp_movements"
    CONTENT = (*Publisher.CONTENT, "replaced meanwhile", "zip bomb")
    SLUG = "syria-idp-movements-and-spontaneous-return-movements"

    def __init__(self) -> None:
        super().__init__()
        self.spoil = self._spoil

    def __enter__(self):
        super().__enter__()
        self.upload()
        self.put(self.SLUG, "readme.pdf", b"%PDF", form="PDF")
        return self

    def upload(self) -> None:
        """The workbook, uploaded again."""
        self.put(self.SLUG, "idp_gov_2016-2021.xlsx", ocha_workbooks.plain())

    def _spoil(self, fault: str, name: str, body: bytes) -> bytes:
        rows = ocha_workbooks.communities()
        if fault == "replaced meanwhile":
            self.upload()
        if fault == "zip bomb":
            return dtm_workbooks.bomb()
        if fault == "tenfold":
            return ocha_workbooks.plain(10)
        if fault == "empty":
            return dtm_workbooks.book(("Flow_Estimation", rows[:1]))
        if fault == "shrunk":
            return dtm_workbooks.book(("Flow_Estimation", rows[:2]))
        if fault == "dropped column":
            return dtm_workbooks.book(("Flow_Estimation", [row[:-1] for row in rows]))
        return body
