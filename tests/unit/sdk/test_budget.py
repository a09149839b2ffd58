"""How many retries a client has."""

from aitronos._budget import Budget


def test_budget_comes_back() -> None:
    """A retry that gets an answer costs nothing; calls that get one at once refill the bucket slowly."""
    budget = Budget()
    while budget.spend():
        pass
    budget.earn(retries=1)
    assert (budget.spend(), budget.spend()) == (True, False)
    for _ in range(11):
        budget.earn(retries=0)
    assert (budget.spend(), budget.spend()) == (True, False)


def test_budget_does_not_overflow() -> None:
    """A long good time does not pay for an endless bad one."""
    budget = Budget()
    for _ in range(5000):
        budget.earn(retries=0)
    assert sum(budget.spend() for _ in range(200)) == 100
