"""The domains of the session's fields."""

import math

import numpy as np
import pytest

from ui.state.address import PARAMETERS
from ui.state.domains import Fraction, OneOf, Several, Text, Whole, index_among
from ui.state.fields import DOMAINS
from ui.state.session import Session

FORGED: list[object] = [True, math.nan, math.inf, 10**400, -1, b"x", [], {}, {"a": 1}, object(), np.arange(3), "\0"]


def test_every_field_of_the_address_has_a_domain_and_no_forged_value_is_in_it():
    assert PARAMETERS.keys() == DOMAINS.keys()
    state = Session()
    for name, domain in DOMAINS.items():
        assert state.allows(name, getattr(state, name))
        texts = name in ("run", "other", "picture")
        assert [value for value in FORGED if state.allows(name, value) and not (texts and value == "\0")] == [], domain


def test_a_type_is_part_of_a_value():
    assert 1 in Whole(0, 1)
    assert [value for value in (True, 1.0, "1", 2, None) if value in Whole(0, 1)] == []
    assert 1.0 in Fraction()
    assert [value for value in (1, True, 1.1, math.nan, "1") if value in Fraction()] == []
    several = Several(OneOf(("a", "b")), 2)
    assert ("a",) in several
    assert [value for value in (["a"], ("c",), "a", ([],), ("a", "b", "a")) if value in several] == []
    assert "x" in Text()
    assert [index_among(sent, 3) for sent in (2, 3, -1, True, "2", None, {})] == [2, *[None] * 6]


def test_what_cannot_be_is_not_chosen():
    state = Session()
    with pytest.raises(ValueError, match="label"):
        state.choose(label="x")
    assert state == Session()


def test_an_index_is_one_of_its_split():
    state = Session(source="train", index=59_999)
    state.choose(source="test")
    assert state.index == Session.index
