"""A language's models from its data, part by part: everything that `make models` does.

Every part lies in a folder of its own below the work folder (its weights as `best.pt`, what a restart needs,
and a mark when it is whole), so a build that was cut goes on where it stopped and one that is whole is only
packed again.
"""

from __future__ import annotations

import json
import platform
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from quotetrack import models
from quotetrack.training import gather, names, treebank
from quotetrack.training.arcs import Parser, Tagger
from quotetrack.training.finder import Finder
from quotetrack.training.loop import Learner, Log, Outcome, train
from quotetrack.training.pack import PROCESSORS, blended, pack
from quotetrack.training.recipe import PARTS, VECTORS, Recipe, RecipeError, text_of
from quotetrack.training.scores import name_scores, tree_scores
from quotetrack.training.splitter import Print, Splitter

PROCESSOR = {"tokens": "tokenize", "tags": "pos", "trees": "depparse", "names": "ner"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build. data: the folder with the language's files; work: where parts are made; warm: a model
    folder to start from, None to start from nothing; parts: which of PARTS are trained, the others are taken
    from `warm`, and VECTORS where they are made anew; steps: others than the recipe's; sentences: at most so
    many of each file, for a trial.
    """

    recipe: Recipe
    data: Path
    work: Path
    warm: Path | None = None
    parts: tuple[str, ...] = PARTS
    steps: int | None = None
    sentences: int | None = None

    def trained(self, part: str) -> Path:
        return self.work / self.recipe.code / part

    def given(self, processor: str) -> Path | None:
        """The weights that a processor starts from."""
        return None if self.warm is None else self.warm / self.recipe.code / processor / "quotetrack.pt"


class Materials:
    """The data of a plan, read when it is asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._recipe = plan, plan.recipe
        self._folder = plan.data / plan.recipe.code

    def trees(self, which: str, file: str | None = None) -> list[treebank.Tree]:
        """The trees of a part of the data (train, dev, test) or of one file of it, features kept few."""
        files = [file] if file else self._recipe.trees[which]
        found = [
            tree
            for name in files
            for tree in treebank.read(text_of(self._folder, name))[: self._plan.sentences]
        ]
        return treebank.slim(found, self._recipe.features)

    @cached_property
    def train_trees(self) -> list[treebank.Tree]:
        """Training trees, copies with other marks after them, long ones left out."""
        trees = self.trees("train")
        trees += treebank.marked(trees, self._recipe.marks)
        return treebank.short(trees, self._recipe.longest, self._recipe.longest_form)

    def sentences(self, file: str) -> list[names.Sentence]:
        return names.read(text_of(self._folder, file))

    def named(self) -> list[tuple[names.Source, list[names.Sentence]]]:
        """The sentences with names of every source, those that are fetched after those that lie there."""
        recipe, own = self._recipe, self.sentences(self._recipe.names["train"][0])
        found = [(source, own[source.start : source.stop]) for source in recipe.sources]
        if recipe.gathered:
            trees = [tree for file in recipe.trees["train"] for tree in self.trees("train", file)]
            no_names = gather.no_names(trees, own)
            usage = gather.Usage(recipe.clitics, recipe.articles, recipe.adjectival, no_names)
            for corpus, source in recipe.gathered:
                paths = gather.fetched(corpus, self._plan.trained("gathered"))
                found.append((source, list(gather.sentences(corpus, paths, usage))))
        return [
            (source, names.usable(ours[: self._plan.sentences], recipe.longest_named, 40))
            for source, ours in found
        ]

    @cached_property
    def vectors(self) -> Any:
        """The word vectors as Stanza's pretrain file: made here, else the ones that are there."""
        from stanza.models.common.pretrain import Pretrain

        path = self._plan.trained("vectors") / "best.pt"
        given = self._plan.given("pretrain")
        if not path.is_file():
            if given is not None and VECTORS not in self._plan.parts:
                path = given
            else:
                self._make_vectors(path)
        return Pretrain(str(path))

    def _make_vectors(self, path: Path) -> None:
        """Four special rows of zeros, then the words'."""
        from stanza.models.common.pretrain import Pretrain, PretrainedWordVocab

        words, table = self._words_and_table()
        path.parent.mkdir(parents=True, exist_ok=True)
        pretrain = Pretrain(str(path), vec_filename="-", save_to_file=False)
        pretrain._vocab = vocabulary = PretrainedWordVocab(words)
        recipe = self._recipe.vectors
        gather.with_endings(vocabulary._unit2id, words[: recipe.ended], recipe.endings)
        gather.with_endings(vocabulary._unit2id, recipe.dotted, ["."])
        pretrain._emb = torch.tensor(np.vstack([np.zeros((4, table.shape[1]), "float32"), table]))
        pretrain.save(str(path))

    def _words_and_table(self) -> tuple[list[str], Any]:
        recipe = self._recipe.vectors
        if recipe.fetched:
            path = gather.fetched_file(*recipe.fetched, self._plan.trained("gathered"))
            return gather.vectors(path, recipe.member, recipe.rows)
        if not (self._folder / recipe.array).is_file():
            raise RecipeError(f"{self._folder / recipe.array}: not there: the recipe needs it")
        table = np.load(self._folder / recipe.array).astype("float32")[: recipe.rows]
        words = text_of(self._folder, recipe.words).split("\n")[: len(table)]
        if len(words) != len(table):
            raise RecipeError(f"{recipe.words}: {len(words)} words for {len(table)} vectors")
        return words, table


def build(plan: Plan, log: Log) -> dict[str, Path]:
    """Train the parts of a plan; processor → its weights, ready to be packed. Raises RecipeError."""
    import stanza

    log(
        f"{plan.recipe.code}: {', '.join(plan.parts)}; Python {platform.python_version()}, PyTorch "
        f"{torch.__version__}, Stanza {stanza.__version__}, NumPy {np.__version__}, seed "
        f"{plan.recipe.parts['tags'].schedule(True, 1).seed}"
    )
    for part in PARTS:
        if part not in plan.parts and plan.given(PROCESSOR[part]) is None:
            raise RecipeError(f"{part}: to be taken from models that are there, and none were named")
    plan.work.mkdir(parents=True, exist_ok=True)
    materials = Materials(plan)
    files: dict[str, Path] = {}
    if plan.warm is None or VECTORS in plan.parts:
        files["pretrain"] = Path(materials.vectors.filename)
    if plan.warm is None:
        files |= _dictionaries(plan, materials, log)
    for part in PARTS:
        if part in plan.parts:
            files[PROCESSOR[part]] = _part(plan, part, materials, files, log)
    return files


def _part(plan: Plan, part: str, materials: Materials, files: dict[str, Path], log: Log) -> Path:
    folder = plan.trained(part)
    done = folder / "done.json"
    schedule = plan.recipe.parts[part].schedule(plan.warm is not None, plan.steps)
    if done.is_file() and json.loads(done.read_text("utf-8"))["steps"] >= schedule.steps:
        log(f"{part}: whole")
    else:
        started, spent = time.time(), time.process_time()
        outcome = train(
            _learner(plan, part, materials, files), schedule, folder, lambda said: log(f"{part}: {said}")
        )
        _finish(done, outcome, time.time() - started, time.process_time() - spent)
    return _blend(plan, part, folder / "best.pt", log)


def _blend(plan: Plan, part: str, best: Path, log: Log) -> Path:
    """A part's weights, blended with those that it went on from where the recipe says so."""
    share, given = plan.recipe.parts[part].blend, plan.given(PROCESSOR[part])
    if given is None or share == 1:
        return best
    new, old = (torch.load(path, map_location="cpu", weights_only=True) for path in (best, given))
    torch.save(blended(new, old, share), best.with_name("blended.pt"))
    log(f"{part}: {share:.0%} of its weights, the rest of those that it went on from")
    return best.with_name("blended.pt")


def _finish(done: Path, outcome: Outcome, seconds: float, cpu: float) -> None:
    done.write_text(
        json.dumps(
            {
                "steps": outcome.steps,
                "dev": round(outcome.score, 5),
                "seconds": round(seconds),
                "cpu_seconds": round(cpu),
                "day": time.strftime("%Y-%m-%d"),
            }
        )
        + "\n",
        "utf-8",
    )


def _learner(plan: Plan, part: str, materials: Materials, files: dict[str, Path]) -> Learner:
    recipe, warm = plan.recipe, plan.given(PROCESSOR[part])
    options = recipe.parts[part].options
    if part == "tokens":
        return Splitter(
            materials.trees("train"),
            materials.trees("dev"),
            Print(marks=tuple(pair for pair in recipe.marks if len(pair[0] + pair[1]) == 2)),
            warm=warm,
            language=recipe.code,
            settings=options,
        )
    if part == "names":
        return _finder(plan, materials, warm)
    dev, vectors = materials.trees("dev"), materials.vectors
    if part == "tags":
        return Tagger(materials.train_trees, dev, vectors, warm=warm, language=recipe.code, settings=options)
    tagged_by = files.get("pos") or plan.given("pos")
    tagger = Tagger(materials.train_trees[:1], dev, vectors, warm=tagged_by, language=recipe.code)
    return Parser(
        materials.train_trees,
        dev,
        vectors,
        tagger,
        lemmas_of(files.get("lemma") or plan.given("lemma")),
        warm=warm,
        language=recipe.code,
        settings=options,
    )


def lemmas_of(path: Path | None) -> Callable[[str, str], str]:
    """(form, part of speech) → lemma, by a dictionary of Stanza's."""
    from stanza.models.lemma.trainer import Trainer

    trainer = Trainer(model_file=str(path), device="cpu")
    return lambda form, tag: str(trainer.predict_dict([(form, tag)])[0])


def _finder(plan: Plan, materials: Materials, warm: Path | None) -> Finder:
    recipe, parts = plan.recipe, materials.named()
    everything = [sentence for _, ours in parts for sentence in ours]
    copies, known = names.Copies(marks=recipe.marks), names.lexicon(everything)

    def one_pass(dice: random.Random) -> Sequence[names.Sentence]:
        return list(names.sampled(parts, copies, known, dice))

    return Finder(
        one_pass,
        materials.sentences(recipe.names["dev"][0])[: plan.sentences],
        materials.vectors,
        warm=warm,
        vocabulary=everything,
        settings=[*recipe.parts["names"].options, "--shorthand", f"{recipe.code}_quotetrack"],
    )


def _dictionaries(plan: Plan, materials: Materials, log: Log) -> dict[str, Path]:
    """The parts that are dictionaries: multiword tokens and lemmas, as Stanza makes them from the trees."""
    from stanza.models import lemmatizer, mwt_expander

    folder = plan.trained("dictionaries")
    folder.mkdir(parents=True, exist_ok=True)
    sets = {"train": materials.trees("train"), "dev": materials.trees("dev")}
    for name, trees in sets.items():
        (folder / f"{name}.conllu").write_text(treebank.write(trees), "utf-8")
    shorthand = f"{plan.recipe.code}_quotetrack"
    both = [
        "--dict_only",
        "--train_file",
        str(folder / "train.conllu"),
        "--eval_file",
        str(folder / "dev.conllu"),
    ]
    both += ["--save_dir", str(folder), "--shorthand", shorthand]
    files = {"lemma": folder / "lemma.pt"}
    lemmatizer.main([*both, "--save_name", "lemma.pt"])
    if any("-" in row[treebank.ID] for tree in sets["train"] for row in tree.rows):
        gold = ["--lang", plan.recipe.code, "--gold_file", str(folder / "dev.conllu")]
        mwt_expander.main([*both, *gold, "--save_name", "mwt.pt"])
        files["mwt"] = folder / "mwt.pt"
    log(f"dictionaries: {', '.join(sorted(files))}")
    return files


def packed(plan: Plan, files: dict[str, Path], out: Path, log: Log) -> list[models.Problem]:
    """Pack what `build` made, with the parts it left alone; what is then wrong with the folder (nothing)."""
    kept = {}
    for processor in ("pretrain", *PROCESSORS):
        given = plan.given(processor)
        if processor not in files and given is not None and given.is_file():
            kept[processor] = given
    size = pack(files, kept, out, plan.recipe.code, plan.recipe.name)
    log(f"{out / plan.recipe.code}: {size / 1e6:.1f} MB")
    return models.verify(models.ModelSet(plan.recipe.code, "bundled", out, "default", "built"))


def figures(plan: Plan, folder: Path, log: Log) -> dict[str, dict[str, float]]:
    """Test set → figure → percent, of a packed folder. The test sets choose nothing."""
    materials, found = Materials(plan), {}
    for file in plan.recipe.trees["test"]:
        trees = materials.trees("test", file)
        found[file] = {
            key: round(value, 2) for key, value in tree_scores(folder, plan.recipe.code, trees).items()
        }
    for file in plan.recipe.names["test"]:
        sentences = materials.sentences(file)[: plan.sentences]
        found[file] = {
            key: round(value, 2) for key, value in name_scores(folder, plan.recipe.code, sentences).items()
        }
    for file, row in found.items():
        log(f"{file}: " + " ".join(f"{key} {value:.1f}" for key, value in row.items()))
    return found
