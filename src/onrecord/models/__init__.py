"""Model files with manifests, tokenizer, sessions: arrays in, arrays out. Knows nothing of news."""

from onrecord.models.manifest import Branch, Manifest, available, find_model, load_manifest
from onrecord.models.session import ENGINES, Session, open_session
from onrecord.models.tokenizer import WordPieces

__all__ = ["ENGINES", "Branch", "Manifest", "Session", "WordPieces", "available", "find_model", "load_manifest", "open_session"]
