# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The states of a proxy in a takeover, and the allowed transitions between them."""

import itertools

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.objects import Cluster, Places, read_all
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.plan import TRANSITIONS, UNDER_WAY, Proxy, State


def proxy(*states):
    made = Proxy(1, "10.0.0.1", "proxy-1", 2883)
    for state in states:
        made.move(state)
    return made


def shown(made, status, cluster_id=1):
    entry = {"hostId": 1, "sqlPort": 2883, "status": status}
    clusters = read_all(Cluster, [{"id": 1, "name": "demo"}, {"id": 2, "name": "other"}])
    listed = read_all(Cluster, [{"id": cluster_id, "name": "demo", "obproxies": [entry]}])
    made.read(Places([*listed, *clusters] if status else clusters), 1)
    return made


def test_a_posted_proxy_never_becomes_free_again():
    seen, last = {State.POSTED, State.UNANSWERED}, set()
    while seen != last:
        last = set(seen)
        seen = seen.union(*(TRANSITIONS[state] for state in seen))
    assert State.FREE not in seen
    assert State.BUSY not in seen


def test_a_transition_that_is_not_allowed_is_an_error():
    with pytest.raises(ValueError, match=r"10\.0\.0\.1:2883: POSTED does not become FREE"):
        proxy(State.POSTED, State.FREE)


@pytest.mark.parametrize(
    "states, outcome",
    [
        ((), "failed"),  # the proxy was refused
        ((State.BUSY,), "failed"),
        ((State.MANAGED,), "already_managed"),
        ((State.BUSY, State.MANAGED), "already_managed"),
        ((State.POSTED,), "submitted"),
        ((State.UNANSWERED,), "submitted"),
        ((State.JOINED,), "submitted"),
        ((State.POSTED, State.MANAGED), "taken_over"),
        ((State.JOINED, State.MANAGED), "taken_over"),
        ((State.POSTED, State.FAILED), "failed"),
    ],
)
def test_the_outcome_follows_from_the_states(states, outcome):
    assert proxy(*states).outcome == outcome


@pytest.mark.parametrize(
    "state, status, then",
    [
        (State.FREE, None, State.FREE),
        (State.FREE, "TAKINGOVER", State.JOINED),
        (State.FREE, "RUNNING", State.MANAGED),
        (State.FREE, "stopped", State.MANAGED),
        (State.BUSY, "TAKINGOVER", State.JOINED),
        (State.UNANSWERED, "TAKINGOVER", State.POSTED),
        (State.POSTED, "TAKINGOVER", State.POSTED),
        (State.JOINED, None, State.JOINED),
        (State.JOINED, "RUNNING", State.MANAGED),
        (State.MANAGED, None, State.MANAGED),
    ],
)
def test_the_cluster_moves_a_proxy_on(state, status, then):
    assert shown(proxy(*([] if state is State.FREE else [state])), status).state is then


def test_whatever_a_cluster_shows_no_transition_is_missing():
    for state, status in itertools.product(State, [None, "TAKINGOVER", "RUNNING", "UNAVAILABLE"]):
        made = proxy()
        made.state = state
        shown(made, status)


@pytest.mark.parametrize("status, cluster_id, words", [("DELETING", 1, "uninstalls it"), ("RUNNING", 2, "demo (2)")])
def test_a_proxy_of_another_cluster_and_one_that_is_being_removed_stop_the_run(status, cluster_id, words):
    with pytest.raises(OcpError) as caught:
        shown(proxy(), status, cluster_id)
    assert caught.value.kind == "conflict"
    assert words in caught.value.message
    assert "first" not in caught.value.next  # removing the proxy there first would not help


def test_every_state_is_reachable():
    assert {state for following in TRANSITIONS.values() for state in following} | {State.FREE} == set(State)
    assert set(TRANSITIONS) == set(State)
    assert all(State.MANAGED in TRANSITIONS[state] for state in UNDER_WAY)
