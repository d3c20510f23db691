"""`chaoxun doctor`."""

from chaoxun.cli import doctor as module
from chaoxun.errors import ReleaseNotFound


def test_doctor_names_versions_and_ends_by_what_it_found(chaoxun):
    ended = chaoxun("doctor")
    assert "transformers" in ended.out and "Python" in ended.out and "memory" in ended.out
    is_well = not any(line.startswith("!!") for line in ended.out.splitlines())
    assert ended.code == (0 if is_well else 69)
    assert ("Ready to tag." in ended.out) is is_well


def test_what_is_missing_comes_with_what_to_do(chaoxun, monkeypatch):
    monkeypatch.setattr(module, "_LIBRARIES", ("click", "a-library-nobody-has"))
    ended = chaoxun("doctor")
    assert ended.code == 69 and "pip install a-library-nobody-has" in ended.out


def test_a_library_for_training_only_does_not_stop_tagging(monkeypatch):
    monkeypatch.setattr(module, "_TRAINING_LIBRARIES", ("a-library-nobody-has",))
    (missing,) = [finding for finding in module._libraries() if finding.advice]
    assert not missing.is_needed


def test_an_error_on_the_way_is_a_finding():
    def fail():
        raise ReleaseNotFound(what="no release", advice="get one")

    assert module._tried("release", fail).advice == "get one"
