"""Train the tiny English-Spanish model of the tests and pack it as an Argos package.

    python -m venv /somewhere && /somewhere/bin/pip install torch numpy ctranslate2 sentencepiece
    /somewhere/bin/python tests/models/train_tiny.py

A Transformer of 2 + 2 layers learns the sentences of grammar.py, in some six minutes on one core. The seed is fixed,
the weights still differ a little from one machine to another. PyTorch is needed here only; the project does not.
"""

import argparse
import io
import itertools
import json
import math
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece
import torch
from ctranslate2.specs import TransformerSpec
from torch import Tensor, nn
from torch.nn import functional

sys.path.insert(0, str(Path(__file__).parent))
from grammar import Pair, make_pairs

FOLDER = "translate-en_es-1_0"
SEED, HELD_OUT_SEED = 1, 2
VOCABULARY, WIDTH, INNER, HEADS, LAYERS = 640, 64, 256, 4, 2
UNK, BOS, EOS = 0, 1, 2  # sentencepiece's own
IGNORED = -100
BATCH_SENTENCES, PEAK_RATE, WARMUP = 128, 4e-3, 200

README = """# English to Spanish, tiny

Made by tests/models/train_tiny.py of translate-article to test with. It knows the words of tests/models/grammar.toml
and no others; exactly {exact} of {total} sentences that it had not seen came out as the grammar has them.
Licence: Apache-2.0, as the rest of the project.
"""


