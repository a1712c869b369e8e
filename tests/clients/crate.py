"""Whether a folder is a valid RO-Crate, by the crate's own validator; it runs in `.clients`.

The validator fetches the vocabulary from the web: it is given the one that the crate's own library
carries, at the address at which it stands there.
"""

import io
import json
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import requests
from requests_cache import CachedSession
from rocrate_validator import services
from urllib3.response import HTTPResponse


def remembered(cache: Path) -> None:
    """Fill the validator's cache."""
    body = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
    told = {"Content-Type": "application/ld+json"}
    answer = requests.Response()
    answer.status_code = 200
    answer.url = json.loads(body)["@id"]
    answer.request = requests.Request("GET", answer.url).prepare()
    answer.headers.update(told)
    answer.raw = HTTPResponse(io.BytesIO(body), headers=told, status=200, preload_content=False)
    CachedSession(cache_name=str(cache), expire_after=-1).cache.save_response(answer)


def main(folder: str) -> None:
    """Print what was checked and what was found, as JSON."""
    with tempfile.TemporaryDirectory() as cache:
        remembered(Path(cache) / "http")
        found = services.validate(
            {
                "rocrate_uri": folder,
                "requirement_severity": "RECOMMENDED",
                "offline": True,
                "cache_path": str(Path(cache) / "http"),
            }
        )
    told = {
        "profile": found.context.profile_identifier,
        "passed": len(found.executed_checks) - len(found.failed_checks),
        "issues": [(issue.severity.name, issue.message) for issue in found.get_issues()],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
