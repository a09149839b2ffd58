"""What was acknowledged stays, whatever dies.

tox -e faults            a short run, as in CI
tox -e faults -- --full  the whole one, which holds the times as well; figures are printed at the end
"""
