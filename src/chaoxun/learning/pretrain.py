"""A corpus of unlabelled articles to a Chinese BERT in the Hugging Face layout: `chaoxun pretrain`.

Masked language model from random weights, or continued from any state: the learning rate warms up, stays constant
and falls at the end (Hu et al. 2024, arXiv:2404.06395), so a run that was stopped, or that gets a larger budget
later, goes on from where it was.
"""

import json
import math
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from chaoxun.language import say
from chaoxun.learning.devices import autocast, denormals_flushed, prepare_device
from chaoxun.learning.embeddings import embeddings_from_company
from chaoxun.learning.gist import Gists
from chaoxun.learning.masking import BLOCK_TOKENS, SpecialIds, cut_blocks, draw_batch, mask_sequences
from chaoxun.learning.network import new_network, new_optimizer, start_from_waves
from chaoxun.learning.packing import STATE, pack_corpus
from chaoxun.learning.recipes import PretrainRecipe
from chaoxun.learning.vocabulary import SPECIAL_TOKENS
from chaoxun.tagging.torch_backend import silence_transformers

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True, slots=True, kw_only=True)
class PretrainReport:
    """What a pretraining run reached."""

    step: int
    tokens_seen: int
    loss: float
    masked_accuracy: float
    """Share of masked tokens of unseen articles predicted right, in [0, 1]."""
    tokens_per_second: float


def pretrain(
    corpus: Sequence[Path], *, to: Path, recipe: PretrainRecipe, without: frozenset[str] = frozenset(),
    resume: bool = False,
) -> PretrainReport:  # fmt: skip
    """Trains, or with `resume` continues, the encoder in folder `to`; returns what it reached.

    Stops early, state saved, on SIGINT or SIGTERM.  Raises InputError if the corpus is too small for one batch or is
    not the one of the run to resume, OutputError if `to` cannot be made.
    """
    silence_transformers()
    packed = pack_corpus(corpus, to=to, recipe=recipe, without=without, resume=resume)
    with denormals_flushed():
        run = _Run(to=to, recipe=recipe, ids=_special_ids(packed.tokenizer), resume=resume)
        run.count_company(packed.train)
        report = run.train(packed.train, packed.unseen)
    run.publish(packed.tokenizer, report)
    return report


def learning_rate(step: int, *, n_steps: int, recipe: PretrainRecipe) -> float:
    """The rate of step `step`: linear warm-up, constant, then 1 - sqrt to a tenth over the last `decay_share`."""
    if step < recipe.warmup_steps:
        return recipe.learning_rate * (step + 1) / recipe.warmup_steps
    decay_steps = max(1, round(n_steps * recipe.decay_share))
    done = (step - (n_steps - decay_steps)) / decay_steps
    return recipe.learning_rate * (1 - 0.9 * math.sqrt(done)) if done > 0 else recipe.learning_rate


def _special_ids(tokenizer: "PreTrainedTokenizerFast") -> SpecialIds:
    cls, sep, mask = (tokenizer.vocab[token] for token in ("[CLS]", "[SEP]", "[MASK]"))
    return SpecialIds(cls=cls, sep=sep, mask=mask, n_specials=len(SPECIAL_TOKENS), vocabulary_size=len(tokenizer))


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


