"""Open a layer file in QGIS, without a screen, and print what each of its layers holds and draws.

Run by the machine's own Python, which has QGIS's modules: FILE [FOLDER of pictures].
"""

import json
import sys
from array import array
from collections import Counter
from pathlib import Path

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsLayerDefinition,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

ACROSS, DOWN = 600, 500
"""Points of a picture."""


def drawn(layer):
    """A picture of a layer alone, over all of its features, on white."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setOutputSize(QSize(ACROSS, DOWN))
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(layer.crs())
    # By the features themselves: the extent that a server does not state is the whole world.
    extent = layer.materialize(QgsFeatureRequest()).extent()
    extent.grow(1.0)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage().convertToFormat(QImage.Format_RGB32), job.errors()


def seen(layer, folder):
    """What one layer holds and draws."""
    told = {
        "name": layer.name(),
        "collection": layer.source().partition("typename='")[2].partition("'")[0],
        "valid": layer.isValid(),
        "provider": layer.providerType(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
    }
    if not layer.isValid():
        return told
    features = list(layer.getFeatures())
    rules = layer.renderer().rootRule().children()
    shown = [rule for rule in rules if rule.active()]
    told |= {
        "figures": sorted(feature["figure_id"] for feature in features),
        "rules": [rule.label() for rule in rules],
        "shown": [rule.label() for rule in shown],
        "places": [
            [feature["place_code"] for feature in layer.getFeatures(rule.filterExpression())]
            for rule in rules
        ],
    }
    if features:
        picture, errors = drawn(layer)
        if folder:
            picture.save(str(Path(folder).resolve() / f"{told['collection']}.png"))
        bits = picture.constBits()
        bits.setsize(picture.byteCount())
        points = Counter(array("I", bytes(bits)))
        told["colours"] = {f"#{point & 0xFFFFFF:06x}": times for point, times in points.items()}
        told["errors"] = [str(error.message) for error in errors]
    return told


def main(file, folder=""):
    app = QgsApplication([], False)
    app.initQgis()
    project = QgsProject.instance()
    opened, why = QgsLayerDefinition.loadLayerDefinition(file, project, project.layerTreeRoot())
    nodes = project.layerTreeRoot().findLayers()
    layers = [seen(node.layer(), folder) | {"checked": node.isVisible()} for node in nodes]
    told = {"version": Qgis.QGIS_VERSION, "opened": opened, "why": why, "layers": layers}
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    project.clear()
    app.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
