"""What a built wheel takes along besides the code: the shipped release and the list of labels.

`models/current` names the release in use; that folder alone goes in, so a wheel stays small.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Adds `chaoxun/models/<release>`, `chaoxun/models/current` and `chaoxun/training/labels.toml`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the files to a normal wheel; an editable one finds them in the checkout."""
        root = Path(self.root)
        taken = {"training/labels.toml": "chaoxun/training/labels.toml"}
        pointer = root / "models" / "current"
        if pointer.is_file():
            name = pointer.read_text(encoding="utf-8").strip()
            if not (root / "models" / name / "release.json").is_file():
                raise FileNotFoundError(f"models/current names {name!r}, but models/{name} is no release")
            taken |= {"models/current": "chaoxun/models/current", f"models/{name}": f"chaoxun/models/{name}"}
        if version == "standard":
            build_data["force_include"].update({str(root / source): target for source, target in taken.items()})
