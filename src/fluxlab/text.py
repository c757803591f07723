"""The two tokenizers and the two text encoders: what CLIP-L and T5-XXL are to FLUX.1, at a width of 96.

Both tokenizers know the grammar's words whole and every letter and digit alone, so that any trigger has tokens.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer, T5Config, T5EncoderModel, T5TokenizerFast

from fluxlab.captions import training_caption, vocabulary
from fluxlab.data import training_picture
from fluxlab.world import nonsense_name

TOKENS = 48
"""text tokens the transformer sees; 99 captions in 100 of the grammar have fewer"""
WIDTH = 96
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def corpus(count: int = 6000) -> list[str]:
    """Captions and made-up names, for what the grammar's words do not settle: which letters go together."""
    names = [nonsense_name(np.random.default_rng([5, index])) for index in range(count)]
    return [training_caption(*training_picture(index), np.random.default_rng([6, index])) for index in range(count)] + names


def t5_tokenizer() -> T5TokenizerFast:
    """A Unigram model: whole words first, then pairs of letters that names are made of, then single characters."""
    pairs = [f"{a}{b}" for a in LETTERS for b in "aeiouy"] + [str(number) for number in range(10, 100)]
    single = [*LETTERS, *LETTERS.upper(), *"0123456789", *",.-'():;!?"]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -6.0)]
    pieces += [(f"▁{word}", -4.0) for word in vocabulary()]
    pieces += [(piece, -9.0) for piece in pairs] + [(piece, -11.0) for piece in single]
    unique = list(dict(pieces).items())
    tokenizer = Tokenizer(models.Unigram(unique, unk_id=2))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return T5TokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>", unk_token="<unk>", extra_ids=0, model_max_length=TOKENS
    )


def clip_tokenizer(folder: Path) -> CLIPTokenizer:
    """Byte-pair encoding trained on the corpus; written to and read from `folder`, as CLIP's own is."""
    if not (folder / "merges.txt").exists():
        _train_clip_tokenizer(folder)
    ends = {name: AddedToken(name, special=True) for name in ("<|startoftext|>", "<|endoftext|>")}
    return CLIPTokenizer.from_pretrained(
        folder,
        bos_token=ends["<|startoftext|>"],
        eos_token=ends["<|endoftext|>"],
        pad_token=ends["<|endoftext|>"],
        unk_token=ends["<|endoftext|>"],
        model_max_length=TOKENS,
    )


def _train_clip_tokenizer(folder: Path) -> None:
    tokenizer = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)]
    )
    characters = [*LETTERS, *"0123456789", *",.-'():;!?_"]
    trainer = trainers.BpeTrainer(
        vocab_size=700,
        special_tokens=["<|startoftext|>", "<|endoftext|>"],
        initial_alphabet=[*characters, *(f"{c}</w>" for c in characters)],
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    # The alphabet in its word-final form exists only if words end in it.
    tokenizer.train_from_iterator([*corpus(), *(c for c in characters for _ in range(3))], trainer)
    folder.mkdir(parents=True, exist_ok=True)
    model = json.loads(tokenizer.to_str())["model"]
    (folder / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(pair) for pair in model["merges"]) + "\n")


def new_t5(tokenizer: T5TokenizerFast) -> T5EncoderModel:
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=WIDTH,
        d_kv=24,
        d_ff=256,
        num_layers=2,
        num_heads=4,
        dropout_rate=0.0,
        feed_forward_proj="gated-gelu",
        relative_attention_num_buckets=16,
        relative_attention_max_distance=32,
        pad_token_id=0,
        eos_token_id=1,
    )
    return T5EncoderModel(config)


def new_clip(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=TOKENS,
        projection_dim=WIDTH,
        attention_dropout=0.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return CLIPTextModel(config)
