# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever OCP answers, a user gets a result or one OcpError, but no traceback and no endless wait or paging."""

import json
import os

import pytest
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp import info
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.errors import KINDS, OcpError
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.operation import Operation
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.progress import Progress
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.takeover import Takeover
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.tasks import find
from ansible_collections.obops.oceanbase.plugins.module_utils._ocp.wait import wait_for_ids
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_ocp import FakeOcp
from ansible_collections.obops.oceanbase.tests.unit.plugins.module_utils._ocp.fake_wire import (
    Wire,
    client_over,
    served_by,
)

hypothesis = pytest.importorskip("hypothesis")
given, settings, st = hypothesis.given, hypothesis.settings, hypothesis.strategies

LIMIT = 120
# The examples are the same each time, unless more are requested, as with OCP_FUZZ_EXAMPLES=1000.
EXAMPLES = int(os.environ.get("OCP_FUZZ_EXAMPLES", 50))
FUZZ = settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES <= 50, database=None)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.integers(),
    st.floats(),
    st.text(max_size=6),
    st.sampled_from(
        ["1", "2883", "RUNNING", "FAILED", "SUCCESSFUL", "TAKINGOVER", "DELETING", "NEVER SEEN", "\x1b[2J"]
    ),
)
anything = st.recursive(
    scalars,
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=4), each, max_size=3),
    max_leaves=6,
)
identity = st.one_of(st.integers(1, 4), st.sampled_from(["1", "2", None, -1, 10**30, 1.0, [], {}]))


def shaped(**keys):
    """Return a strategy for objects with some of these keys, each with a proper value or with anything."""
    return st.fixed_dictionaries({}, optional={name: each | anything for name, each in keys.items()})


status = st.sampled_from(["RUNNING", "FAILED", "SUCCESSFUL", "READY", "PENDING", "CANCELING", "NEVER SEEN"])
subtasks = st.lists(
    shaped(
        id=identity,
        name=st.sampled_from(["Prepare", "Start", "Finish"]),
        status=status,
        operation=st.just("EXECUTE"),
        upstreams=st.lists(identity, max_size=3),
        downstreams=st.lists(identity, max_size=3),
    ),
    max_size=5,
)
tasks = shaped(id=identity, name=st.text(max_size=5), status=status, hostId=identity, subtasks=subtasks)
proxies = shaped(hostId=identity, ip=st.just("10.0.0.1"), sqlPort=st.sampled_from([2883, "2883", 1]), status=status)
clusters = shaped(id=identity, name=st.just("demo"), obproxies=st.lists(proxies, max_size=3))
hosts = shaped(id=identity, innerIpAddress=st.just("10.0.0.1"), name=st.just("proxy-1"))
things = st.one_of(tasks, clusters, hosts, anything)
page = shaped(totalElements=st.integers(0, 10**12), size=st.integers(-1, 5000), number=st.integers(0, 3))
data = st.one_of(things, shaped(contents=st.lists(things, max_size=4), page=page), st.lists(things, max_size=3))
envelopes = st.one_of(
    st.builds(lambda each: {"successful": True, "data": each}, data),
    shaped(successful=st.booleans(), data=data, error=shaped(code=identity, message=anything, subErrors=anything)),
    anything,
)
codes = st.sampled_from([200] * 12 + [201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503, 599])
headers = st.dictionaries(
    st.sampled_from(["RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Content-Type", "Date", "Location"]),
    st.one_of(st.integers(-5, 10**9).map(str), st.text(st.characters(codec="latin-1", categories=["L"]), max_size=5)),
    max_size=2,
)
bodies = st.one_of(envelopes.map(lambda each: json.dumps(each).encode()), st.binary(max_size=20))


def use(client, what):
    """Run one of the operations that modules perform with a client, and return its result."""
    lines = []
    progress = Progress(lines.append, lambda: client.limit.elapsed)
    client.notify = progress.say
    wanted = [{"host": "10.0.0.1", "sql_port": 2883}, {"host_id": 2, "sql_port": 2883}]
    calls = {
        "takeover": lambda: Takeover(client, None, "demo", wanted, progress, retries=1).run(),
        "check": lambda: Takeover(client, 1, None, wanted, progress).run(check=True),
        "wait": lambda: wait_for_ids(client, [1, 2], progress),
        "progress": lambda: wait_for_ids(client, [1, 2], progress, until="progress"),
        "tasks": lambda: find(client, status=["RUNNING"], logs=True),
        "retry": lambda: Operation(client, progress, 1, "retry").run(),
        "skip": lambda: Operation(client, progress, 1, "skip", 1).run(),
        "rollback": lambda: Operation(client, progress, 1, "rollback").run(),
        "hosts": lambda: info.host_info(client, ["10.0.0.1", "2"]),
        "clusters": lambda: info.cluster_info(client),
    }
    try:
        result = calls[what]()
    except OcpError as error:
        assert error.kind in KINDS
        assert str(error)
        result = dict(error.result, failure=error.failure)
    # The result of a module must be valid as JSON, and no line may rewrite the terminal.
    json.dumps(result)
    assert all(line.isprintable() for line in lines), lines
    return result


