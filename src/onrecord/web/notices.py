"""What a page says after something was done. Keys stand in addresses, sentences do not: nobody can make a desk say something by sending a link."""

from __future__ import annotations

__all__ = ["NOTICES"]

NOTICES = {
    "done": "Done.",
    "coded": "Coded.",
    "undone": "Taken back.",
    "named": "From now on you work under this name in this browser.",
    "statement-right": "The statement is confirmed.",
    "statement-wrong": "The statement is rejected: it is shown here alone. That can be taken back.",
    "statement-speaker": "Another speaker is set; the reader's own stays beside it.",
    "statement-corrected": "The statement is corrected; what the reader has stays beside it.",
    "statement-coded": "Coded.",
    "judgement-given-back": "It stands again.",
    "search-kept": "The search is kept, and has a feed.",
    "search-removed": "The search is kept no more. It can be kept again below.",
    "unfollowed": "Not followed any more; what came from it stays.",
    "token-revoked": "It lets nobody in any more.",
    "begun": "It is being done.",
    "issue-followed": "The issue is followed. What is filed already can be examined for it.",
    "issue-edited": "The issue has another version. Earlier ones can be taken up again below.",
    "issue-same": "Nothing has changed.",
    "issue-retired": "The issue is followed no more; its positions stay. It can be followed again.",
    "suggestion-refused": "It is suggested no more. That can be taken back below.",
    "merged": "They are one now. That can be taken back below.",
    "split": "They are two now. That can be taken back below.",
    "suggestion-open": "It may be suggested again.",
}
