"""A sample bank of every format, with every feature that its reader knows: the files beside this one."""

from pathlib import Path

FILES = Path(__file__).parent / "files"
NAMES = {"gift": "all.gift", "moodle-xml": "all.xml", "aiken": "all.aiken", "csv": "all.csv"}
BANKS = {format: (FILES / name).read_bytes() for format, name in NAMES.items()}
