"""What `--base` names to a folder with an encoder: a folder itself, or the name of a checkpoint on a model hub."""

import re
from pathlib import Path

from chaoxun.errors import ReleaseNotFound, ServiceUnavailable
from chaoxun.language import say

# organisation/name, as hubs call their checkpoints; a path of more parts, or one that exists, is a folder.
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
# Configuration, vocabularies and weights; nothing that could be code.
_WANTED = ("*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model.bin")


def find_base(base: Path) -> Path:
    """The folder of the encoder that `base` names.

    A name is looked up in the cache of the hub's library first; where the network allows it is fetched (HF_ENDPOINT,
    HF_HOME and HF_HUB_OFFLINE are respected).  Raises ReleaseNotFound for a folder without an encoder,
    ServiceUnavailable for a name that is neither in the cache nor can be fetched.
    """
    if (base / "config.json").is_file():
        return base
    name = base.as_posix()
    if not base.exists() and _NAME.fullmatch(name):
        return _fetched(name)
    raise ReleaseNotFound(
        what=say(en="holds no encoder", zh="中没有编码器"), where=str(base),
        advice=say(en="pretrain one, or give the folder or name of any BERT",
                   zh="请先预训练，或指定任一 BERT 的文件夹或名称"),
    )  # fmt: skip


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(snapshot_download(name, allow_patterns=list(_WANTED)))
    except (HfHubHTTPError, OSError, ValueError) as error:
        raise ServiceUnavailable(
            what=say(en="is no folder here, and cannot be fetched", zh="不是本机文件夹，也无法下载"), where=name,
            advice=say(en="check the name and the network, or give the folder of a downloaded checkpoint",
                       zh="请检查名称和网络，或指定已下载的模型文件夹"),
        ) from error  # fmt: skip
