"""What an administrator decided in the browser, on its way to the process that may write the store.

The dashboard reads the store and has no right to write it. It writes a request into the inbox, a
folder of its own; the scheduler carries the request out and records the decision in the store,
where the dashboard reads what became of it.

```
<inbox>/<id>.file      the file that somebody brought, before the request that names it
<inbox>/<id>.json      one request, written whole; removed once the store holds its decision
<inbox>/attended.json  until when somebody carries requests out from this folder
```
"""

from data.handover.inbox import Inbox, NotHandedOver, Readiness, inbox_of
from data.handover.request import BadRequest, Kind, Request

__all__ = ["BadRequest", "Inbox", "Kind", "NotHandedOver", "Readiness", "Request", "inbox_of"]
