from hypothesis import given
from hypothesis import strategies as st

from onrecord.scoring import GoldArticle
from onrecord.scoring.calibration import EDGES, Judged, bands, judge
from onrecord.scoring.spans import Attributed


def test_right_is_what_the_joined_rule_matches():
    gold = GoldArticle("a", "Orsk said no ship sails", (Attributed(source=((0, 4),), cue=((5, 9),), content=((10, 23),)),))
    near, far = Attributed(source=((0, 4),), content=((13, 23),), score=0.9), Attributed(source=((0, 4),), content=((5, 9),), score=0.4)
    assert judge(gold, [far, near]) == (Judged(0.4, right=False), Judged(0.9, right=True))
    assert judge(gold, [Attributed(content=((10, 23),))]) == ()


@given(st.lists(st.builds(Judged, st.floats(0, 1), st.booleans())))
def test_every_prediction_is_in_one_band(judged):
    found = bands(judged)
    assert [b.low for b in found] == list(EDGES)
    assert sum(b.number for b in found) == len(judged)
    assert sum(b.right for b in found) == sum(j.right for j in judged)
