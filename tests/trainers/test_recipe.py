"""What a recipe refuses to say, for every trainer would do it."""

import pytest
from pydantic import ValidationError
from recipes import recipe


@pytest.mark.parametrize(("optimizer", "rate"), [("adamw8bit", 1.0), ("adamw", 0.02)])
def test_adamw_is_never_given_a_rate_of_other_optimizers(optimizer, rate):
    with pytest.raises(ValidationError, match="is no learning rate of adamw"):
        recipe(optimizer=optimizer, learning_rate=rate)


@pytest.mark.parametrize(("optimizer", "rate"), [("adamw8bit", 1e-2), ("adamw", 1e-6), ("prodigy", 1.0)])
def test_other_rates_are_the_users_affair(optimizer, rate):
    assert recipe(optimizer=optimizer, learning_rate=rate).learning_rate == rate
