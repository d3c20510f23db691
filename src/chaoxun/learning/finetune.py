"""Annotations and an encoder to a release: `chaoxun train`.

An article's score for a label is the highest over its windows, in training as in tagging (multiple-instance
learning: Dietterich et al. 1997), so nobody has to say which paragraph of a round-up carries which label.
"""

import copy
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chaoxun.errors import AnnotationError, ReleaseNotFound
from chaoxun.labels import load_taxonomy
from chaoxun.language import say
from chaoxun.learning.annotations import Annotation, read_annotations
from chaoxun.learning.corpus import read_corpus, text_digest
from chaoxun.learning.dataset import encode_annotations, label_matrix, split_folds
from chaoxun.learning.devices import autocast, denormals_flushed, prepare_device
from chaoxun.learning.metrics import Figures, measure
from chaoxun.learning.publish import Reached, check_free, publish_release
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.learning.teacher import Lesson, TfidfTeacher, prepare_lesson
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.tagging.torch_backend import PieceEncoder

if TYPE_CHECKING:
    import torch
    from datasets import Dataset

# With fewer the thresholds would be fitted to single articles.
_MIN_ANNOTATIONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainReport:
    """What a training reached on its development articles."""

    folder: Path
    figures: Figures
    n_trained: int
    n_development: int
    epoch: int
    """The epoch that was kept, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainPlan:
    """Where a training takes its parts from, and where the release goes."""

    annotations: tuple[Path, ...]
    labels: Path
    base: Path
    """The folder of an encoder: any BERT-like checkpoint."""
    to: Path
    """The folder of the release; must not exist."""
    unlabelled: tuple[Path, ...] = ()
    """Corpus files for the lesson before the real labels; none: no lesson."""
    exclude: tuple[Path, ...] = ()
    """Annotation files whose articles must stay unseen, in the lesson as in fine-tuning."""


def train(plan: TrainPlan, *, recipe: TrainRecipe) -> TrainReport:
    """Fine-tunes the encoder of `plan` and publishes the release; returns what it reached.

    Raises AnnotationError when there are too few annotations, ReleaseNotFound when `base` holds no encoder.
    """
    check_free(plan.to)
    if not (plan.base / "config.json").is_file():
        raise ReleaseNotFound(
            what=say(en="holds no encoder", zh="中没有编码器"), where=str(plan.base),
            advice=say(en="pretrain one, or give the folder of any BERT", zh="请先预训练，或指定任一 BERT 的文件夹"),
        )  # fmt: skip
    label_ids = [label.id for label in load_taxonomy(plan.labels) if not label.is_retired]
    excluded = read_annotations(plan.exclude)
    training, development = _split(_unseen(read_annotations(plan.annotations), excluded), recipe=recipe)
    encoder = PieceEncoder(plan.base, max_tokens=recipe.max_tokens)
    run = _Run(plan.base, label_ids=label_ids, encoder=encoder, recipe=recipe)
    with denormals_flushed():
        if plan.unlabelled and recipe.lesson_articles:
            unseen = [*development, *excluded]
            run.learn(_lesson(plan.unlabelled, training, unseen=unseen, teacher_labels=label_ids, recipe=recipe))
        run.fit(training, development)
    targets, counted = label_matrix(development, label_ids)
    scores = run.score(encode_annotations(development, label_ids, encoder))
    thresholds = fit_thresholds(scores, targets, counted, label_ids=label_ids)
    figures = measure(scores, targets, counted, label_ids=label_ids, thresholds=thresholds)
    publish_release(
        run.model, encoder.tokenizer, to=plan.to, labels=plan.labels,
        reached=Reached(
            thresholds=thresholds, figures=figures,
            record={"base": plan.base.name, "recipe": recipe, "annotations": plan.annotations,
                    "unlabelled": plan.unlabelled, "n_trained": len(training)},
        ),
    )  # fmt: skip
    return TrainReport(
        folder=plan.to, figures=figures, n_trained=len(training), n_development=len(development), epoch=run.best_epoch
    )


def _unseen(rows: Sequence[Annotation], excluded: Sequence[Annotation]) -> list[Annotation]:
    """The annotations whose text does not stand in `excluded`, whatever ids the two files give it."""
    without = {text_digest(row.text) for row in excluded}
    return [row for row in rows if text_digest(row.text) not in without]


def _split(rows: Sequence[Annotation], *, recipe: TrainRecipe) -> tuple[list[Annotation], list[Annotation]]:
    """The annotations to train on and those to choose epoch and thresholds by."""
    if len(rows) < _MIN_ANNOTATIONS:
        raise AnnotationError(
            what=say(en=f"{len(rows)} annotations are too few to train on", zh=f"只有 {len(rows)} 条标注，无法训练"),
            advice=say(en=f"give at least {_MIN_ANNOTATIONS}", zh=f"请至少提供 {_MIN_ANNOTATIONS} 条"),
        )
    folds = split_folds(rows, n_folds=max(2, round(1 / recipe.development_share)), seed=recipe.seed)
    kept = [row for row, fold in zip(rows, folds, strict=True) if fold]
    return kept, [row for row, fold in zip(rows, folds, strict=True) if not fold]


def _lesson(
    unlabelled: Sequence[Path], training: Sequence[Annotation], *, unseen: Sequence[Annotation],
    teacher_labels: Sequence[str], recipe: TrainRecipe,
) -> Lesson:  # fmt: skip
    _say("the teacher reads unlabelled articles ...")
    without = frozenset(text_digest(row.text) for row in (*training, *unseen))
    articles = list(read_corpus(unlabelled, without=without))
    drawn = np.random.default_rng(recipe.seed).permutation(len(articles))[: recipe.lesson_candidates]
    return prepare_lesson(
        TfidfTeacher(training, teacher_labels), [articles[int(i)] for i in sorted(drawn)],
        n_articles=recipe.lesson_articles, seed=recipe.seed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """One reading of a data set."""

    name: str
    number: int
    max_windows: int
    weight: "torch.Tensor | None"
    """(n_labels,) what a yes weighs against a no."""


class _Run:
    """The network while it is trained, and the best state so far."""

    def __init__(self, base: Path, *, label_ids: Sequence[str], encoder: PieceEncoder, recipe: TrainRecipe) -> None:
        import torch
        from transformers import AutoModelForSequenceClassification

        self.recipe, self.encoder, self.label_ids = recipe, encoder, list(label_ids)
        self.device = prepare_device(recipe.seed)
        self.model = AutoModelForSequenceClassification.from_pretrained(
            base, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32,
            num_labels=len(label_ids), id2label=dict(enumerate(label_ids)),
            label2id={label: n for n, label in enumerate(label_ids)},
            problem_type="multi_label_classification", classifier_dropout=recipe.dropout,
        ).to(self.device)  # fmt: skip
        self.best_epoch, self.best_f1 = 0, -1.0

    def learn(self, lesson: Lesson) -> None:
        """One pass over what the teacher thinks of unlabelled articles."""
        data = encode_annotations(lesson.rows, self.label_ids, self.encoder, soft_targets=lesson.targets)
        data = data.map(lambda row: {"windows": row["windows"][: self.recipe.lesson_max_windows]})
        optimizer, schedule = self._optimizer(
            -(-len(data) // self.recipe.articles_per_step), rate=self.recipe.lesson_learning_rate
        )
        pass_ = _Pass(name="lesson", number=0, max_windows=self.recipe.lesson_max_windows, weight=None)
        self._one_pass(data, pass_, optimizer=optimizer, schedule=schedule)

    def fit(self, training: Sequence[Annotation], development: Sequence[Annotation]) -> None:
        """Trains for all epochs and leaves the network in its best one by macro-F1 on `development`."""
        data = encode_annotations(training, self.label_ids, self.encoder)
        unseen = encode_annotations(development, self.label_ids, self.encoder)
        targets, counted = label_matrix(development, self.label_ids)
        weight = self._positive_weight(training)
        n_steps = self.recipe.epochs * -(-len(data) // self.recipe.articles_per_step)
        optimizer, schedule = self._optimizer(n_steps, rate=self.recipe.learning_rate)
        best = None
        for epoch in range(1, self.recipe.epochs + 1):
            pass_ = _Pass(
                name=f"epoch {epoch}", number=epoch, max_windows=self.recipe.max_windows_per_article, weight=weight
            )
            loss = self._one_pass(data, pass_, optimizer=optimizer, schedule=schedule)
            scores = self.score(unseen)
            thresholds = fit_thresholds(scores, targets, counted, label_ids=self.label_ids)
            f1 = measure(scores, targets, counted, label_ids=self.label_ids, thresholds=thresholds).macro_f1
            _say(f"epoch {epoch}/{self.recipe.epochs}  loss {loss:.4f}  macro-F1 on development articles {f1:.3f}")
            if f1 > self.best_f1:
                self.best_f1, self.best_epoch, best = f1, epoch, copy.deepcopy(self.model.state_dict())
        if best is not None:
            self.model.load_state_dict(best)

    def score(self, data: "Dataset") -> NDArray[np.float32]:
        """(n, n_labels) probabilities of the articles of `data`, all their windows read."""
        import torch

        self.model.eval()
        found = []
        with torch.inference_mode():
            for row in data:
                found.append(torch.sigmoid(self._article_logits([row["windows"]])[0]).cpu().numpy())
        return np.stack(found)

    def _optimizer(self, n_steps: int, *, rate: float) -> tuple[Any, Any]:
        import torch

        optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=rate, weight_decay=self.recipe.weight_decay, fused=True
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda step: _rate_share(step, n_steps=n_steps, warmup_share=self.recipe.warmup_share)
        )
        return optimizer, schedule

    def _one_pass(self, data: "Dataset", pass_: "_Pass", *, optimizer: Any, schedule: Any) -> float:
        """The mean loss of one pass over `data`."""
        import torch

        self.model.train()
        rng = np.random.default_rng((self.recipe.seed, pass_.number))
        losses = []
        order = _length_grouped([len(row["windows"]) for row in data], rng=rng, size=self.recipe.articles_per_step)
        for n, batch in enumerate(order, 1):
            rows = [data[int(index)] for index in batch]
            with autocast(self.device):
                logits = self._article_logits([self._drawn(row, rng=rng, at_most=pass_.max_windows) for row in rows])
            targets = torch.tensor([row["targets"] for row in rows], device=self.device)
            counted = torch.tensor([row["counted"] for row in rows], device=self.device)
            losses_each = torch.nn.functional.binary_cross_entropy_with_logits(
                logits.float(), targets, pos_weight=pass_.weight, reduction="none"
            )
            loss = (losses_each * counted).sum() / counted.sum().clamp(min=1)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.max_gradient_norm)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(float(loss.detach()))
            if n % 20 == 0:
                _say(f"{pass_.name}  {n}/{len(order)} steps  loss {np.mean(losses[-20:]):.4f}")
        return float(np.mean(losses))

    def _drawn(self, row: dict[str, Any], *, rng: np.random.Generator, at_most: int) -> list[list[int]]:
        """The windows of an article that this epoch reads, now and then without its title."""
        windows, quoted = row["windows"], set(row["quoted"])
        others = [n for n in rng.permutation(len(windows)).tolist() if n not in quoted]
        kept = sorted([*row["quoted"], *others][:at_most])
        chosen = [windows[n] for n in kept]
        return [_untitled(w, self.encoder) for w in chosen] if rng.random() < self.recipe.untitled_share else chosen

    def _article_logits(self, articles: Sequence[Sequence[Sequence[int]]]) -> "torch.Tensor":
        """(n_articles, n_labels): the highest logit over the windows of each article."""
        import torch

        flat = [list(window) for windows in articles for window in windows]
        longest = max(map(len, flat))
        pad = int(self.encoder.tokenizer.pad_token_id)
        ids = torch.tensor([[*window, *[pad] * (longest - len(window))] for window in flat], device=self.device)
        mask = torch.tensor([[1] * len(w) + [0] * (longest - len(w)) for w in flat], device=self.device)
        logits = self.model(input_ids=ids, attention_mask=mask).logits
        pieces = torch.split(logits, [len(windows) for windows in articles])
        return torch.stack([piece.max(dim=0).values for piece in pieces])

    def _positive_weight(self, rows: Sequence[Annotation]) -> "torch.Tensor":
        import torch

        targets, counted = label_matrix(rows, self.label_ids)
        yes = np.maximum((targets * counted).sum(axis=0), 1)
        no = np.maximum(((1 - targets) * counted).sum(axis=0), 1)
        weights = np.clip(np.sqrt(no / yes), 1.0, self.recipe.max_positive_weight)
        return torch.tensor(weights, dtype=torch.float32, device=self.device)


def _rate_share(step: int, *, n_steps: int, warmup_share: float) -> float:
    warmup = max(1, round(n_steps * warmup_share))
    return (step + 1) / warmup if step < warmup else max(0.0, (n_steps - step) / max(1, n_steps - warmup))


def _length_grouped(lengths: Sequence[int], *, rng: np.random.Generator, size: int) -> list[NDArray[np.intp]]:
    """Batches of `size` indices in random order, articles of about the same number of windows together."""
    jitter = np.asarray(lengths) + rng.random(len(lengths)) * 1.5
    order = np.argsort(jitter)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [batches[n] for n in rng.permutation(len(batches))]


def _untitled(window: Sequence[int], encoder: PieceEncoder) -> list[int]:
    """The window without what stands between its opening and its first separator, if another one follows."""
    separator = encoder.closing[0]
    at = list(window).index(separator)
    return list(window) if at == len(window) - 1 else [*encoder.opening, *window[at + 1 :]]


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
