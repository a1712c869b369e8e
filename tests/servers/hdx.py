"""A server on 127.0.0.1 that behaves as HDX does: datasets described, files behind a redirect.

`put` uploads a file: as on HDX it then has another identifier, another address and a new
`last_modified`; the old address is gone.
"""

import itertools
import json
from collections.abc import Callable
from urllib.parse import quote

from tests.servers.publisher import GONE, Publisher, Reply

ACTION = "/api/3/action/"
KINDS = {
    "CSV": "text/csv; charset=utf-8",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "JSON": "application/json",
    "GEOJSON": "application/zip",
}
ON_ALL = "all"


class HdxServer(Publisher):
    """`server.put("slug", "name.csv", body)`; `server.base_url` is what NUZUH_URL_HDX is set to.

    Attributes:
        on: Whether a fault hits `all` requests, or the `files` alone.
        spoil: What a fault that is not of `publisher.TRANSPORT` does to a file: given the fault,
            the file's name and its bytes.
        replaced: Called after the first file was sent, once: a publisher who uploads meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self.on = ON_ALL
        self.spoil: Callable[[str, str, bytes], bytes] = lambda fault, name, body: body
        self.replaced: Callable[[], None] | None = None
        self._datasets: dict[str, dict[str, dict[str, str]]] = {}
        self._files: dict[str, tuple[str, str, bytes]] = {}
        self._numbers = itertools.count(1)

    @property
    def base_url(self) -> str:
        """The action API."""
        return f"{self.url}{ACTION}"

    def put(
        self, slug: str, name: str, body: bytes, *, form: str = "", modified: str = ""
    ) -> dict[str, str]:
        """Upload a file, in the place of the one of that name where there is one.

        Args:
            slug: The dataset.
            name: The file's title; its last part is the file name in the address.
            body: Its bytes.
            form: HDX's word for its format; from the name where none is given.
            modified: `last_modified`; a later one with every upload where none is given.

        Returns:
            The resource as HDX describes it.
        """
        number = next(self._numbers)
        form = form or name.rsplit(".", 1)[-1].upper()
        path = f"/dataset/{slug}/resource/{number:08d}/download/{quote(name.lower())}"
        listed = self._datasets.setdefault(slug, {})
        if name in listed:
            self._files.pop(listed[name]["path"], None)
        listed[name] = {
            "id": f"{number:08d}-e3c2-994c-324e",
            "name": name,
            "format": form,
            "url": f"{self.url}{path}",
            "last_modified": modified
            or f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}T00:00:00",
            "path": path,
        }
        self._files[path] = (name, KINDS.get(form, "application/octet-stream"), body)
        return listed[name]

    def drop(self, slug: str, name: str) -> None:
        """Take a file away."""
        self._files.pop(self._datasets[slug].pop(name)["path"], None)

    def spared(self, path: str) -> bool:
        """The description, where only files go wrong."""
        return self.on != ON_ALL and path.startswith(ACTION)

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        """A description, a redirect to where the file lies, or the file."""
        if path == f"{ACTION}package_show":
            return self._described(query.get("id", ""))
        if path.startswith("/dataset/"):
            return Reply(b"", "text/html", 302, {"Location": f"/store{path}"})
        found = self._files.get(path.removeprefix("/store"))
        if found is None:
            return GONE
        name, kind, body = found
        if self.fault:
            body = self.spoil(self.fault, name, body)
        if self.replaced is not None:
            replaced, self.replaced = self.replaced, None
            replaced()
        return Reply(body, kind)

    def _described(self, slug: str) -> Reply:
        listed = self._datasets.get(slug)
        if listed is None:
            return Reply(b'{"success": false, "error": {"message": "Not found"}}', status=404)
        shown = [{k: v for k, v in r.items() if k != "path"} for r in listed.values()]
        result = {"name": slug, "title": "Türkiye and Syria", "resources": shown}
        answer = {"success": True, "result": result}
        return Reply(json.dumps(answer, ensure_ascii=False).encode())
