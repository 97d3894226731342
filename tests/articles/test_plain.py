from datetime import datetime

import pytest

from onrecord.articles import Kind, read_article
from onrecord.articles.lines import kind_of_line, kinds_of_lines, read_stamp
from onrecord.sources.document import Document

STORY = """Harbour talks end without a deal

By Evening Beacon (World) | Created at 2026-02-03 09:10:11 | Updated at 2026-02-03 12:00:00 2 hours ago

Talks about the harbour at Tarn ended without a deal on Tuesday, officials said.

The harbour master, Lena Orsk, said she would try again in the spring.

Lena Orsk (pictured) leaves the customs house at Tarn

Lena Orsk (pictured) leaves the customs house at Tarn, flanked by aides

'We are tired,' she said.

What happens next

The two towns will meet again in April, when the ice is gone.

(Reporting by Jon Vale in Tarn; Editing by Ida Moss)

Read Entire Article"""


def test_an_aggregator_s_page() -> None:
    made = read_article(Document(STORY.encode(), "tarn.txt"))
    assert (made.outlet, made.section, made.title) == ("Evening Beacon", "World", "Harbour talks end without a deal")
    assert made.published == datetime(2026, 2, 3, 9, 10, 11)  # noqa: DTZ001 - the line states no zone
    assert made.updated == datetime(2026, 2, 3, 12, 0)  # noqa: DTZ001 - the line states no zone
    kinds = [p.kind for p in made.revision.paragraphs]
    assert kinds == [
        Kind.HEADLINE, Kind.BYLINE, Kind.BODY, Kind.BODY, Kind.CAPTION, Kind.CAPTION, Kind.BODY, Kind.HEADING, Kind.BODY, Kind.BYLINE, Kind.BOILERPLATE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("By Ann Lee", Kind.BYLINE),
        ("By Ann Lee and Bo van Dorn", Kind.BYLINE),
        ("By Monday the talks had failed and the ships had left.", None),
        ("TARN, March 3 (Beacon) -", Kind.DATELINE),
        ("TARN, March 3 - The minister said no.", None),
        ("Read more: What is in the plan", Kind.BOILERPLATE),
        ("Read my lips, the minister said.", None),
        ("© 2026 Beacon. All rights reserved.", Kind.BOILERPLATE),
        ("Advertisement", Kind.BOILERPLATE),
        ("Updated 7:05 p.m. CET", Kind.BYLINE),
        ("A handout photograph shows the burned-out pier", Kind.CAPTION),
        ("The pier at dusk. Picture: Beacon/J. Vale", Kind.CAPTION),
        ("She said the picture was more complicated than that.", None),
        ("***", Kind.BOILERPLATE),
        ("___", Kind.BOILERPLATE),
        ("Report Finds NATO Trains Troops in Tarn", None),
        ("Words by Ann Lee", Kind.BYLINE),
        ("Story Continued Below", Kind.BOILERPLATE),
        ("SHARE THIS ARTICLE Share Tweet Post Email", Kind.BOILERPLATE),
        ("JUST WATCHED The pier burns Replay More Videos ... MUST WATCH The pier burns 02:49", Kind.BOILERPLATE),
        ("Image copyright Beacon Image caption The mayor arrives", Kind.CAPTION),
        ("6 years ago", Kind.BYLINE),
        ("By Friday, officials said, the truce would be over.", None),
        ("By March the ice had gone", None),
        ("By Ann Lee, Beacon correspondent in Tarn", Kind.BYLINE),
        ("By ANN LEE and BO DORN | Tarn", Kind.BYLINE),
        ("Written by an influential thinktank for the navy, the document argues that the pier must go.", None),
        ("Written by Polestar Centre staff for the navy, the document argues that the pier must go.", None),
        ("Additional reporting by Ann Lee in Tarn and Bo Dorn; editing by Ida Moss.", Kind.BYLINE),
        ("Published in 2019, the report warned of a flood in 20 years.", None),
        ("Updated figures show 34 people died, the ministry said.", None),
        ("Created in 1997, the agency said it had 40 staff.", None),
        ("Published: 09:15, 2 November 2025 | Updated: 11:02, 3 November 2025", Kind.BYLINE),
        ("Last updated on Tue 4 Mar 2025 09.15 GMT", Kind.BYLINE),
        ("PUBLISHED 3 hours ago", Kind.BYLINE),
        ("First published on March 4, 2025 at 4:05 pm EST", Kind.BYLINE),
        ("Sunday 2 November 2025", Kind.BYLINE),
        ("Monday 3 March 2025 was the day the pier burned.", None),
        ("Save our harbour, the protesters shouted.", None),
        ("Email records show that he knew, his aide admitted.", None),
        ("Print newspapers will not survive, the editor said.", None),
        ("Copyright law must change, the minister said.", None),
        ("Copyright 2025 The Beacon. All rights reserved.", Kind.BOILERPLATE),
        ("Show more respect, the president told the crowd.", None),
        ("Show more comments", Kind.BOILERPLATE),
        ("Register every boat, the minister said.", None),
        ("Register to continue reading", Kind.BOILERPLATE),
        ("Subscribe to that view and you subscribe to war, he said.", None),
        ("Subscribe to our newsletter", Kind.BOILERPLATE),
        ("Sign up for the morning email and get the news first", Kind.BOILERPLATE),
        ("Already a subscriber? Log in", Kind.BOILERPLATE),
        ("Comment sections are dead, the editor said.", None),
        ("Share this article", Kind.BOILERPLATE),
        ("Read Entire Article", Kind.BOILERPLATE),
        ("Read more about the pier", Kind.BOILERPLATE),
        ("READ MORE: Mayor says no | Beacon", Kind.BOILERPLATE),
        ("The Northern League (far right) said it would vote against the treaty.", None),
        ("Ann Lee (far right) and Bo Dorn (far left) at the pier", Kind.CAPTION),
        ("Ann Lee (left) with the mayor of Tarn", Kind.CAPTION),
        ("The Greens, who sat in the coalition (and left the coalition in March), said nothing.", None),
        ("The tribunal (which has no right of appeal) said the pier was closed.", None),
        ("The spokesman said an undated photo of the pier was 'authentic'.", None),
        ("In this undated handout photo, a trawler burns off Tarn", Kind.CAPTION),
        ("The quay at night (Photo: J. Roe/Beacon)", Kind.CAPTION),
        ("FILE PHOTO: The mayor arrives at Tarn", Kind.CAPTION),
    ],
)
def test_what_a_line_gives_away(line: str, kind: Kind | None) -> None:
    assert kind_of_line(line) is kind


def test_a_post_without_a_full_stop_is_no_caption() -> None:
    lines = [
        "The pier burned on Monday night.",
        "I have just told the mayor that we will not pay a single crown for this burned pier of hers",
        "She did not answer.",
    ]
    rest = ["A trawler leaves the harbour of Tarn under a heavy sky with its lamps lit", "The council meets again in spring.", "It will vote then."]
    assert kinds_of_lines([*lines, *rest])[1] is Kind.BODY
    assert kinds_of_lines([*lines, *rest])[3] is Kind.CAPTION


def test_a_stamp_needs_a_moment() -> None:
    assert read_stamp("By Ann Lee | Beacon") is None


def test_lines_wrapped_by_hand_are_one_paragraph() -> None:
    text = "The harbour master said on Tuesday evening that the\ntalks about the northern pier and the ferry to Gull\nwould go on in the spring, when the ice is gone, and\nno ship would sail.\n\nThe mayor agreed."
    made = read_article(Document(text.encode(), "wrapped.txt"))
    assert len(made.revision.paragraphs) == 2


def test_a_single_sentence_is_body() -> None:
    made = read_article(Document(b"The mayor said no.", "one.txt"))
    assert [p.kind for p in made.revision.paragraphs] == [Kind.BODY]
