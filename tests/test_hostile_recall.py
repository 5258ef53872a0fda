"""Entries of the user's own cache, with right digests, that hold what no solve has given."""

import pytest

from intertwine.cache import Cache
from intertwine.recall import Question
from intertwine.spec.load import load_document

RING = {"name": "ring", "group": {"cyclic": 5}, "input": "points", "output": "points"}


@pytest.fixture
def kept(tmp_path):
    """A question, a cache that holds its answer, and what the cache holds."""
    question, cache = Question(load_document(RING)), Cache(tmp_path)
    question.answer(question.solved(), cache)
    return question, cache, cache.recall(question.key)


@pytest.mark.parametrize(
    "odd",
    [{"name": "../../other"}, {"name": "/etc/other"}, {"page": None}, {"facts": [1]}, {"page": 3}],
    ids=str,
)
def test_an_entry_that_answers_something_else_is_not_recalled(kept, odd):
    question, cache, value = kept
    assert question.recalled(cache) is not None
    cache.keep(question.key, {**value, **odd})
    assert question.recalled(cache) is None


@pytest.mark.parametrize("value", [None, 3, [], "abc", [1]], ids=str)
def test_nor_is_one_that_is_no_answer(kept, value):
    question, cache, _ = kept
    cache.keep(question.key, value)
    assert question.recalled(cache) is None
