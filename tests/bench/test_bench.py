"""The benchmark's own arithmetic: a budget judged wrongly would let a slow page pass."""

import socket
import threading

import pytest

from bench import relay, store, table
from bench.table import Budget


def test_ratios_are_of_rounds_run_side_by_side():
    """A busy minute slows both: the ratio of that round is as good as any other."""
    taken = {"floor": [1.0, 10.0, 1.0], "ours": [2.0, 20.0, 2.0]}
    rows = table.rows("s", "w", "s", taken, floor="floor", budgets=[Budget("ours", 2.0, "floor")])
    (ours,) = (row for row in rows if row.who == "ours")
    assert (ours.median, ours.low, ours.high, ours.ratio, ours.met) == (2.0, 2.0, 20.0, 2.0, True)


def test_a_budget_is_met_or_missed_and_printed_so():
    taken = {"floor": [1.0], "ours": [1.6], "plain": [0.1]}
    budgets = [Budget("ours", 1.5, "floor"), Budget("ours", 2.0), Budget("nobody", 1.0)]
    rows = table.rows("s", "w", "s", taken, floor="floor", budgets=budgets)
    assert [(r.who, r.floor, r.met) for r in rows] == [
        ("floor", None, None),
        ("ours", "floor", False),
        ("plain", "floor", None),
        ("ours", None, True),
    ]
    text = table.printed(rows)
    assert "MISSED" in text
    assert table.as_json(rows)[1]["met"] is False


def test_rounds_alternate_and_no_new_one_begins_after_the_time_is_up():
    done = []
    tasks = {name: (lambda name=name: done.append(name)) for name in "ab"}
    table.interleaved(tasks, 2, within=60)
    assert done == ["a", "b", "a", "b"]
    done.clear()
    table.interleaved(tasks, 5, within=-1)
    assert done == ["a", "b"], "one round is always run"


def test_growth_is_told_as_a_power():
    assert store.exponent({10: 1.0, 1_000: 1.0}, 10, 1_000) == 0
    assert store.exponent({10: 1.0, 1_000: 100.0}, 10, 1_000) == pytest.approx(1)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_relay_passes_everything_on_and_counts_both_ways():
    """Bytes are what the budgets of a thin line are about."""
    with socket.create_server(("127.0.0.1", 0)) as there:

        def echo():
            line, _ = there.accept()
            with line:
                while body := line.recv(65_536):
                    line.sendall(body)

        thread = threading.Thread(target=echo)
        thread.start()
        with relay.counted(f"127.0.0.1:{there.getsockname()[1]}") as counted:
            port = int(counted.host.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(b"x" * 100_000)
                line.shutdown(socket.SHUT_WR)
                back = b"".join(iter(lambda: line.recv(65_536), b""))
            thread.join(10)
            assert back == b"x" * 100_000
            assert counted.moved == 200_000
