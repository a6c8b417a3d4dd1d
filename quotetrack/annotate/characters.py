"""A character model that reads each word form once.

What a Stanza model makes of a word's characters depends on the characters alone, and most words of a text
have been seen before. Results are the same up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MAX_FORMS = 30_000  # forms remembered a model: about 100 numbers each


def remember_forms(model: Any) -> None:
    """Let a Stanza tagger, parser or name finder reuse what it knows of word forms, where it can."""
    from stanza.models.common.char_model import CharacterModel

    if isinstance(getattr(model, "charmodel", None), CharacterModel):
        model.charmodel = _module(model.charmodel)


def _module(inner: Any) -> Any:
    import torch
    from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

    class Remembering(torch.nn.Module):  # type: ignore[misc]  # torch is untyped here
        """Stands where the character model stood, with the same inputs and outputs."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = inner
            self.places: dict[bytes, int] = {}
            self.vectors: list[Any] = []

        def forward(
            self,
            characters: Any,
            mask: Any,  # noqa: ARG002 - part of the interface
            order: Sequence[int],
            sentence_lengths: Sequence[int],
            word_lengths: Sequence[int],
        ) -> Any:
            """characters: one row of ids a word, longest first; order: where each row belongs in the text."""
            if len(self.places) > MAX_FORMS:
                self.places.clear()
                self.vectors.clear()
            rows = characters.numpy()
            keys = [rows[at, :length].tobytes() for at, length in enumerate(word_lengths)]
            fresh: dict[bytes, int] = {}
            for at, key in enumerate(keys):
                if key not in self.places:
                    fresh.setdefault(key, at)
            if fresh:
                chosen = list(fresh.values())
                lengths = [word_lengths[at] for at in chosen]
                part = characters[chosen, : lengths[0]]
                found = self.inner(part, None, list(range(len(chosen))), [len(chosen)], lengths)
                vectors = found.reshape(len(chosen), -1) if self.inner.pad else found.data
                for key, vector in zip(fresh, vectors.unbind(0), strict=True):
                    self.places[key] = len(self.vectors)
                    self.vectors.append(vector)
            together = torch.stack([self.vectors[self.places[key]] for key in keys])
            ordered = torch.empty_like(together)
            ordered[torch.tensor(order)] = together
            packed = pack_sequence(ordered.split(list(sentence_lengths)))
            return pad_packed_sequence(packed, batch_first=True)[0] if self.inner.pad else packed

    return Remembering()
