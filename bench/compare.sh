#!/usr/bin/env bash
# Runs Lazuli's benchmarks beside other frameworks', alternating, and prints values and ratios:
#   PEERS_DIR=DIR bench/compare.sh PEERS [workload ...]
# PEERS       a folder with bench_libtorch.cpp, bench_torch.py, bench_jax.py, bench_ipex.py, bench_serve.py and quiet.py, which print the same JSON lines as build/bench/bench
# PEERS_DIR   holds the virtual environments `torch` (with onnxruntime and openvino), `others` (jax) and `ipex`, as far as RIVALS need them
# ROUNDS      how often everything is run; medians count (3);  THREADS  (2)
# RIVALS      of: libtorch eager tuned compile jax ipex onnxruntime openvino ("libtorch eager jax"); each runs the workloads that it knows
# BUILD       the build folder (build);  RESULTS  keeps the JSON lines of this run;  TABLE  gets the Markdown table
# BENCH_WINDOW, BENCH_REPEATS: seconds of a timed window and their number; QUIET_*: see quiet.py, which waits for an idle machine
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] && [ -f "$1/bench_torch.py" ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 1; }
peers=$(cd "$1" && pwd)
shift
workloads=${*:-mlp_fmnist mlp_small op_overhead matmul elementwise fft}
dir=$(cd "${PEERS_DIR:?is not set}" && pwd)
lazuli=${BUILD:-$here/../build}/bench/bench
threads=${THREADS:-2}
results=${RESULTS:-$(mktemp)}
[ -n "${RESULTS:-}" ] || trap 'rm -f "$results"' EXIT
: >"$results"
[ -x "$lazuli" ] || { echo "compare.sh: $lazuli is not built" >&2; exit 1; }

export FMNIST_DIR=${FMNIST_DIR:-/usr/share/datasets/fashion-mnist} CUDA_VISIBLE_DEVICES= JAX_PLATFORMS=cpu
export FMNIST_RAW_DIR=${FMNIST_RAW_DIR:-$dir/fmnist}  # libtorch's program reads the files unpacked
mkdir -p "$FMNIST_RAW_DIR"
for f in "$FMNIST_DIR"/*.gz; do [ -s "$FMNIST_RAW_DIR/$(basename "$f" .gz)" ] || gunzip -c "$f" > "$FMNIST_RAW_DIR/$(basename "$f" .gz)"; done
export OMP_NUM_THREADS=$threads MKL_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads

libtorch() {  # prints the program's path, building it first where it is older than its source
  local program=$dir/build/bench_libtorch root abi
  if [ ! "$program" -nt "$peers/bench_libtorch.cpp" ]; then
    mkdir -p "$dir/build"
    read -r root abi < <("$dir/torch/bin/python" -c 'import os, torch; print(os.path.dirname(torch.__file__), int(torch._C._GLIBCXX_USE_CXX11_ABI))')
    echo "compare.sh: building $program" >&2
    g++ -std=c++20 -O2 -w -fopenmp -D_GLIBCXX_USE_CXX11_ABI="$abi" -I"$root/include" -I"$root/include/torch/csrc/api/include" \
      "$peers/bench_libtorch.cpp" -o "$program" -L"$root/lib" -ltorch_cpu -lc10 -Wl,-rpath,"$root/lib" >&2
  fi
  echo "$program"
}

rivals=${RIVALS:-libtorch eager jax}
case " $rivals " in *" libtorch "*) libtorch_program=$(libtorch) ;; esac

run() {  # command...: one program in one process, its lines into the results
  python3 "$peers/quiet.py" "$@" | tee -a "$results" >&2
}
# Whether a rival's program has the workload.
knows() {  # rival workload
  case $1 in
    libtorch) [ "$2" != bf16_mlp ] ;;
    tuned|compile|ipex) case $2 in op_overhead|matmul|elementwise) false ;; conv2d) [ "$1" = tuned ] ;; esac ;;
    jax) case $2 in resnet18_infer|bf16_mlp) false ;; esac ;;
    onnxruntime|openvino) case $2 in cnn|resnet18_infer) ;; *) false ;; esac ;;
  esac
}
# The peers of one workload run next to each other, and Lazuli before each round of them: a machine's speed drifts.
for ((round = 1; round <= ${ROUNDS:-3}; ++round)); do
  for workload in $workloads; do
    echo "round $round: $workload" >&2
    run "$lazuli" "$workload" --threads "$threads"
    for rival in $rivals; do
      knows "$rival" "$workload" || continue
      case $rival in
        libtorch) run "$libtorch_program" "$workload" "$threads" ;;
        eager|tuned) run "$dir/torch/bin/python" "$peers/bench_torch.py" "$workload" --threads "$threads" --variant "$rival" ;;
        compile) RUN_LIMIT=${RUN_LIMIT:-240} run "$dir/torch/bin/python" "$peers/bench_torch.py" "$workload" --threads "$threads" --variant compile ;;
        ipex) run "$dir/ipex/bin/python" "$peers/bench_ipex.py" "$workload" --threads "$threads" ;;
        onnxruntime|openvino) run "$dir/torch/bin/python" "$peers/bench_serve.py" "$workload" --threads "$threads" --variant "$rival" ;;
        jax) run "$dir/others/bin/python" "$peers/bench_jax.py" "$workload" --threads "$threads" ;;
        *) echo "compare.sh: no such rival: $rival" >&2; exit 1 ;;
      esac
    done
  done
done
python3 "$here/compare.py" "$results" ${TABLE:+"$TABLE"}
