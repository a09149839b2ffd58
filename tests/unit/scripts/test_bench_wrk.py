"""What wrk is told, and what it says."""

from __future__ import annotations

import pytest

from bench.errors import BenchError
from bench.requests import RESOLVE, SHARE, UNKNOWN
from bench.worlds import SAVE
from bench.wrk import Round, parse, require_answers, script

SAID = """Running 1s test @ http://127.0.0.1:1
  1 threads and 16 connections
Requests/sec:    999.00
bench {"requests": 3000, "microseconds": 2000000, "refused": 0, "broken": 0}
"""


def test_a_round_is_read_from_the_line_of_the_script() -> None:
    """Requests and time come from the script's own line, unrounded, and give the rate."""
    done = parse(SAID)

    assert Round(3000, 2.0, 0, 0) == done
    assert 1500.0 == done.rate


def test_output_without_the_line_is_told() -> None:
    """Where wrk broke off, what it said is in the message."""
    with pytest.raises(BenchError, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused\n")


@pytest.mark.parametrize(
    "done",
    [Round(10, 1.0, 1, 0), Round(10, 1.0, 0, 1), Round(0, 1.0, 0, 0)],
    ids=["refused", "broken", "none"],
)
def test_a_round_with_a_wrong_answer_does_not_count(done: Round) -> None:
    """A refusal, a broken connection and no answer at all stop the run and name server and row."""
    with pytest.raises(BenchError, match="peer, resolve a track"):
        require_answers(done, "peer", RESOLVE)


def test_a_row_about_refusals_takes_nothing_but_refusals() -> None:
    """Where a 404 is what is measured, an answer that is none stops the run."""
    require_answers(Round(10, 1.0, 10, 0), "mock", UNKNOWN)

    with pytest.raises(BenchError, match="404"):
        require_answers(Round(10, 1.0, 9, 0), "mock", UNKNOWN)


def test_a_request_that_stays_the_same_is_made_once_for_all() -> None:
    """Without a function `request`, wrk builds the request once, and its own work per request is least."""
    lua = script(SHARE, 0)

    assert "function()" not in lua
    assert 'wrk.headers["X-API-Key"] = "your-api-key"' in lua
    assert r'"{\"visibility\": \"link_only\", \"expires_in_days\": 30}"' in lua


def test_a_varying_request_goes_on_where_the_last_round_ended() -> None:
    """The number of the first request is in the script, so that no save is repeated."""
    assert "local n = 700 - 1" in script(SAVE, 700)
