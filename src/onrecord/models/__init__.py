"""Model files with manifests, tokenizer, sessions: arrays in, arrays out. Knows nothing of news."""

from onrecord.models.coding import CodingManifest, Weights, load_coding_manifest
from onrecord.models.manifest import Branch, Manifest, available, find_model, load_manifest
from onrecord.models.session import ENGINES, Session, open_session
from onrecord.models.tokenizer import WordPieces

__all__ = [
    "ENGINES",
    "Branch",
    "CodingManifest",
    "Manifest",
    "Session",
    "Weights",
    "WordPieces",
    "available",
    "find_model",
    "load_coding_manifest",
    "load_manifest",
    "open_session",
]
