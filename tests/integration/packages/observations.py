# Copyright (c) 2026 obops.oceanbase contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Observable facts about an OBProxy package, one per key, gathered in the same way for stand-in and real packages."""

import json
import re
import time

from .proxy import OPTIONS, ROOT_SERVERS, SUCCESS, facts, until

URL = "http://127.0.0.1:9/services?Action=GetObProxyConfig"
KERNEL = "enable_strict_kernel_release=false"

STARTS = {
    "root servers": [*ROOT_SERVERS, "-o", OPTIONS],
    "root servers without a cluster": ["-p", "2883", "-r", "127.0.0.1:2881", "-o", OPTIONS],
    "config url that nobody answers": ["-p", "2883", "-n", "demo", "-o", f"obproxy_config_server_url={URL},{KERNEL}"],
    "quotes for a config url": [*ROOT_SERVERS, "-o", f"obproxy_config_server_url='',{KERNEL}"],
    "settings nobody knows": [*ROOT_SERVERS, "-o", OPTIONS + ",no_such=1,nor_this"],
    "port for prometheus": [*ROOT_SERVERS, "-l", "2999", "-o", OPTIONS],
    "port for prometheus by setting": [*ROOT_SERVERS, "-o", OPTIONS + ",prometheus_listen_port=2999"],
    "password in plain text": [*ROOT_SERVERS, "-o", OPTIONS + ",obproxy_sys_password=secret"],
    "long options": ["--listen_port", "2883", "--rs_list", "127.0.0.1:2881", "--optstr", OPTIONS],
    "something more": [*ROOT_SERVERS, "-o", OPTIONS, "more"],
    "asks the meta database": [*ROOT_SERVERS, "-e", "-o", OPTIONS],
    "asks the meta database by url": ["-p", "2883", "-e", "-o", f"obproxy_config_server_url={URL},{KERNEL}"],
    "strict kernel": [*ROOT_SERVERS, "-o", "obproxy_config_server_url="],
    "no start mode": ["-p", "2883", "-n", "demo", "-o", OPTIONS],
    "root servers with commas": ["-p", "2883", "-r", "127.0.0.1:2881,127.0.0.1:2882", "-o", OPTIONS],
    "root servers with semicolons": ["-p", "2883", "-r", "127.0.0.1:2881;127.0.0.1:2882", "-o", OPTIONS],
    "root server by name": ["-p", "2883", "-r", "localhost:2881", "-o", OPTIONS],
    "root server without a port": ["-p", "2883", "-r", "127.0.0.1", "-o", OPTIONS],
    "too little memory": [*ROOT_SERVERS, "-o", OPTIONS + ",proxy_mem_limited=99M"],
    "a level nobody knows": [*ROOT_SERVERS, "-o", OPTIONS + ",syslog_level=no_such"],
    "port 80": ["-p", "80", *ROOT_SERVERS[2:], "-o", OPTIONS],
    "port 1024": ["-p", "1024", *ROOT_SERVERS[2:], "-o", OPTIONS],
    "port in words": ["-p", "abc", *ROOT_SERVERS[2:], "-o", OPTIONS],
    "an option nobody knows": ["-x"],
    "a long option nobody knows": ["--no_such"],
    "an option without its value": ["-p"],
    "version": ["-V"],
    "help": ["-h"],
    "release": ["-R"],
}


