"""Recurrent layers in NumPy compute what PyTorch's do; labels of names are found and mended."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.annotate.lstm import Layout, cell, highway, portions
from quotetrack.annotate.namer import likeliest, names

LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=7)


def saved(module, prefix):
    return {prefix + name: tensor.detach().numpy() for name, tensor in module.state_dict().items()}


@settings(deadline=None, max_examples=25)  # the first example imports PyTorch
@given(lengths=LENGTHS, seed=st.integers(0, 10**6), spread=st.sampled_from([0.5, 30.0]))
def test_a_layer_is_pytorchs(lengths, seed, spread):
    import torch

    torch.manual_seed(seed)
    module = torch.nn.LSTM(5, 4, bidirectional=True, batch_first=True)
    first = {f"first_{name}": torch.randn(2, 1, 4) for name in ("h_init", "c_init")}
    items = [torch.randn(length, 5) * spread for length in lengths]
    model = saved(module, "rnn.") | {name: values.numpy() for name, values in first.items()}
    flat = torch.cat(items).numpy()
    layout = Layout(lengths)
    ours = cell(model, "rnn.", first="first")
    found = ours.run(flat, layout)
    rows = np.arange(len(flat))[::-1]
    again = ours.run_known(ours.project(flat[::-1]), rows, layout)
    with torch.no_grad():
        theirs = torch.cat([module(item[None], tuple(first.values()))[0][0] for item in items]).numpy()
    assert np.allclose(found, theirs, atol=1e-5)
    assert np.allclose(again, theirs, atol=1e-5)


@settings(deadline=None, max_examples=15)
@given(lengths=LENGTHS, seed=st.integers(0, 10**6))
def test_highway_layers_are_stanzas(lengths, seed):
    import torch
    from stanza.models.common.hlstm import HighwayLSTM

    torch.manual_seed(seed)
    module = HighwayLSTM(5, 4, 2, batch_first=True, bidirectional=True, highway_func=torch.tanh).eval()
    first = {f"deep_{name}": torch.randn(4, 1, 4) for name in ("h_init", "c_init")}
    items = torch.randn(sum(lengths), 5)
    model = saved(module, "deep.") | {name: values.numpy() for name, values in first.items()}
    found = highway(model, "deep").run(items.numpy(), None, Layout(lengths))
    with torch.no_grad():
        theirs = torch.cat(
            [module(item[None], [len(item)], tuple(first.values()))[0].data for item in items.split(lengths)]
        )
    assert np.allclose(found, theirs.numpy(), atol=1e-5)


@given(lengths=LENGTHS)
def test_a_layout_puts_every_item_in_its_place(lengths):
    layout = Layout(lengths)
    items = [(number, at) for number, length in enumerate(lengths) for at in range(length)]
    assert sum(layout.sizes) == len(items)
    both = []  # the steps of both directions, one after the other
    for forward, backward in zip(
        *(np.split(way, np.cumsum(layout.sizes)[:-1]) for way in (layout.forward, layout.backward)),
        strict=True,
    ):
        both += [*forward, *backward]
    assert [items[both[at]] for at in layout.both] == [item for item in items for _ in range(2)]
    steps = np.split(layout.forward, np.cumsum(layout.sizes)[:-1])
    for step, places in enumerate(steps):
        assert {items[at][1] for at in places} == {step}
    for number, length in enumerate(lengths):
        assert items[layout.beginnings[number]] == (number, 0)
        assert items[layout.ends[number]] == (number, length - 1)


@given(lengths=st.lists(st.integers(1, 50), max_size=30), most=st.integers(1, 100))
def test_portions_hold_everything_once_and_are_not_too_large(lengths, most):
    found = list(portions(lengths, most))
    assert sorted(itertools.chain(*found)) == list(range(len(lengths)))
    assert all(len(part) == 1 or sum(lengths[at] for at in part) <= most for part in found)


@settings(deadline=None)  # the first example imports Stanza
@given(lengths=LENGTHS, seed=st.integers(0, 10**6))
def test_the_likeliest_labels_are_stanzas(lengths, seed):
    from stanza.models.common.crf import viterbi_decode

    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(sum(lengths), 4)).astype(np.float32)
    changes = chance.normal(size=(4, 4)).astype(np.float32)
    found = likeliest(scores, changes, Layout(lengths)).tolist()
    parts = np.split(scores, np.cumsum(lengths)[:-1])
    assert found == [label for part in parts for label in viterbi_decode(part, changes)[0]]


LABELS = [
    ("O", []),
    ("S-PER O B-ORG I-ORG E-ORG", [(0, 0, "PER"), (2, 4, "ORG")]),
    ("B-PER O", [(0, 0, "PER")]),
    ("I-PER E-PER", [(0, 1, "PER")]),
    ("B-PER I-PER", [(0, 1, "PER")]),
    ("I-ORG", [(0, 0, "ORG")]),
    ("B-PER B-ORG E-ORG", [(0, 0, "PER"), (1, 2, "ORG")]),
    ("E-LOC", [(0, 0, "LOC")]),
]


@pytest.mark.parametrize(("labels", "expected"), LABELS)
def test_names_from_labels(labels, expected):
    assert names(labels.split()) == expected


@settings(deadline=None)  # the first example imports Stanza
@given(
    st.lists(
        st.sampled_from(["O", *(f"{place}-{kind}" for place in "BIES" for kind in ("A", "B"))]), max_size=8
    )
)
def test_names_are_stanzas(labels):
    from stanza.models.ner.trainer import fix_singleton_tags
    from stanza.models.ner.utils import decode_from_bioes

    theirs = decode_from_bioes(fix_singleton_tags(labels))
    assert names(labels) == [(one["start"], one["end"], one["type"]) for one in theirs]
