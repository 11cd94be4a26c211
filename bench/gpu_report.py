"""gpu_report.py LINES NAME: the JSON lines of `bench` and torch_gpu.py on one GPU as a table: values, ratios, and the share of the device's peak.
Peaks are the makers' numbers of the dense products (float32 without and bfloat16 with tensor cores, TFLOP/s) and of the memory (GB/s)."""
import json, sys

PEAKS = (  # the first whose words are all in the device's name
    ("H200", 67, 989, 4800), ("H100 NVL", 60, 835, 3900), ("H100 PCIe", 51, 756, 2000), ("H100", 67, 989, 3350), ("GH200", 67, 989, 4000), ("B200", 80, 2250, 8000),
    ("A100 80GB", 19.5, 312, 2000), ("A100-SXM4-80GB", 19.5, 312, 2039), ("A100", 19.5, 312, 1555), ("L40S", 91.6, 362, 864), ("L4", 30.3, 121, 300), ("A10G", 31.2, 70, 600),
    ("A10", 31.2, 125, 600), ("T4", 8.1, 65, 320), ("V100", 15.7, 125, 900), ("4090", 82.6, 165, 1008), ("3090", 35.6, 71, 936))
name = sys.argv[2] if len(sys.argv) > 2 else ""
peak = next((p for p in PEAKS if all(w in name for w in p[0].split())), None)

values, units, peers = {}, {}, []
for line in open(sys.argv[1]):
    try:
        r = json.loads(line)
    except ValueError:
        continue
    key = (r["workload"], r["metric"])
    values.setdefault(key, {})[r["peer"]] = r["value"]
    units[key] = r["unit"]
    if r["peer"] not in peers:
        peers.append(r["peer"])
peers.sort(key=lambda p: p != "lazuli")
rivals = [p for p in peers if p != "lazuli"]


def share(key, value):
    if not peak or value is None:
        return ""
    if units[key] == "GFLOP/s":
        return f"{value / 1000 / peak[2 if key[1].startswith('bf16') else 1]:.0%}"
    # 1024 x 1024 rows fit the cache: no measure of the memory.
    return f"{value / peak[3]:.0%}" if units[key] == "GB/s" and key[1] in ("add", "add_out", "gelu", "sum") else ""


rows = [["workload", "metric", "unit", *peers, *(f"to {p}" for p in rivals), "of peak"]]
for key, got in values.items():
    own = got.get("lazuli")
    ratios = []
    for p in rivals:
        other = got.get(p)
        ratios.append("" if not own or not other or units[key] == "%" else f"{other / own if units[key].startswith('ns') else own / other:.2f}")
    rows.append([*key, units[key], *(f"{got[p]:,.5g}" if p in got else "" for p in peers), *ratios, share(key, own)])
widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
for r in rows:
    print("  ".join(c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(r, widths))).rstrip())
print(f"peaks of {peak[0]}: {peak[1]} TFLOP/s float32, {peak[2]} TFLOP/s bfloat16, {peak[3]} GB/s" if peak else f"the peak of '{name}' is not in the list: no shares")
