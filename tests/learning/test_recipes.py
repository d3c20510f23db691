"""Recipe files at the door."""

import pytest

from chaoxun.errors import RecipeError
from chaoxun.learning.recipes import PretrainRecipe, TrainRecipe, load_recipe


def load(tmp_path, text, *, encoding="utf-8"):
    path = tmp_path / "recipe.toml"
    path.write_text(text, encoding=encoding)
    return load_recipe(PretrainRecipe, path, table="pretrain")


def test_a_recipe_is_the_defaults_and_what_the_file_says(tmp_path):
    recipe = load(tmp_path, "[pretrain]\nlearning_rate = 1\nsource_shares = { a = 0.5 }\n", encoding="utf-8-sig")
    assert (recipe.learning_rate, recipe.source_shares, recipe.n_layers) == (1, {"a": 0.5}, PretrainRecipe().n_layers)


@pytest.mark.parametrize(("text", "words"), [
    ("[pretrain", "not TOML"),
    ("pretrain = 3", "pretrain is no table"),
    ("[pretrain]\ntoken = 3", "unknown key 'token'"),
    ("[pretrain]\ntokens = 1.5", "is no int"),
    ("[pretrain]\nseed = true", "is no int"),
    ("[pretrain]\ntokens = -1", "is negative"),
    ("[pretrain]\nsource_shares = { a = 'half' }", "'half' is no number"),
    ("[pretrain]\nsource_shares = { a = -0.5 }", "is negative"),
])  # fmt: skip
def test_a_wrong_recipe_names_file_and_key(tmp_path, text, words):
    with pytest.raises(RecipeError) as refused:
        load(tmp_path, text)
    assert words in refused.value.what and "recipe.toml" in refused.value.where and refused.value.advice


@pytest.mark.parametrize("name", ["", "none.toml"])
def test_a_folder_or_nothing_is_no_recipe(tmp_path, name):
    with pytest.raises(RecipeError, match="cannot be read"):
        load_recipe(TrainRecipe, tmp_path / name, table="train")
