"""Every error chaoxun raises on purpose: one line that says what, where and what to do, and the exit code of its kind.

ChaoxunError 70
|- UsageError 2
|- InputError 65        UnknownFormat  UndecodableText  NoText  TooLarge  ChangedWhileReading
|    `- PermissionRefused 77
|- LabelError 78        UnknownLabel  DuplicateLabel
|- AnnotationError 78   BadAnnotation
|- RecipeError 78
|- ReleaseError 78      ReleaseNotFound  ReleaseInvalid  WeightsChanged
|- ServiceUnavailable 69
|- TaggingFailed 70
|- OutputError 73
|    `- OutputFull 74
`- StoreError 74        StoreInvalid  StoreTooNew
     `- StoreBusy 75
"""

from typing import ClassVar

from chaoxun.language import sentence


class ChaoxunError(Exception):
    """An error with a message for the user.  `what` went wrong, `where`, and `advice`: the next thing to do."""

    exit_code: ClassVar[int] = 70
    reason: ClassVar[str] = "INTERNAL"
    """The code by which status and manifests name this failure."""

    def __init__(self, *, what: str, where: str = "", advice: str = "") -> None:
        super().__init__(what, where, advice)
        self.what, self.where, self.advice = what, where, advice

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = sentence(self.what)[len(self.what) :]
        return f"{place}{self.what}{stop} {sentence(self.advice)}".rstrip()


class UsageError(ChaoxunError):
    """The command line asks for something impossible."""

    exit_code = 2
    reason = "USAGE"


class InputError(ChaoxunError):
    """An input cannot be used."""

    exit_code = 65
    reason = "UNREADABLE"


class UnknownFormat(InputError):
    """No reader for what the file holds."""

    reason = "UNKNOWN_FORMAT"


class UndecodableText(InputError):
    """Text in none of the encodings read, or too damaged to be worth reading."""

    reason = "REJECT"


class NoText(InputError):
    """An empty file, or one without a word in it."""

    reason = "EMPTY"


class TooLarge(InputError):
    """A file with more bytes or characters than a newspaper has."""

    reason = "TOO_LARGE"


class ChangedWhileReading(InputError):
    """The file grew, shrank or vanished while it was read."""

    reason = "CHANGED"


class PermissionRefused(InputError):
    """The operating system refuses access."""

    exit_code = 77
    reason = "PERMISSION"


class LabelError(ChaoxunError):
    """A list of labels is wrong."""

    exit_code = 78
    reason = "LABELS"


class UnknownLabel(LabelError):
    """A label id that the taxonomy does not hold."""


class DuplicateLabel(LabelError):
    """A label id that stands twice."""


class AnnotationError(ChaoxunError):
    """Annotations are wrong."""

    exit_code = 78
    reason = "ANNOTATIONS"


class BadAnnotation(AnnotationError):
    """One line of an annotation or corpus file is wrong; `where` is `file:line`."""


class RecipeError(ChaoxunError):
    """A training recipe has an unknown key or an impossible value."""

    exit_code = 78
    reason = "RECIPE"


class ReleaseError(ChaoxunError):
    """A release cannot be used."""

    exit_code = 78
    reason = "RELEASE"


class ReleaseNotFound(ReleaseError):
    """No folder of that name in any place where releases are looked up."""


class ReleaseInvalid(ReleaseError):
    """A file of the release is missing, malformed or of a kind that is never loaded."""


class WeightsChanged(ReleaseError):
    """A file's hash or the answers to the golden probes differ from what was published."""


class ServiceUnavailable(ChaoxunError):
    """A part that is asked for (a library, a device) is not there."""

    exit_code = 69
    reason = "UNAVAILABLE"


class TaggingFailed(ChaoxunError):
    """The model gave no usable scores (NaN or infinite) for an article."""

    reason = "TAG_FAILED"


class OutputError(ChaoxunError):
    """An output file cannot be created."""

    exit_code = 73
    reason = "OUTPUT"


class OutputFull(OutputError):
    """The disk is full or failed while writing."""

    exit_code = 74
    reason = "DISK"


class StoreError(ChaoxunError):
    """The store cannot be read or written."""

    exit_code = 74
    reason = "STORE"


class StoreInvalid(StoreError):
    """The file is no store, or a damaged one."""


class StoreTooNew(StoreError):
    """A newer chaoxun wrote the store."""


class StoreBusy(StoreError):
    """Another run holds the store."""

    exit_code = 75
    reason = "BUSY"
