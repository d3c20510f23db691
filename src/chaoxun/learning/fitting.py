"""The network while it is fine-tuned: passes over data, the loss and dev F1 as they go, the best state so far."""

import copy
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chaoxun.language import say
from chaoxun.learning.annotations import Annotation
from chaoxun.learning.dataset import encode_annotations, label_matrix
from chaoxun.learning.devices import autocast, prepare_device
from chaoxun.learning.metrics import measure
from chaoxun.learning.quotes import quoted_sentences
from chaoxun.learning.recipes import TrainRecipe
from chaoxun.learning.teacher import Lesson
from chaoxun.learning.thresholds import fit_thresholds
from chaoxun.tagging.torch_backend import PieceEncoder

if TYPE_CHECKING:
    import torch
    from datasets import Dataset

_SAY_EVERY_STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Where a training stood after some steps of its passes over the real labels."""

    step: int
    epoch: int
    loss: float
    """The mean since the point before."""
    macro_f1: float | None
    """On the development articles, at the end of an epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pass:
    """One reading of a data set."""

    name: str
    number: int
    max_windows: int
    weight: "torch.Tensor | None"
    """(n_labels,) what a yes weighs against a no."""


class Fitter:
    """A BERT with a classifier on top, fine-tuned step by step."""

    def __init__(self, base: Path, *, label_ids: Sequence[str], encoder: PieceEncoder, recipe: TrainRecipe) -> None:
        """Loads the encoder in `base` and puts a new classifier of `len(label_ids)` columns on it."""
        import torch
        from transformers import AutoModelForSequenceClassification

        self.recipe, self.encoder, self.label_ids = recipe, encoder, list(label_ids)
        self.device = prepare_device(recipe.seed)
        # An older checkpoint may come pickled; then transformers reads tensors alone, and runs nothing.
        has_safetensors = any(base.glob("*.safetensors"))
        self.model = AutoModelForSequenceClassification.from_pretrained(
            base, local_files_only=True, trust_remote_code=False, use_safetensors=has_safetensors, dtype=torch.float32,
            num_labels=len(label_ids), id2label=dict(enumerate(label_ids)),
            label2id={label: n for n, label in enumerate(label_ids)},
            problem_type="multi_label_classification", classifier_dropout=recipe.dropout,
        ).to(self.device)  # fmt: skip
        self.best_epoch, self.best_f1 = 0, -1.0
        self.curve: list[CurvePoint] = []
        self._step = 0
        self._stopping = False

    def learn(self, lesson: Lesson) -> None:
        """One pass over what the teacher thinks of unlabelled articles."""
        data = encode_annotations(lesson.rows, self.label_ids, self.encoder, soft_targets=lesson.targets)
        data = data.map(lambda row: {"windows": row["windows"][: self.recipe.lesson_max_windows]})
        optimizer, schedule = self._optimizer(
            -(-len(data) // self.recipe.articles_per_step), rate=self.recipe.lesson_learning_rate
        )
        pass_ = _Pass(
            name=say(en="lesson", zh="预习"), number=0, max_windows=self.recipe.lesson_max_windows, weight=None
        )
        # Ctrl-C here ends the program: nothing has been learned from real labels yet that would be worth keeping.
        self._one_pass(data, pass_, optimizer=optimizer, schedule=schedule)

    def fit(self, training: Sequence[Annotation], development: Sequence[Annotation]) -> None:
        """Trains for all epochs and leaves the network in its best one by macro-F1 on `development`.

        On Ctrl-C (SIGINT) the epoch ends after the step, is judged like any other, and the best so far is kept.
        """
        recipe = self.recipe
        rows = [*training, *quoted_sentences(training, seed=recipe.seed)] if recipe.learn_from_quotes else training
        data = encode_annotations(rows, self.label_ids, self.encoder)
        unseen = encode_annotations(development, self.label_ids, self.encoder)
        weight = self._positive_weight(training)
        n_steps = recipe.epochs * -(-len(data) // recipe.articles_per_step)
        optimizer, schedule = self._optimizer(n_steps, rate=recipe.learning_rate)
        best = None
        with self._interruptible():
            for epoch in range(1, recipe.epochs + 1):
                name = say(en=f"epoch {epoch}", zh=f"第 {epoch} 轮")
                pass_ = _Pass(name=name, number=epoch, max_windows=recipe.max_windows_per_article, weight=weight)
                loss = self._one_pass(data, pass_, optimizer=optimizer, schedule=schedule)
                f1 = self._macro_f1(unseen, development)
                self.curve.append(CurvePoint(step=self._step, epoch=epoch, loss=loss, macro_f1=f1))
                _say(say(
                    en=f"epoch {epoch}/{recipe.epochs}  loss {loss:.4f}  macro-F1 on development articles {f1:.3f}",
                    zh=f"第 {epoch}/{recipe.epochs} 轮  损失 {loss:.4f}  开发集宏平均 F1 {f1:.3f}",
                ))  # fmt: skip
                if f1 > self.best_f1:
                    self.best_f1, self.best_epoch, best = f1, epoch, copy.deepcopy(self.model.state_dict())
                if self._stopping:
                    break
        if best is not None:
            self.model.load_state_dict(best)

    def logits(self, data: "Dataset") -> NDArray[np.float32]:
        """(n, n_labels) logits of the articles of `data`, all their windows read."""
        import torch

        self.model.eval()
        with torch.inference_mode():
            found = [self._article_logits([row["windows"]])[0].float().cpu().numpy() for row in data]
        return np.stack(found)

    def score(self, data: "Dataset") -> NDArray[np.float32]:
        """(n, n_labels) probabilities of the articles of `data`."""
        values: NDArray[np.float32] = (1 / (1 + np.exp(-self.logits(data)))).astype(np.float32)
        return values

    def _macro_f1(self, unseen: "Dataset", development: Sequence[Annotation]) -> float:
        targets, counted = label_matrix(development, self.label_ids)
        scores = self.score(unseen)
        thresholds = fit_thresholds(scores, targets, counted, label_ids=self.label_ids)
        return measure(scores, targets, counted, label_ids=self.label_ids, thresholds=thresholds).macro_f1

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """SIGINT ends the pass after its step instead of the program; the handler before is put back."""
        try:
            previous = signal.signal(signal.SIGINT, self._stop)
        except ValueError:  # not the main thread, which alone gets signals
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, previous)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True
        _say(say(en="stopping after this step; the best so far is kept", zh="本步完成后停止，保留目前最好的结果"))

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
        """The mean loss of one pass over `data`, or of as much of it as there was before an interrupt."""
        self.model.train()
        rng = np.random.default_rng((self.recipe.seed, pass_.number))
        windows = data["windows"]
        order = _length_grouped(windows, rng=rng, size=self.recipe.articles_per_step)
        losses: list[float] = []
        for n, batch in enumerate(order, 1):
            if self._stopping:
                break
            losses.append(self._one_step([data[int(index)] for index in batch], pass_, rng=rng))
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            if n % _SAY_EVERY_STEPS == 0:
                recent = float(np.mean(losses[-_SAY_EVERY_STEPS:]))
                _say(say(en=f"{pass_.name}  {n}/{len(order)} steps  loss {recent:.4f}",
                         zh=f"{pass_.name}  {n}/{len(order)} 步  损失 {recent:.4f}"))  # fmt: skip
                if pass_.number:
                    at = self._step + n
                    self.curve.append(CurvePoint(step=at, epoch=pass_.number, loss=recent, macro_f1=None))
        self._step += len(losses) if pass_.number else 0
        return float(np.mean(losses)) if losses else 0.0

    def _one_step(self, rows: list[dict[str, Any]], pass_: "_Pass", *, rng: np.random.Generator) -> float:
        """The loss over `rows`; their gradient stands in the parameters afterwards."""
        import torch

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
        return float(loss.detach())

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


# Articles of about the same length stand in one batch, not always the same ones: lengths are blurred by this factor.
_LENGTH_BLUR = 1.3


def _length_grouped(
    windows: Sequence[Sequence[Sequence[int]]], *, rng: np.random.Generator, size: int
) -> list[NDArray[np.intp]]:
    """Batches of `size` indices in random order, articles with windows of about the same length together.

    windows: of each article.  A batch is padded to its longest window, so mixed lengths would be paid for in padding.
    """
    longest = np.array([max(map(len, article)) for article in windows], dtype=float)
    order = np.argsort(longest * _LENGTH_BLUR ** rng.random(len(longest)))
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [batches[n] for n in rng.permutation(len(batches))]


def _untitled(window: Sequence[int], encoder: PieceEncoder) -> list[int]:
    """The window without what stands between its opening and its first separator, if another one follows."""
    separator = encoder.closing[0]
    at = list(window).index(separator)
    return list(window) if at == len(window) - 1 else [*encoder.opening, *window[at + 1 :]]


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
