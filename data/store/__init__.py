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
```

Nothing of a release is shown, exported or built upon unless it hashes to what the manifest names,
and the manifest to what it says of itself: `objects.Objects.local`, `intact`, `seal`.
"""

from data.store.channels import Channel
from data.store.mirror import serving
from data.store.problems import (
    StoreBroken,
    StoreBusy,
    StoreEmpty,
    StoreNotWritable,
    StoreProblem,
)
from data.store.release import Release, Wanted
from data.store.repair import Reread, Told
from data.store.retention import Policy
from data.store.snapshots import Copy, Document
from data.store.status import Attempt, Status
from data.store.store import Publication, Published, ReleaseInfo, Store, open_store
from data.store.verification import Fault

__all__ = [
    "Attempt",
    "Channel",
    "Copy",
    "Document",
    "Fault",
    "Policy",
    "Publication",
    "Published",
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
    "Told",
    "Wanted",
    "open_store",
    "serving",
]
