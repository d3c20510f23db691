"""What is pretrained: a plain BERT with its pooler, where its weights start, and the optimizer that moves them."""

import math
from typing import TYPE_CHECKING

from chaoxun.learning.recipes import PretrainRecipe
from chaoxun.learning.vocabulary import MAX_POSITIONS

if TYPE_CHECKING:
    import torch
    from transformers import BertForMaskedLM


def new_network(recipe: PretrainRecipe, *, vocabulary_size: int) -> "BertForMaskedLM":
    """A BERT of the recipe's size for masked tokens, with a pooler and a head `gist` that foretells a block's gist."""
    from torch import nn
    from transformers import BertConfig, BertForMaskedLM
    from transformers.models.bert.modeling_bert import BertPooler

    model = BertForMaskedLM(
        BertConfig(
            vocab_size=math.ceil(vocabulary_size / 8) * 8,
            hidden_size=recipe.hidden_size,
            num_hidden_layers=recipe.n_layers,
            num_attention_heads=recipe.n_heads,
            intermediate_size=4 * recipe.hidden_size,
            max_position_embeddings=MAX_POSITIONS,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    # The pooler is what a classifier reads; a masked language model of transformers comes without one.
    model.bert.pooler = BertPooler(model.config)  # type: ignore[no-untyped-call]
    model.gist = nn.Linear(recipe.hidden_size, recipe.hidden_size)
    return model


def start_from_waves(model: "BertForMaskedLM") -> None:
    """Starts the position embeddings as sinusoids (Vaswani et al. 2017, arXiv:1706.03762), which training then moves.

    From random ones a network has to find out position by position who stands beside whom, and masked language
    modelling waits on the level of single-character counts until it has.
    """
    import torch

    table = model.bert.embeddings.position_embeddings.weight
    n_positions, dimensions = table.shape
    rates = torch.exp(torch.arange(0, dimensions, 2) * (-math.log(10_000.0) / dimensions))
    angles = torch.arange(n_positions)[:, None] * rates
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1).reshape(n_positions, dimensions)
    with torch.no_grad():
        table.copy_(waves * (2 * model.config.initializer_range / 0.5**0.5))


def new_optimizer(model: "BertForMaskedLM", recipe: PretrainRecipe) -> "torch.optim.AdamW":
    """AdamW, weight decay on matrices only."""
    import torch

    decayed = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
