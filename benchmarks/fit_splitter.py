"""Fit what the splitter knows: `python benchmarks/fit_splitter.py CORPUS.jsonl.zst [--themes LABELLED.jsonl.zst]`.

Counts the n-gram tables over one part of the corpus, composes pages from another, and fits on them the network that
scores the roles of lines.  The last part stays for `benchmarks/pages.py`.  Writes src/chaoxun/segmenting/{ngrams,roles}.npz.
"""

import argparse
import random
import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from chaoxun.segmenting import roles
from chaoxun.segmenting.cues import measure_cues
from chaoxun.segmenting.stream import build_stream, printed_lines
from compose_pages import Composer, PoolArticle
from fit_ngrams import fit_ngrams
from page_pool import page_of, read_pool

HOME = Path(roles.__file__).parent
HIDDEN = 128
N_NETWORKS = 3
"""Networks from different random weights, averaged: one alone decides doubtful lines by chance."""
EPOCHS = 6
CUE_DROPOUT = 0.15
"""Probability that the network must do without a cue, in all lines of a window: pages of other papers have other habits
than those composed here, so no cue may be trusted alone."""


def compose_rows(
    pool: list[PoolArticle], *, n_pages: int, seed: int
) -> tuple[NDArray[np.float16], NDArray[np.int64], list[tuple[str, list[int]]]]:
    """The cues of all lines of `n_pages` pages, CONTEXT empty rows between pages, roles (-1 there), and both by page."""
    composer, rng = Composer(pool), random.Random(seed)
    cues, labels, sequences = [], [], []
    for n in range(n_pages):
        page = composer.compose(rng)
        sequence = "".join(line.role for line in page.lines if line.text.strip())
        lines = printed_lines(page_of(page.text))
        if len(lines) != len(sequence):
            continue
        stream = build_stream(lines)
        measured = measure_cues(stream)
        gap = np.zeros((roles.CONTEXT, measured.shape[1]))
        cues.append(np.concatenate([measured, gap]).astype(np.float16))
        labels.append(np.array([roles.ROLES.index(role) for role in sequence] + [-1] * roles.CONTEXT))
        sequences.append((sequence, roles.find_ends(stream).tolist()))
        if n % 500 == 499:
            print(f"{n + 1} pages composed", file=sys.stderr, flush=True)
    return np.concatenate(cues), np.concatenate(labels), sequences


def count_transitions(sequences: list[tuple[str, list[int]]]) -> NDArray[np.float32]:
    """(3, n_roles + 1, n_roles): log of how much likelier a role is after another, by how the line before ends."""
    n = len(roles.ROLES)
    counts = np.full((3, n + 1, n), 0.05)
    overall = np.full(n, 0.05)
    for sequence, ends in sequences:
        numbers = [roles.ROLES.index(role) for role in sequence]
        np.add.at(counts, ([1, *ends[:-1]], [n, *numbers[:-1]], numbers), 1)
        np.add.at(overall, numbers, 1)
    counts /= counts.sum(axis=2, keepdims=True)
    return np.log(counts / (overall / overall.sum())).astype(np.float32)


def fit_network(cues: NDArray[np.float16], labels: NDArray[np.int64], *, seed: int) -> dict[str, NDArray[np.float32]]:
    """The layers that score roles, by stochastic gradient descent on cross entropy."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    real = labels >= 0
    mean = cues[real].astype(np.float32).mean(axis=0)
    scale = 1 / (cues[real].astype(np.float32).std(axis=0) + 0.05)
    normal = torch.from_numpy((cues.astype(np.float32) - mean) * scale)
    normal[torch.from_numpy(~real)] = 0
    normal = torch.nn.functional.pad(normal, (0, 0, roles.CONTEXT, roles.CONTEXT))
    places = torch.from_numpy(np.flatnonzero(real))
    target = torch.from_numpy(labels)
    reach = torch.arange(2 * roles.CONTEXT + 1)
    sizes = (cues.shape[1] * len(reach), HIDDEN, len(roles.ROLES))
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:], strict=True)]
    stack = [part for layer in layers for part in (layer, torch.nn.ReLU())][:-1]
    network = torch.nn.Sequential(*stack)
    batch = 1024
    n_steps = EPOCHS * (len(places) // batch)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=3e-3, total_steps=n_steps + 1)
    step = 0
    for epoch in range(EPOCHS):
        order = places[torch.randperm(len(places))]
        total = 0.0
        for at in range(0, len(order) - batch + 1, batch):
            chosen = order[at : at + batch]
            keep = (torch.rand(len(chosen), 1, cues.shape[1]) > CUE_DROPOUT) / (1 - CUE_DROPOUT)
            rows = (normal[chosen[:, None] + reach] * keep).flatten(1)
            loss = torch.nn.functional.cross_entropy(network(rows), target[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
            step += 1
        print(f"epoch {epoch + 1}: loss {total / (len(order) // batch):.4f}", file=sys.stderr, flush=True)
    parts = {"mean": mean, "scale": scale}
    for n, layer in enumerate(layers):
        parts |= {f"weight{n}": layer.weight.detach().numpy().T, f"bias{n}": layer.bias.detach().numpy()}
    return parts


def average_networks(networks: list[dict[str, NDArray[np.float32]]]) -> dict[str, NDArray[np.generic]]:
    """One network whose answers are the means of the answers of several: their hidden units side by side."""
    first, n = networks[0], len(networks)
    return {
        "mean": first["mean"],
        "scale": first["scale"],
        "weight0": np.concatenate([network["weight0"] for network in networks], axis=1).astype(np.float16),
        "bias0": np.concatenate([network["bias0"] for network in networks]),
        "weight1": (np.concatenate([network["weight1"] for network in networks]) / n).astype(np.float16),
        "bias1": np.mean([network["bias1"] for network in networks], axis=0),
    }


def main() -> None:
    """Fit and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--themes", type=Path, help="annotations: articles of one label are put on one page")
    parser.add_argument("--pages", type=int, default=14_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep-ngrams", action="store_true", help="fit the network only")
    options = parser.parse_args()
    if not options.keep_ngrams:
        words = read_pool(options.corpus, themes=options.themes, part="words")
        fit_ngrams(words, path=HOME / "ngrams.npz", seed=options.seed)
    pool = read_pool(options.corpus, themes=options.themes, part="lines")
    cues, labels, sequences = compose_rows(pool, n_pages=options.pages, seed=options.seed)
    networks = [fit_network(cues, labels, seed=options.seed + k) for k in range(N_NETWORKS)]
    np.savez_compressed(HOME / "roles.npz", transitions=count_transitions(sequences), **average_networks(networks))


if __name__ == "__main__":
    main()