def of_package(proxy, path):
    """Return what rpm reports about a package and installs from it."""
    listing = proxy.host.check("find", proxy.home, "-mindepth", "1", "-maxdepth", "1", "-printf", "%P %l %u\n")
    scripts = [facts(path, f"%{{{name}}}").replace(proxy.home, "HOME") for name in ("PREIN", "POSTIN", "POSTUN")]
    needs = facts(path, "[%{REQUIRENAME} ]").split()
    programs = proxy.host.check("find", f"{proxy.home}/bin", "-type", "f", "-printf", "%f %u %m\n")
    return {
        "place": proxy.home.replace(proxy.version, "VERSION"),
        "prefix": facts(path, "[%{PREFIXES}]"),
        "needs": [need for need in needs if not need.startswith("rpmlib(")],
        "owners": sorted(set(facts(path, "[%{FILEUSERNAME} ]").split())),
        "deleted before": sorted(re.findall(r"HOME/\S+", scripts[0])),
        "scripts after": scripts[1:],
        "tree": sorted(listing.split("\n")),
        "programs": sorted(programs.split("\n")),
        "link beside": proxy.host.run("test", "-e", "/opt/taobao/install/obproxy").returncode,
        "unit": proxy.host.run("bash", "-c", "ls /usr/lib/systemd/system | grep -i obproxy").stdout,
    }


def of_starts(proxy):
    return {f"{name}: {key}": value for name in STARTS for key, value in _start(proxy, STARTS[name]).items()}


def _start(proxy, arguments):
    # One in three failed starts loses the end of its log, verdict included, because another thread writes the log.
    for _ in range(8):
        proxy.reset()
        begin = time.monotonic()
        result = proxy.start(*arguments)
        took = time.monotonic() - begin
        came = _came_of_it(proxy)
        if came["serves"] or came["says that it failed"] or not proxy.log():
            break
    return {"exit code": result.returncode, "at once": took < 10, **_said(proxy, result), **came}


def _came_of_it(proxy):
    proxy.settle()
    log, files, processes = proxy.log(), proxy.files(), proxy.processes()
    lines = [re.match("(/usr/bin/python3 )?(.*)", process[-1]).groups() for process in processes]
    return {
        "serves": SUCCESS in log,
        "says that it failed": "obproxy init failed" in log or "fail to do start work" in log,
        "verdict": re.findall('result: (.*?)"', proxy.log("obproxy_diagnosis.log")),
        "ports": proxy.ports(),
        "diagnosis log": "log/obproxy_diagnosis.log" in files,
        "database": [name for name in files if name.endswith(".db")],
        "files": [name for name in files if not name.endswith((".old", "-journal", ".db", "obproxy_diagnosis.log"))],
        "process": [process[1:4] for process in processes],
        "run by": [program for program, _ in lines],
        "arguments": [arguments.replace(proxy.home, "HOME") for _, arguments in lines],
    }


def _said(proxy, result):
    """Return both output streams, without the usage text, which stand-in and real proxies word differently."""
    text = result.stderr.split("-" * 60)[0].replace(proxy.home, "HOME")
    text = re.sub(r"(?s)obproxy \(OceanBase .*", "obproxy (OceanBase …", text)
    return {"output": result.stdout, "errors": text.strip().split("\n"), "usage": "-" * 60 in result.stderr}


def of_a_life(proxy):
    """Observe a start, a second one on the same port, a stop by SIGTERM, and a start from the saved settings."""
    proxy.reset()
    proxy.start()
    proxy.settle()
    found = {"link log": proxy.host.run("readlink", f"{proxy.home}/log").stdout}
    first = [process[0] for process in proxy.processes()]
    second = proxy.start("-p", "2883", "-n", "second", *ROOT_SERVERS[4:], "-o", OPTIONS)
    found["second start"] = second.returncode
    time.sleep(1)
    found["second gone"] = until(lambda: [process[0] for process in proxy.processes()] == first, 30)
    proxy.host.run("pkill", "-TERM", "-x", "obproxy")
    found["ends by sigterm"] = until(lambda: not proxy.processes(), 30)
    proxy.host.shell("rm -f log/*", folder=proxy.home)
    result = proxy.host.run("bin/obproxy", user="admin", folder=proxy.home)
    found["from what is saved: exit code"] = result.returncode
    found.update({f"from what is saved: {key}": value for key, value in _came_of_it(proxy).items()})
    found["name that was saved"] = [row[:2] for row in proxy.query("SHOW PROXYCONFIG LIKE 'app_name'")["rows"]]
    return found