WHATS = ["takeover", "check", "wait", "progress", "tasks", "retry", "skip", "rollback", "hosts", "clusters"]


@pytest.mark.parametrize("what", WHATS)
def test_answers_of_any_form(what):
    @FUZZ
    @given(st.lists(st.tuples(codes, headers, bodies), min_size=1, max_size=8))
    def go(answers):
        ocp = FakeOcp()
        answering = iter(answers)
        # The last answer is repeated forever.
        wire = Wire(lambda *_: next(answering, answers[-1]), ocp.clock, latest=LIMIT + 60)
        use(client_over(wire, ocp.clock, LIMIT), what)

    go()


@pytest.mark.parametrize("what", WHATS)
def test_good_answers_with_one_thing_wrong(what):
    @FUZZ
    @given(st.data())
    def go(drawn):
        ocp = FakeOcp(task_seconds=10)
        for host in (1, 2):
            ocp.start("Install obproxy", [host])["id"] = host
        ocp.tasks = {task["id"]: task for task in ocp.tasks.values()}
        if what in ("retry", "skip", "rollback"):
            ocp.tasks[1]["status"] = "FAILED"
        if what in ("takeover", "check"):
            ocp.tasks = {}
        serve = served_by(ocp)
        when = drawn.draw(st.integers(0, 6), label="the first request that is answered wrong")
        often = drawn.draw(st.sampled_from([1, 2, 1000]), label="how many are")

        def answer(*call):
            code, more, body = serve(*call)
            if when < len(wire.requests) <= when + often:
                body = json.dumps(mutated(drawn, json.loads(body))).encode()
            return code, more, body

        wire = Wire(answer, ocp.clock, latest=LIMIT + 60)
        use(client_over(wire, ocp.clock, LIMIT), what)

    go()


def mutated(drawn, document):
    """Return the document with one value in it removed, doubled, or replaced by anything."""
    places = list(_places(document))
    at, key = places[drawn.draw(st.integers(0, len(places) - 1), label="place")]
    how = drawn.draw(st.sampled_from(["drop", "replace", "replace", "text", "double"]), label="how")
    if how == "drop":
        del at[key]
    elif how == "replace":
        at[key] = drawn.draw(anything, label="value")
    elif how == "text":
        at[key] = str(at[key])
    elif isinstance(at, list):
        at.append(at[key])
    else:
        at[key] = [at[key], at[key]]
    return document


def _places(document):
    keys = range(len(document)) if isinstance(document, list) else document
    for key in keys:
        yield document, key
        if isinstance(document[key], (dict, list)):
            yield from _places(document[key])


def test_a_list_that_gives_the_same_page_for_ever():
    ocp = FakeOcp()
    content = {"contents": [{"id": n} for n in range(2000)], "page": {"totalElements": 10**12, "size": 2000}}
    body = json.dumps({"successful": True, "data": content}).encode()
    wire = Wire(lambda *_: (200, {}, body), ocp.clock)
    assert use(client_over(wire, ocp.clock, 0), "hosts")["failure"]["kind"] == "protocol"
    assert len(wire.requests) == 2


@pytest.mark.parametrize("reset", ["0", "-5", "soon"])
def test_a_refusal_that_names_no_time_does_not_make_it_ask_without_pause(reset):
    ocp = FakeOcp()
    wire = Wire(lambda *_: (429, {"RateLimit-Reset": reset}, b"{}"), ocp.clock)
    assert use(client_over(wire, ocp.clock, LIMIT), "hosts")["failure"]["kind"] == "connection"
    assert 3 < len(wire.requests) < 30


def test_a_redirect_to_binary_data():
    ocp = FakeOcp()
    wire = Wire(lambda *_: (302, {"Location": "\xaa"}, b"{}"), ocp.clock)
    failure = use(client_over(wire, ocp.clock, LIMIT), "hosts")["failure"]
    assert failure["kind"] == "protocol"
    assert "ocp_url" in failure["next"]


@pytest.mark.parametrize("what", ["takeover", "check"])
def test_a_host_that_is_listed_twice_is_one_host(what):
    ocp = FakeOcp()
    ocp.hosts += ocp.hosts
    result = use(client_over(Wire(served_by(ocp), ocp.clock), ocp.clock, LIMIT), what)
    assert "failure" not in result


def test_a_cluster_without_an_id_cannot_be_meant():
    ocp = FakeOcp()
    del ocp.clusters[0]["id"]
    result = use(client_over(Wire(served_by(ocp), ocp.clock), ocp.clock, LIMIT), "takeover")
    assert result["failure"]["kind"] == "not_found"
