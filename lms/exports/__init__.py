"""Layouts in one list, formats in another; they meet in services.exports."""

from lms.exports import attempts_v1, csv_file, full_v1, jsonl_file, parquet_file, picked, records_v1, xlsx_file
from lms.exports.layout import Layout, Run
from lms.exports.schemas import make_schema

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (full_v1.LAYOUT, picked.SF_HISTORY, picked.PARTNER, attempts_v1.LAYOUT, records_v1.LAYOUT)
}
FORMATS = {writer.NAME: writer for writer in (csv_file, xlsx_file, jsonl_file, parquet_file)}
IN_PIECES = {csv_file.NAME, jsonl_file.NAME}  # formats of which a part is true, so that one can go on with it

__all__ = ["FORMATS", "IN_PIECES", "LAYOUTS", "Layout", "Run", "make_schema"]