def of_answers(proxy):
    """Return all answers on the two ports, one key per question."""
    proxy.reset()
    proxy.start()
    proxy.settle()
    found = {}
    for topic, answers in proxy.inside("answers").items():
        pairs = answers.items() if isinstance(answers, dict) else [("", answers)]
        found.update({f"{topic} {question!r}": _without_accidents(question, answer) for question, answer in pairs})
    return found


def _without_accidents(question, answer):
    """Remove from a table the values that differ between runs."""
    if not isinstance(answer, dict) or "rows" not in answer:
        return answer
    rows = answer["rows"]
    if "PROXYINFO" in question.upper():
        rows = [[name, re.sub(r" (\d+\.)+\d+-\S+(?s:.*)", " VERSION-RELEASE", info)] for name, info in rows]
    elif "PROXYSTAT" in question:
        rows = "some" if rows else "none"
    elif "PROXYNET" in question or "PROXYSESSION" in question:
        rows = [[re.sub(r"^\d+$|:\d+$", "N", cell) for cell in row] for row in rows]
    elif "PROXYCONFIG" in question:
        rows = [[name, value, *rest] for name, value, _, *rest in rows]
    return {**answer, "rows": rows}


def of_obproxyd(proxy):
    proxy.reset()
    found = {"status, stopped": proxy.obproxyd("-c", "status").returncode}
    found["a command nobody knows"] = proxy.obproxyd("-c", "no_such").returncode
    found["an option nobody knows"] = proxy.obproxyd("-c", "status", "-x").returncode
    found["no command"] = proxy.obproxyd().returncode
    begin = time.monotonic()
    found["start"] = proxy.start_by_obproxyd().returncode
    found["start, at once"] = time.monotonic() - begin < 10
    found["comes up"] = proxy.comes_up()
    found["daemon"] = _daemon(proxy)
    found["proxy"] = [process[1:4] for process in proxy.processes()]
    found["ports"] = proxy.ports()
    found["log"] = proxy.host.run("readlink", "-f", f"{proxy.home}/log").stdout
    found["salt is its own"] = proxy.inside("greeting")["salt"] != "aaaaaaaabbbbbbbbbbbb"
    found["status, running"] = proxy.obproxyd("-c", "status").returncode
    found["start again"] = (proxy.start_by_obproxyd().returncode, len(_daemon(proxy)))
    first = proxy.processes()[0][0]
    proxy.host.check("kill", "-9", str(first))
    found["back after a kill"] = until(
        lambda: [process[0] for process in proxy.processes()] not in ([], [first]) and proxy.ports(), 30
    )
    proxy.host.shell("cp /bin/sleep /tmp/obproxy; /tmp/obproxy 1000 >/dev/null 2>&1 &")
    found["stop"] = proxy.obproxyd("-c", "stop", user="root").returncode
    found["left by stop"] = (_daemon(proxy), proxy.processes())
    return found


def everything(proxy, package):
    """Return all observations, as they are after a JSON round trip."""
    topics = {
        "package": of_package(proxy, package),
        "start": of_starts(proxy),
        "life": of_a_life(proxy),
        "answer": of_answers(proxy),
        "obproxyd": of_obproxyd(proxy),
        "without nc": of_obproxyd_without_nc(proxy),
    }
    return json.loads(json.dumps({f"{topic} {key}": value for topic in topics for key, value in topics[topic].items()}))


def of_obproxyd_without_nc(proxy):
    proxy.reset()
    proxy.host.check("rpm", "--erase", "nmap-ncat")
    proxy.start_by_obproxyd()
    proxy.comes_up()
    first = proxy.processes()[0][0]
    seen = set()
    until(lambda: seen.update(process[0] for process in proxy.processes()) or len(seen) > 2, 30)
    return {"more and more proxies": len(seen) > 2, "the first one stays": first in [p[0] for p in proxy.processes()]}


def _daemon(proxy):
    listing = proxy.host.run("ps", "-C", "obproxyd.sh", "-o", "ppid=,user=,args=").stdout
    return [re.sub(r"(-c checkalive).*", r"\1 …", line).split() for line in listing.splitlines()]
