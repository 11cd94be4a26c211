"""compare.py LINES [TABLE]: medians of the JSON lines that bench/compare.sh gathered, per metric, and how Lazuli stands to each peer.
A ratio above 1 means that Lazuli is better: faster, or for times and memory, less. `~` marks runs in which other processes took over 4 % of the CPU."""
import json, statistics, sys

values, units, peers, order, failures = {}, {}, [], [], []


def add(peer, key, value, unit, disturbed):
    if peer not in peers:
        peers.append(peer)
    if key not in order:
        order.append(key)
    units[key] = unit
    values.setdefault((key, peer), []).append((value, disturbed))


for line in open(sys.argv[1]):
    r = json.loads(line)
    if "error" in r:
        failures.append(f"{r['cmd']}: {r['error']}")
        continue
    disturbed = r.get("foreign_cpu_pct", 0) > 4
    add(r["peer"], (r["workload"], r["metric"]), r["value"], r["unit"], disturbed)
    add(r["peer"], (r["workload"], "peak memory"), r["peak_rss_mib"], "MiB", False)
peers.sort(key=lambda p: p != "lazuli")
# The memory of a workload after its metrics.
workloads = list(dict.fromkeys(w for w, _ in order))
order.sort(key=lambda k: (workloads.index(k[0]), k[1] == "peak memory"))


def median(key, peer):
    runs = values.get((key, peer))
    if not runs:
        return None, ""
    quiet = [v for v, disturbed in runs if not disturbed]
    return statistics.median(quiet or [v for v, _ in runs]), "" if quiet else "~"


def show(value):
    return f"{value:,.0f}" if value >= 1000 else f"{value:.4g}"


rivals = [p for p in peers if p != "lazuli"]
table = [["workload", "metric", "unit", *peers, *(f"to {p}" for p in rivals)]]
for key in order:
    less = units[key].startswith(("ns", "us", "ms", "MiB")) or units[key] == "s"
    cells = {p: median(key, p) for p in peers}
    row = [*key, units[key], *(mark + show(v) if v is not None else "" for v, mark in cells.values())]
    own = cells.get("lazuli", (None, ""))[0]
    for p in rivals:
        other = cells[p][0]
        if own is None or other is None or units[key] == "%" or not own or not other:
            row.append("")
        else:
            row.append(f"{other / own if less else own / other:.2f}")
    table.append(row)

widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
lines = ["| " + " | ".join(cell.rjust(w) if i > 2 else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths))) + " |" for row in table]
lines.insert(1, "|" + "|".join("-" * (w + 1) + (":" if i > 2 else "-") for i, w in enumerate(widths)) + "|")
print("\n".join(lines))
for failure in dict.fromkeys(failures):
    print("failed: " + failure)
if len(sys.argv) > 2:
    open(sys.argv[2], "w").write("\n".join(lines) + "\n")
sys.exit(1 if failures else 0)
