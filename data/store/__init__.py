"""The store: immutable releases, append-only vintages, snapshots, and one pointer.

```
current.json                         the only object that is swapped: the newest manifest
releases/<id>/manifest.json          the same, kept
releases/<id>/figures/<source>.parquet   newest figures, for the sources that this release touched
releases/<id>/tables/<name>/<source>.parquet
vintages/<source>/<id>.parquet       append-only: new, changed and withdrawn rows
raw/<source>/<aa>/<sha256>.gz        bytes as sent
fetches/<source>/<id>.json           what was asked and answered
status/<source>.json                 how the source has fared; no part of a release
alerts/<channel>.json                what a channel was told; no part of a release
damaged/                             what was cut or altered, set aside under its own path
decisions/<when>-<id>.json           who decided what, and what became of it; never removed
tokens/<id>.json                     read-only tokens: their names and digests
withheld/<source>.json               figures of an accepted answer that a person left out
locks/<name>.json                    who is at work, and until when that counts
inbox/                               decisions on their way from the dashboard (data.handover)
```

Nothing of a release is shown, exported or built upon unless it hashes to what the manifest names,
and the manifest to what it says of itself: `objects.Objects.local`, `intact`, `seal`.
"""

from data.store.channels import Channel
from data.store.decisions import Decision
from data.store.mirror import serving
from data.store.problems import (
    StoreBroken,
    StoreBusy,
    StoreEmpty,
    StoreNotWritable,
    StoreProblem,
)
from data.store.release import FigureFilter, Release
from data.store.repair import FileOutcome, Reread
from data.store.retention import Policy
from data.store.snapshots import Copy, Document
from data.store.status import Attempt, Pause, Rejection, Status
from data.store.store import Publication, Published, ReleaseInfo, Store, open_store
from data.store.tokens import Token
from data.store.verification import Fault
from data.store.withheld import Withheld

__all__ = [
    "Attempt",
    "Channel",
    "Copy",
    "Decision",
    "Document",
    "Fault",
    "FigureFilter",
    "FileOutcome",
    "Pause",
    "Policy",
    "Publication",
    "Published",
    "Rejection",
    "Release",
    "ReleaseInfo",
    "Reread",
    "Status",
    "Store",
    "StoreBroken",
    "StoreBusy",
    "StoreEmpty",
    "StoreNotWritable",
    "StoreProblem",
    "Token",
    "Withheld",
    "open_store",
    "serving",
]
