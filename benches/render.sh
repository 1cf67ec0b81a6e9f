#!/usr/bin/env bash
# `dunlint render --data` over generated rows, against a plain read of the same file: benches/render.sh [ROWS]
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1000000}
bin=${DUNLINT:-target/release/dunlint}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/rows.py "$rows" --bad > "$work/rows.csv"
printf '%s' '【示例消费金融】{{ name }}，您的借款本金{{ principal }}元、利息{{ interest }}元、罚息{{ penalty }}元，合计{{ total }}元，原应于{{ due_date }}还款，已逾期{{ days }}天，请尽快还款，客服{{ phone }}。' > "$work/m1.liquid"
bytes=$(wc -c < "$work/rows.csv")
now() { date +%s%N; }
start=$(now); cat "$work/rows.csv" > /dev/null; read_ns=$(($(now) - start))
measure=()
[ -x /usr/bin/time ] && measure=(/usr/bin/time -f '%M KiB' -o "$work/memory")
start=$(now)
"${measure[@]}" "$bin" render --isolated --lang en --today 2026-06-01 "$work/m1.liquid" --data "$work/rows.csv" > "$work/found" || [ $? = 1 ]
render_ns=$(($(now) - start))
tail -n 2 "$work/found"
echo "rows $rows, bytes $bytes"
echo "plain read   $((read_ns / 1000000)) ms"
echo "render       $((render_ns / 1000000)) ms, $((rows * 1000000000 / render_ns)) rows/s"
[ -f "$work/memory" ] && echo "most memory  $(tail -n 1 "$work/memory")"
