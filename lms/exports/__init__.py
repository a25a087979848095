"""Layouts in one list, formats in another; they meet in services.exports."""

from lms.exports import csv_file, full_v1
from lms.exports.layout import Layout, Run

LAYOUTS: dict[str, Layout] = {layout.name: layout for layout in (full_v1.LAYOUT,)}
FORMATS = {writer.NAME: writer for writer in (csv_file,)}

__all__ = ["FORMATS", "LAYOUTS", "Layout", "Run"]