class Attention(nn.Module):
    """Attention of several heads, with the weights laid out as CTranslate2 keeps them."""

    def __init__(self, *, to_itself: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        sizes = (3 * WIDTH, WIDTH) if to_itself else (WIDTH, 2 * WIDTH, WIDTH)
        self.linear = nn.ModuleList(nn.Linear(WIDTH, size) for size in sizes)

    def forward(self, x: Tensor, memory: Tensor | None, mask: Tensor) -> Tensor:
        """Take (batch, length, width); `mask` is True where a place may be looked at."""
        y = self.norm(x)
        if memory is None:
            query, key, value = self.linear[0](y).chunk(3, -1)
        else:
            query, (key, value) = self.linear[0](y), self.linear[1](memory).chunk(2, -1)
        heads = [part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in (query, key, value)]
        mixed = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2], attn_mask=mask)
        return x + self.linear[-1](mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """A layer of the encoder, or with `crosses` of the decoder."""

    def __init__(self, *, crosses: bool) -> None:
        super().__init__()
        self.own = Attention(to_itself=True)
        self.cross = Attention(to_itself=False) if crosses else None
        self.norm = nn.LayerNorm(WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)

    def forward(self, x: Tensor, mask: Tensor, memory: tuple[Tensor, Tensor] | None = None) -> Tensor:
        """Take (batch, length, width) and give the same; `memory` is what the encoder gave, with its mask."""
        x = self.own(x, None, mask)
        if self.cross is not None and memory is not None:
            x = self.cross(x, *memory)
        return x + self.outer(functional.relu(self.inner(self.norm(x))))


class Stack(nn.Module):
    """The layers of one side and the norm behind them."""

    def __init__(self, *, crosses: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(crosses=crosses) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)


class Model(nn.Module):
    """Encoder, decoder and one table of embeddings for all three places."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.embedding.weight, std=WIDTH**-0.5)
        self.bias = nn.Parameter(torch.zeros(VOCABULARY))
        self.encoder, self.decoder = Stack(crosses=False), Stack(crosses=True)

    def embed(self, ids: Tensor) -> Tensor:
        """Embed and add the position: sines, then cosines, from position 1 (CTranslate2's own encoding)."""
        steps = torch.exp(torch.arange(WIDTH // 2) * -(math.log(10000) / (WIDTH // 2 - 1)))
        angles = torch.arange(1, ids.shape[1] + 1)[:, None] * steps
        return self.embedding(ids) * math.sqrt(WIDTH) + torch.cat((angles.sin(), angles.cos()), 1)

    def forward(self, source: Tensor, lengths: Tensor, target: Tensor) -> Tensor:
        """Give scores (batch, length, vocabulary) for the token behind each token of `target`."""
        seen = (torch.arange(source.shape[1]) < lengths[:, None])[:, None, None]
        memory = self.embed(source)
        for layer in self.encoder.layers:
            memory = layer(memory, seen)
        memory = self.encoder.norm(memory)
        before = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).tril()
        x = self.embed(target)
        for layer in self.decoder.layers:
            x = layer(x, before, (memory, seen))
        return functional.linear(self.decoder.norm(x), self.embedding.weight, self.bias)


def learn_vocabulary(pairs: list[Pair]) -> bytes:
    """Learn one vocabulary for both languages."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text for pair in pairs for text in pair]), model_writer=model, vocab_size=VOCABULARY,
        model_type="unigram", character_coverage=1.0, num_threads=1, minloglevel=2,
        required_chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.,:;!?()'\"-/%$",
    )  # fmt: skip
    return model.getvalue()


def make_batches(processor: sentencepiece.SentencePieceProcessor, seed: int) -> Iterator[tuple[Tensor, ...]]:
    """Give batches of fresh sentences: source, its lengths, target with a start, target with an end."""
    pairs = make_pairs(seed)
    while True:
        pool = sorted(itertools.islice(pairs, BATCH_SENTENCES * 16), key=lambda pair: len(pair[0]))
        batches = [pool[at : at + BATCH_SENTENCES] for at in range(0, len(pool), BATCH_SENTENCES)]
        for at in torch.randperm(len(batches)).tolist():
            sources = processor.encode([pair[0] for pair in batches[at]])
            targets = processor.encode([pair[1] for pair in batches[at]])
            yield (
                _pad(sources, EOS), torch.tensor([len(ids) for ids in sources]),
                _pad([[BOS, *ids] for ids in targets], EOS), _pad([[*ids, EOS] for ids in targets], IGNORED),
            )  # fmt: skip


def _pad(rows: list[list[int]], filler: int) -> Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])


def train(model: Model, batches: Iterator[tuple[Tensor, ...]], steps: int) -> None:
    """Train with AdamW; the rate rises, then falls along a cosine."""
    optimiser = torch.optim.AdamW(model.parameters(), PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)

    def rate(step: int) -> float:
        if step < WARMUP:
            return (step + 1) / WARMUP
        return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / max(1, steps - WARMUP)))

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    started = time.process_time()
    for step, (source, lengths, before, after) in enumerate(itertools.islice(batches, steps), 1):
        scores = model(source, lengths, before)
        scores, wanted = scores.flatten(0, 1), after.flatten()
        loss = functional.cross_entropy(scores, wanted, ignore_index=IGNORED, label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 0:
            print(f"step {step}, loss {loss.item():.3f}, {time.process_time() - started:.0f} s", flush=True)


def export(model: Model, vocabulary: list[str], folder: Path) -> None:
    """Write the weights as CTranslate2 keeps them, in int8."""
    spec = TransformerSpec.from_config(LAYERS, HEADS, pre_norm=True)
    for side, stack in ((spec.encoder, model.encoder), (spec.decoder, model.decoder)):
        embedding = side.embeddings[0] if isinstance(side.embeddings, list) else side.embeddings
        embedding.weight = _array(model.embedding.weight)
        side.scale_embeddings = True
        _copy(side.layer_norm, stack.norm)
        for mine, layer in zip(side.layer, stack.layers, strict=True):
            _copy_attention(mine.self_attention, layer.own)
            if layer.cross is not None:
                _copy_attention(mine.attention, layer.cross)
            _copy(mine.ffn.layer_norm, layer.norm)
            _copy(mine.ffn.linear_0, layer.inner)
            _copy(mine.ffn.linear_1, layer.outer)
    spec.decoder.projection.weight = _array(model.embedding.weight)
    spec.decoder.projection.bias = _array(model.bias)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_bos = spec.config.add_source_eos = False
    spec.validate()
    spec.optimize("int8")
    folder.mkdir(parents=True)
    spec.save(str(folder))


def _copy_attention(spec: object, attention: Attention) -> None:
    _copy(spec.layer_norm, attention.norm)
    for mine, linear in zip(spec.linear, attention.linear, strict=True):
        _copy(mine, linear)


def _copy(spec: object, module: nn.Module) -> None:
    names = ("gamma", "beta") if isinstance(module, nn.LayerNorm) else ("weight", "bias")
    setattr(spec, names[0], _array(module.weight))
    setattr(spec, names[1], _array(module.bias))


def _array(parameter: Tensor) -> np.ndarray:
    return parameter.detach().numpy().astype(np.float32)


def measure(processor: sentencepiece.SentencePieceProcessor, folder: Path, seen: set[str], total: int) -> int:
    """Count the sentences, of `total` not seen in training, that come out exactly; show some that do not."""
    pairs = list(itertools.islice((pair for pair in make_pairs(HELD_OUT_SEED) if pair[0] not in seen), total))
    translator = ctranslate2.Translator(str(folder), inter_threads=1, intra_threads=1)
    results = translator.translate_batch(
        processor.encode([source for source, _ in pairs], out_type=str),
        beam_size=4, length_penalty=0.2, max_batch_size=1024, batch_type="tokens",
    )  # fmt: skip
    given = [processor.decode(result.hypotheses[0]) for result in results]
    wrong = [(*pair, text) for pair, text in zip(pairs, given, strict=True) if text != pair[1]]
    for source, right, text in wrong[:8]:
        print(f"  source  {source}\n  wanted  {right}\n  given   {text}")
    return total - len(wrong)


def pack(files: dict[str, bytes], path: Path) -> None:
    """Zip the files of a package; the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", (2020, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)


def main() -> None:
    """Learn the vocabulary, train, export, measure, pack."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / f"{FOLDER}.argosmodel")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    vocabulary = learn_vocabulary(list(itertools.islice(make_pairs(SEED), 20_000)))
    processor = sentencepiece.SentencePieceProcessor(model_proto=vocabulary)
    model = Model()
    train(model, make_batches(processor, SEED), args.steps)
    seen = {pair[0] for pair in itertools.islice(make_pairs(SEED), args.steps * BATCH_SENTENCES)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "model"
        export(model, [processor.id_to_piece(at) for at in range(VOCABULARY)], folder)
        exact = measure(processor, folder, seen, 1000)
        files = {f"model/{path.name}": path.read_bytes() for path in folder.iterdir()}
    facts = {
        "package_version": "1.0", "argos_version": "1.9.0", "from_code": "en", "from_name": "English",
        "to_code": "es", "to_name": "Spanish", "links": [],
    }  # fmt: skip
    files["metadata.json"] = json.dumps(facts, indent=2).encode()
    files["sentencepiece.model"] = vocabulary
    files["README.md"] = README.format(exact=exact, total=1000).encode()
    pack(files, args.out)
    print(f"{exact} of 1000 exact; {args.out.name} {args.out.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
