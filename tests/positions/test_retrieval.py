"""Which statements are read beside which issues."""

import numpy as np

from onrecord.positions import Issue
from onrecord.positions.retrieval import pairs, says, wording
from onrecord.statements.wording import terms


def stems(text):
    return [t.stem for t in terms(text)]


FERRY = wording(Issue("ferry", "Night ferry to the outer islands", ("late boat",)))


def test_an_issue_is_said_by_its_names_in_any_form():
    assert says(stems("They want late boats."), FERRY) == 1
    assert (
        says(
            stems(
                "A ferry at night to the islands would cost more than it earns, and nobody who was asked in the street last week wanted the night ferry to the islands"
            ),
            FERRY,
        )
        == 2
    )
    assert says(stems("The boat was built late in the century by people of the town who had never seen the sea"), FERRY) <= 1
    assert says(stems("The harbour was quiet."), FERRY) == 0


def test_in_an_article_about_the_issue_every_statement_is_read():
    far = np.zeros((3, 1), dtype=np.float32)
    said = ["We will not pay.", "It is late.", "No."]
    assert pairs([FERRY], "Late boat saved", said, ["", "", ""], far) == [(0, 0), (1, 0), (2, 0)]
    assert pairs([FERRY], "Weather", said, ["", "", ""], far) == []


def test_words_before_a_statement_and_nearness_of_meaning_count():
    near = np.array([[0.0], [0.2]], dtype=np.float32)
    assert pairs([FERRY], "", ["No.", "Ships in the dark"], ["Asked about the late boat, he frowned.", ""], near) == [(0, 0), (1, 0)]
