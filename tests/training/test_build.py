"""The whole chain on forty fictional sentences: from nothing, cut and taken up, and from models there are."""

from __future__ import annotations

import json
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quotetrack import models
from quotetrack.annotate import Annotator
from quotetrack.paths import data_path
from quotetrack.training import recipe as recipes
from quotetrack.training import treebank
from quotetrack.training.__main__ import main
from quotetrack.training.build import Plan, build, figures, packed
from quotetrack.training.pack import blended, on_grid, smaller
from quotetrack.training.splitter import Print, Splitter
from tests.training import fiction

TEXT = "Anna Weber leitet den Fährverband im Hafen Nordmoor."
SHARED = Path(__file__).resolve().parents[3] / "shared" / "training"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data/, work/ and work/packed, built from nothing by the German recipe."""
    place = tmp_path_factory.mktemp("built")
    fiction.write(place / "data", small(place))
    tokens = place / "work/de/tokens"  # a tokeniser that is whole: one of ten steps finds no tokens
    tokens.mkdir(parents=True)
    shutil.copy(data_path("models", "de", "tokenize", "quotetrack.pt"), tokens / "best.pt")
    (tokens / "done.json").write_text('{"steps": 10}')
    make(place)
    return place


def small(place: Path) -> recipes.Recipe:
    """The German recipe with models of a tenth of the size and a hundredth of the steps."""
    text = data_path("training", "de.toml").read_text("utf-8")
    text = re.sub(r'(_dim", )"(\d+)"', lambda found: f'{found[1]}"{max(8, int(found[2]) // 10)}"', text)
    text = re.sub(r"(?m)^(steps|every) = \d+", r"\1 = 10", text)
    (place / "de.toml").write_text(text, "utf-8")
    return recipes.read(place / "de.toml")


def make(place: Path) -> list[str]:
    """Build, pack and score what lies in a folder; the log."""
    said: list[str] = []
    plan = Plan(small(place), place / "data", place / "work")
    assert packed(plan, build(plan, said.append), place / "work/packed", said.append) == []
    (place / "figures.json").write_text(json.dumps(figures(plan, place / "work/packed", said.append)))
    (place / "log.txt").write_text("\n".join(said))
    return said


def annotation(folder: Path) -> list[str]:
    (found,) = Annotator(folder, "de").annotate([TEXT])
    return [token.text for sentence in found.sentences for token in sentence.tokens]


def test_a_build_from_nothing_is_whole(built):
    packed = built / "work" / "packed"
    assert models.verify(models.ModelSet("de", "bundled", packed, "default", "")) == []
    assert "".join(annotation(packed)).startswith("Anna")
    found = json.loads((built / "figures.json").read_text())
    assert set(found) == {"de_gsd-ud-test.conllu", "de_ner.test.bio", "de_ner_pud.test.bio"}
    assert found["de_gsd-ud-test.conllu"]["Tokens"] > 90
    assert found["de_gsd-ud-test.conllu"]["UPOS"] > 20
    log = (built / "log.txt").read_text()
    assert f"PyTorch {torch.__version__}" in log
    assert "seed 13" in log


def test_what_is_whole_is_not_trained_again(built):
    before = (built / "work/de/names/best.pt").stat().st_mtime_ns
    assert sum("whole" in line for line in make(built)) == 4
    assert (built / "work/de/names/best.pt").stat().st_mtime_ns == before


def test_one_part_from_models_there_are(built, tmp_path):
    packed = built / "work/packed"
    arguments = ["--data", str(built / "data"), "--work", str(tmp_path), "--from", str(packed)]
    assert main(["de", *arguments, "--parts", "names", "--quick"]) == 0
    sums = [
        json.loads((folder / "resources.json").read_text())["de"] for folder in (packed, tmp_path / "packed")
    ]
    for processor in ("tokenize", "mwt", "lemma", "depparse"):
        assert sums[0][processor] == sums[1][processor], f"{processor} is packed twice alike"
    assert annotation(tmp_path / "packed") == annotation(packed)


def test_a_part_is_blended_with_what_it_went_on_from(built, tmp_path):
    recipe, packed_one = small(tmp_path), built / "work/packed"
    trained = tmp_path / "work/de/trees"
    trained.mkdir(parents=True)
    (trained / "done.json").write_text('{"steps": 10}')
    new = torch.load(built / "work/de/trees/best.pt", weights_only=True)
    old = torch.load(packed_one / "de/depparse/quotetrack.pt", weights_only=True)["model"]
    new["model"] = {name: value + 1 for name, value in new["model"].items()}
    torch.save(new, trained / "best.pt")
    parts = {name: replace(part, blend=0.75, further=10) for name, part in recipe.parts.items()}
    said: list[str] = []
    plan = Plan(
        replace(recipe, parts=parts), built / "data", tmp_path / "work", warm=packed_one, parts=("trees",)
    )
    (path,) = build(plan, said.append).values()
    for name, value in torch.load(path, weights_only=True)["model"].items():
        assert torch.allclose(value, 0.75 * new["model"][name] + 0.25 * old[name].float(), atol=1e-5)
    assert "trees: 75% of its weights, the rest of those that it went on from" in said
    assert packed(plan, {"depparse": path}, tmp_path / "packed", said.append) == []


def test_only_weights_of_one_size_are_blended():
    with pytest.raises(ValueError, match="two sizes"):
        blended({"model": {"x": torch.ones(2)}}, {"model": {"x": torch.ones(3)}}, 0.5)


@pytest.mark.parametrize("share", ["0", "1.5", "-0.2"])
def test_a_blend_is_a_share(share, tmp_path):
    text = data_path("training", "en.toml").read_text("utf-8")
    (tmp_path / "xx.toml").write_text(re.sub(r"blend = [\d.]+", f"blend = {share}", text))
    with pytest.raises(recipes.RecipeError, match="blend"):
        recipes.read(tmp_path / "xx.toml")


def test_a_tokeniser_from_nothing(tmp_path):
    trees = treebank.read(fiction.conllu(fiction.everything()))[:6]
    settings = ["--hidden_dim", "8", "--emb_dim", "8"]
    first = Splitter(trees, trees, Print(), warm=None, language="de", settings=settings, longest=60)
    losses = [first.update(first.epoch(random.Random(1))[0]) for _ in range(4)]
    assert losses[-1] < losses[0]
    first.save(tmp_path / "best.pt")
    again = Splitter(trees, trees, Print(), warm=tmp_path / "best.pt", language="de")
    assert again.score() == first.score()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["xx"], "no recipe for 'xx'"),
        (["de", "--data", "nowhere"], "not there"),
        (["de", "--parts", ""], "none"),
    ],
)
def test_what_cannot_be_built_is_told(change, said, tmp_path, capsys):
    assert main([*change, "--work", str(tmp_path), "--anew", "--quick"]) == 2
    assert said in capsys.readouterr().out


def test_a_part_that_is_none_is_told(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["de", "--parts", "tags,verbs", "--work", str(tmp_path)])
    assert "no part verbs" in capsys.readouterr().err


@pytest.mark.parametrize("code", recipes.codes())
def test_recipes_of_the_house(code):
    recipe = recipes.load(code)
    assert set(recipe.parts) == set(recipes.PARTS)
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/training")
    count = recipes.text_of(SHARED / code, recipe.names["train"][0]).strip().count("\n\n") + 1
    assert recipe.sources[-1].stop == count, "the sources of names are the file's sentences"
    assert len(recipes.text_of(SHARED / code, recipe.trees["dev"][0])) > 1000


@pytest.mark.parametrize("content", ["", "name = 1", "[trees", "name = 'x'\nfeatures = 3"])
def test_what_is_no_recipe(content, tmp_path):
    (tmp_path / "xx.toml").write_text(content)
    with pytest.raises(recipes.RecipeError, match="not a recipe"):
        recipes.read(tmp_path / "xx.toml")


# ---------------------------------------------------------------------------------- packing


@given(
    rows=st.lists(st.lists(st.floats(-60, 60, width=32), min_size=3, max_size=3), min_size=1, max_size=6),
    bits=st.integers(4, 9),
)
def test_weights_on_a_grid(rows, bits):
    values = torch.tensor(rows)
    found = on_grid(values, bits)
    assert torch.equal(found.half().float(), found), "halves hold it exactly"
    assert torch.equal(on_grid(found, bits), found), "twice changes nothing"
    most = values.abs().amax(1, keepdim=True).clamp(min=2.0**-14)
    assert bool(((found - values).abs() <= most / (2 ** (bits - 1) - 1)).all())


def test_vectors_that_were_never_tuned_are_left_out():
    units = ["<PAD>", "<UNK>", "<EMPTY>", "<ROOT>", "anna", "weber"]

    def saved(table: torch.Tensor) -> dict[str, object]:
        return {
            "model": {"delta_emb.weight": table, "x": torch.ones(3)},
            "vocab": {"delta": {"_id2unit": list(units), "_unit2id": {u: n for n, u in enumerate(units)}}},
        }

    untouched = smaller(saved(torch.zeros(6, 5)))
    assert untouched["model"]["delta_emb.weight"].shape == (4, 5)
    assert untouched["vocab"]["delta"]["_id2unit"] == units[:4]
    tuned = smaller(saved(torch.ones(6, 5)))
    assert tuned["model"]["delta_emb.weight"].shape == (6, 5)
    assert tuned["model"]["x"].dtype == torch.float16
