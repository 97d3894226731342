"""Articles that want to run something, or to make a page say what it should not: in titles, bylines, texts, captions, outlets, addresses and marks of direction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape

from onrecord.sources import Document

#: What a page must only ever show. Each calls `pwned` if it runs.
PAYLOADS = (
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<svg onload=pwned()><animate onbegin=pwned() attributeName=x dur=1s></svg>",
    "<math><mtext><mglyph><style><img src=x onerror=pwned()></style></mglyph></mtext></math>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<details open ontoggle=pwned()><summary>x</summary></details>",
    "<a href='javascript:pwned()'>press</a>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
    "<base href='//evil.example/'>",
    "<form action=//evil.example/><button autofocus onfocus=pwned()>x</button></form>",
    "<object data='data:text/html,<script>pwned()</script>'></object>",
    "<style>@import '//evil.example/x.css'; body{display:none}</style>",
    '"><script>pwned()</script>',
    "' autofocus onfocus='pwned()",
    "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "</title></textarea></script><script>pwned()</script>",
    "<!--<script>--><script>pwned()</script>",
    "\u202egpj.exe\u202c \u2066isolated\u2069 \u200f",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "&#x3C;img src=x onerror=pwned()&#x3E;",
    "javascript:pwned()//",
    "data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+",
    "]]><script>pwned()</script>",
)


def articles() -> Iterator[Document]:
    """One article each, with the payload wherever an outlet can put words: escaped, so that it is text, and bare, so that it is mark-up."""
    for n, payload in enumerate(PAYLOADS):
        text = escape(payload)
        data = json.dumps(
            {"@type": "NewsArticle", "headline": f"Talks {payload}", "author": {"name": f"Ann {payload}"}, "publisher": {"name": f"Post {payload}"}}
        ).replace("</", "<\\/")
        page = f"""<!doctype html><html lang="en"><head><title>Talks {text} resume {n}</title>
<meta property="og:site_name" content="Post {escape(payload, quote=True)}"><meta name="author" content="Ann {escape(payload, quote=True)}">
<script type="application/ld+json">{data}</script></head><body><article><h1>Talks {text} resume {n}</h1>
<p class="byline">By Ann {text}</p>
<p>“We will not sign {text} before the ice goes, and nobody will make us,” said Lena Orsk, the minister {text}, on Monday in the harbour.</p>
<p>The envoy {payload} told reporters that the talks about {text} would go on until the boats were home again, whatever was said in the capital.</p>
<figure><img src="x.jpg" alt="{escape(payload, quote=True)}"><figcaption>Boats {text}, “ours to the last plank,” as Pavel Ost said</figcaption></figure>
<p>Nobody on the quay had heard of the letter {text}. The council meets on Thursday, and the fleet leaves at dawn as it has done for forty years.</p>
</article></body></html>"""
        url = f"https://evil.example/{n}?q=%22%3E%3Cscript%3Epwned()%3C/script%3E"
        yield Document(page.encode(), url, url=url, media_type="text/html", charset="utf-8")
