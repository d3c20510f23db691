"""Taggers with faults: each is the keyword tagger until the fault comes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from chaoxun.records import Article, TaggedArticle
from chaoxun.registry import open_tagger

MARK = "机器会出错"
"""Articles with these characters bring the fault out."""


class PanicException(BaseException):
    """What the Rust tokenizer raises: no Exception."""


PanicException.__module__ = "pyo3_runtime"


class FaultyTagger:
    """The keyword tagger, save that `fault` gets every call with a marked article in it."""

    def __init__(self, fault: Callable[[list[TaggedArticle]], list[TaggedArticle]]) -> None:
        self._inner, self._fault = open_tagger(None, backend="keywords"), fault
        self.release, self.taxonomy, self.thresholds = "faulty", self._inner.taxonomy, self._inner.thresholds
        self.calls: list[list[str]] = []

    def tag(self, articles: Sequence[Article]) -> list[TaggedArticle]:
        self.calls.append([article.id for article in articles])
        tagged = self._inner.tag(articles)
        return self._fault(tagged) if any(MARK in article.text for article in articles) else tagged


def give_nan(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    return [
        replace(one, scores=dict.fromkeys(one.scores, float("nan"))) if MARK in one.article.text else one
        for one in tagged
    ]


def raise_error(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    raise RuntimeError("CUDA error: device-side assert triggered")


def panic(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    raise PanicException("called `Option::unwrap()` on a `None` value")


def run_out_of_memory(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    raise MemoryError


def forget_one(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    return tagged[1:]


def mix_up(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    return [replace(one, article=replace(one.article, id="other")) for one in tagged]


def hang(tagged: list[TaggedArticle]) -> list[TaggedArticle]:
    time.sleep(3600)
    return tagged
