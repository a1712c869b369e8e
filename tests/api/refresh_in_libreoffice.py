"""Open a spreadsheet in LibreOffice, let it refresh its links as a person allows it, print cells.

Run by the machine's own Python, which has LibreOffice's module: PORT PROFILE FILE COLUMNS ROWS.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

ALWAYS = 3
"""UpdateDocMode.FULL_UPDATE: a person who said yes to "update links"."""


def named(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def main(port, profile, file, columns, rows):
    settings = Path(profile, "user", "registrymodifications.xcu")
    settings.parent.mkdir(parents=True)
    # The folder of the file is one that the person trusts.
    settings.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        '<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" '
        'oor:op="fuse"><value>0</value></prop></item>'
        '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop '
        'oor:name="SecureURL" oor:op="fuse"><value><it>'
        f"{Path(file).parent.as_uri()}</it></value></prop></item></oor:items>",
        encoding="utf-8",
    )
    accept = f"socket,host=127.0.0.1,port={port};urp;"
    words = ["--headless", f"-env:UserInstallation={Path(profile).as_uri()}", f"--accept={accept}"]
    # A session of its own: the script `soffice` starts the office, and both are ended.
    office = subprocess.Popen(["soffice", *words], start_new_session=True)  # noqa: S607
    try:
        context = uno.getComponentContext()
        resolver = context.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", context
        )
        until = time.monotonic() + 40
        while True:
            try:
                there = resolver.resolve(f"uno:{accept}StarOffice.ComponentContext")
                break
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        desktop = there.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", there
        )
        given = (named("Hidden", True), named("UpdateDocMode", ALWAYS))
        book = desktop.loadComponentFromURL(Path(file).as_uri(), "_blank", 0, given)
        sheet = book.Sheets.getByIndex(0)
        while not sheet.getCellByPosition(1, 1).String and time.monotonic() < until:
            time.sleep(0.2)
        cells = sheet.getCellRangeByPosition(0, 0, columns - 1, rows - 1).getDataArray()
        sys.stdout.write(json.dumps([list(row) for row in cells]))
    finally:
        os.killpg(office.pid, signal.SIGKILL)
        office.wait(10)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
