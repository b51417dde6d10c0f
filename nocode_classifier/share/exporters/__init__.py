"""Every kind of export. A new one is a module here and a line in `EXPORTERS`."""

from __future__ import annotations

from nocode_classifier.errors import InputError
from nocode_classifier.share.exporter import Exporter
from nocode_classifier.share.exporters.core_ml import CoreMlFolder
from nocode_classifier.share.exporters.dataset import DataSet
from nocode_classifier.share.exporters.fastai import FastaiLearner
from nocode_classifier.share.exporters.lite_rt import LiteRtFolder
from nocode_classifier.share.exporters.model import ModelArchive
from nocode_classifier.share.exporters.onnx_folder import OnnxFolder
from nocode_classifier.share.exporters.page import StaticPageFolder
from nocode_classifier.share.exporters.project_file import ProjectFile
from nocode_classifier.share.exporters.report import ReportPage
from nocode_classifier.share.exporters.server import ServerFolder
from nocode_classifier.share.exporters.space import GradioSpace

EXPORTERS: tuple[Exporter, ...] = (
    StaticPageFolder(),
    ModelArchive(),
    ReportPage(),
    OnnxFolder(),
    GradioSpace(),
    ServerFolder(),
    CoreMlFolder(),
    LiteRtFolder(),
    FastaiLearner(),
    DataSet(),
    ProjectFile(),
)
"""All kinds, those first that most people want."""


def exporter_of(key: str) -> Exporter:
    """The exporter that is called so.

    Raises:
        InputError: there is none; the sentence lists those there are.
    """
    for exporter in EXPORTERS:
        if exporter.key == key:
            return exporter
    known = ", ".join(exporter.key for exporter in EXPORTERS)
    raise InputError(f"There is no export called '{key}'; there are: {known}.")
