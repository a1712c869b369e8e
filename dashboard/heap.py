"""What stays for the life of the process is left out of the search for garbage.

Streamlit searches everything in memory at the end of every run of a page. Most of that are
libraries that never become garbage: half of the processor time of a change went there
(docs/speed.md).
"""

import atexit
import gc
import sys
import threading
from dataclasses import dataclass, field


@dataclass
class _Settled:
    """How many modules there were when the memory was last set aside."""

    modules: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


_settled = _Settled()


def settle() -> bool:
    """Set aside what is in memory, if anything was imported since the last time.

    What is set aside is still freed when nobody holds it any more; only rings of objects that
    hold one another are no longer found, and the libraries make those as they are imported.

    Returns:
        Whether it was done now.
    """
    with _settled.lock:
        now = len(sys.modules)
        if now == _settled.modules:
            return False
        if not _settled.modules:
            # At the end everything is looked at again: bindings complain of what is left.
            atexit.register(gc.unfreeze)
        _settled.modules = now
        gc.collect()
        gc.freeze()
        return True