class _Run:
    """Weights, optimizer and step of one run; everything else is a function of the step."""

    def __init__(self, *, to: Path, recipe: PretrainRecipe, ids: SpecialIds, resume: bool) -> None:
        self.to, self.recipe, self.ids = to, recipe, ids
        self.device = prepare_device(recipe.seed)
        self.model = new_network(recipe, vocabulary_size=ids.vocabulary_size)
        start_from_waves(self.model)
        self.model.to(self.device)  # type: ignore[arg-type]  # the decorator of transformers hides the signature
        self.optimizer = new_optimizer(self.model, recipe)
        self.step = 0
        self.log: list[dict[str, float]] = []
        if resume and (to / STATE / "state.json").is_file():
            self._load()
        self.stopping = False
        self.gists: Gists | None = None

    def count_company(self, train: NDArray[np.uint16]) -> None:
        """Takes from counts of which tokens occur together what a new network starts with and what [CLS] learns."""
        import torch

        is_new = self.step == 0 and self.recipe.start_from_company
        if not is_new and not self.recipe.gist_weight:
            return
        _say(say(en="counting which tokens occur together ...", zh="统计哪些词元常在一起……"))
        table = self.model.bert.embeddings.word_embeddings.weight
        values = embeddings_from_company(
            train, vocabulary_size=table.shape[0], dimensions=table.shape[1],
            scale=2 * self.model.config.initializer_range, seed=self.recipe.seed,
        )  # fmt: skip
        if is_new:
            with torch.no_grad():
                table.add_(torch.from_numpy(values).to(table.device))
        if self.recipe.gist_weight:
            self.gists = Gists(train, values)

    def train(self, train: NDArray[np.uint16], unseen: NDArray[np.uint16]) -> PretrainReport:
        recipe = self.recipe
        tokens_per_step = recipe.blocks_per_step * BLOCK_TOKENS
        n_steps = max(1, recipe.tokens // tokens_per_step)
        previous = {number: signal.signal(number, self._stop) for number in (signal.SIGINT, signal.SIGTERM)}
        report = self._report(unseen, loss=float("nan"), rate=0.0)
        since, started_at, losses = time.perf_counter(), self.step, []
        try:
            while self.step < n_steps and not self.stopping:
                losses.append(self._one_step(train, n_steps=n_steps))
                self.step += 1
                last = self.step == n_steps or self.stopping
                if self.step % recipe.log_every_steps == 0 or last:
                    rate = (self.step - started_at) * tokens_per_step / (time.perf_counter() - since)
                    report = self._report(unseen, loss=float(np.mean(losses)), rate=rate)
                    self.log.append(asdict(report))
                    _say(f"step {self.step}/{n_steps}  loss {report.loss:.3f}  masked accuracy on unseen articles "
                         f"{report.masked_accuracy:.3f}  {rate:,.0f} tokens/s")  # fmt: skip
                    losses = []
                    since, started_at = time.perf_counter(), self.step
                if self.step % recipe.save_every_steps == 0 or last:
                    self._save()
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)
        return report

    def publish(self, tokenizer: "PreTrainedTokenizerFast", report: PretrainReport) -> None:
        """Writes the encoder as transformers loads it: half precision, with the tokenizer and the run's log."""
        import copy

        published = copy.deepcopy(self.model).half()  # type: ignore[no-untyped-call]
        del published.gist
        published.save_pretrained(self.to)
        # safetensors writes files that only their owner may read; an encoder is for everybody.
        (self.to / "model.safetensors").chmod(0o644)
        tokenizer.save_pretrained(self.to)
        record = {"recipe": asdict(self.recipe), "reached": asdict(report), "log": self.log}
        (self.to / "pretraining.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")

    def _one_step(self, train: NDArray[np.uint16], *, n_steps: int) -> float:
        import torch

        recipe = self.recipe
        batch = draw_batch(
            train, step=self.step, blocks_per_step=recipe.blocks_per_step, long_share=recipe.long_share,
            mask_share=recipe.mask_share, ids=self.ids, seed=recipe.seed,
        )  # fmt: skip
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, n_steps=n_steps, recipe=recipe)
        self.model.train()
        logits, pooled = self._read(batch.input_ids, batch.positions)
        targets = torch.from_numpy(batch.targets).to(self.device)
        loss = torch.nn.functional.cross_entropy(logits.float(), targets)
        total = loss
        if self.gists:
            gists = torch.from_numpy(self.gists.of(batch.blocks)).to(self.device)
            likeness = torch.nn.functional.cosine_similarity(
                self.model.get_submodule("gist")(pooled.float()), gists, dim=-1
            )
            total = loss + recipe.gist_weight * (1 - likeness).mean()
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), recipe.max_gradient_norm)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _read(self, input_ids: NDArray[np.int64], positions: NDArray[np.int64]) -> "tuple[torch.Tensor, torch.Tensor]":
        """(n_masked, vocabulary) logits and (n_sequences, hidden) pooled [CLS].

        The head runs on masked positions only, a third faster than on all.
        """
        import torch

        with autocast(self.device):
            found = self.model.bert(input_ids=torch.from_numpy(input_ids).to(self.device))
            states = found.last_hidden_state
            masked = states.reshape(-1, states.shape[-1])[torch.from_numpy(positions).to(self.device)]
            logits: torch.Tensor = self.model.cls(masked)
        return logits, found.pooler_output

    def _report(self, unseen: NDArray[np.uint16], *, loss: float, rate: float) -> PretrainReport:
        import torch

        rng = np.random.default_rng((self.recipe.seed, 3))
        blocks = unseen[: self.recipe.measure_blocks].astype(np.int64)
        right = total = 0
        self.model.eval()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for i in range(0, len(blocks), self.recipe.blocks_per_step):
                sequences = cut_blocks(blocks[i : i + self.recipe.blocks_per_step], long=False, ids=self.ids)
                batch = mask_sequences(sequences, share=self.recipe.mask_share, ids=self.ids, rng=rng)
                guesses = self._read(batch.input_ids, batch.positions)[0].argmax(-1).cpu().numpy()
                right += int((guesses == batch.targets).sum())
                total += len(batch.targets)
        tokens_seen = self.step * self.recipe.blocks_per_step * BLOCK_TOKENS
        return PretrainReport(
            step=self.step, tokens_seen=tokens_seen, loss=loss, masked_accuracy=right / max(1, total),
            tokens_per_second=rate,
        )  # fmt: skip

    def _stop(self, number: int, frame: FrameType | None) -> None:
        _say(say(en="stopping after this step; the state is saved, --resume goes on",
                 zh="本步完成后停止；进度会保存，用 --resume 继续"))  # fmt: skip
        self.stopping = True

    def _save(self) -> None:
        """Weights, moments and step into `to/state`, each file replaced whole."""
        from safetensors.torch import save_file

        folder = self.to / STATE
        tensors = {f"weight.{name}": p.detach().cpu().contiguous() for name, p in self.model.named_parameters()}
        for name, p in self.model.named_parameters():
            # Parameters that this recipe trains nothing with (gist_weight = 0) have no moments.
            for moment in {"exp_avg", "exp_avg_sq"} & self.optimizer.state[p].keys():
                tensors[f"{moment}.{name}"] = self.optimizer.state[p][moment].detach().cpu().contiguous()
        save_file(tensors, folder / "state.safetensors.new", metadata={"step": str(self.step)})
        (folder / "state.json.new").write_text(json.dumps({"step": self.step, "log": self.log}), encoding="utf-8")
        for name in ("state.safetensors", "state.json"):
            (folder / f"{name}.new").replace(folder / name)

    def _load(self) -> None:
        import torch
        from safetensors import safe_open

        folder = self.to / STATE
        kept: dict[str, Any] = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        self.log = kept["log"]
        with safe_open(folder / "state.safetensors", framework="pt") as tensors:
            self.step = int(tensors.metadata()["step"])
            kept_names = set(tensors.keys())
            for name, p in self.model.named_parameters():
                p.data.copy_(tensors.get_tensor(f"weight.{name}"))
                if f"exp_avg.{name}" not in kept_names:
                    continue
                self.optimizer.state[p] = {
                    "step": torch.tensor(float(self.step)),
                    "exp_avg": tensors.get_tensor(f"exp_avg.{name}").to(self.device),
                    "exp_avg_sq": tensors.get_tensor(f"exp_avg_sq.{name}").to(self.device),
                }
