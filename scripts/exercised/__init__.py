"""Which examples of the contract the tests really bring about: operation by status by cause, measured while they run.

Data flows one way: `observing` watches answers in every process that runs tests, names their cause by `likeness`, and
leaves counts in a folder; `counting` gathers them and holds them against the contract.
"""
