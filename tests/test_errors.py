import inspect

import pytest

from fmnist import errors
from fmnist.errors import FmnistError, InvalidRecipe, StoreUnavailable

EXCEPTIONS = [exception for _, exception in inspect.getmembers(errors, inspect.isclass)]


def test_the_sentence_is_the_template_with_its_values():
    error = FmnistError("{field} is {value!r}; choose at most {most:,}.", field="epochs", value="x", most=1_000)

    assert str(error) == "epochs is 'x'; choose at most 1,000."
    assert error.template.format(**error.values) == str(error)


def test_values_with_braces_stay_as_they_are():
    assert str(FmnistError("It said {reason}.", reason="{oops}")) == "It said {oops}."


def test_what_a_person_asked_for_can_be_told_from_what_broke():
    assert issubclass(InvalidRecipe, errors.InvalidInput)
    assert not issubclass(StoreUnavailable, errors.InvalidInput)


@pytest.mark.parametrize("exception", EXCEPTIONS)
def test_every_exception_is_the_cores_and_stands_in_the_tree(exception):
    assert issubclass(exception, FmnistError)
    assert exception.__name__ in errors.__doc__
