#!/usr/bin/env bash
# Runs the hook of this repository through pre-commit, where that is installed: a commit with a bad template must be
# refused and the mended one pass; what was committed without the hook must not pass `--all-files`.
#
#   tests/hooks/run.sh [PATH OF dunlint]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin=$(realpath "${1:-$root/target/debug/dunlint}")
if ! command -v pre-commit > /dev/null; then
  echo "no pre-commit here: pip install pre-commit"
  exit 0
fi
pre-commit validate-manifest "$root/.pre-commit-hooks.yaml"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/hook" "$work/consumer"
ln -s "$bin" "$work/bin/dunlint"
export PATH=$work/bin:$PATH PRE_COMMIT_HOME=$work/home HOME=$work GIT_CONFIG_NOSYSTEM=1
git config --global user.name example
git config --global user.email example@example.com
cp "$root/.pre-commit-hooks.yaml" "$work/hook"
git -C "$work/hook" init -q
git -C "$work/hook" add .
git -C "$work/hook" commit -qm hooks
git -C "$work/hook" tag v0

cd "$work/consumer"
git init -q
printf 'repos:\n  - repo: %s\n    rev: v0\n    hooks:\n      - id: dunlint-system\n' "$work/hook" > .pre-commit-config.yaml
for n in $(seq 40); do
  cp "$root/fixtures/clean/zh-Hans/repaid.txt" "t$n.txt"
done
git add .
git commit -qm clean
pre-commit install > /dev/null

cp "$root/fixtures/findings/threat/jail.txt" bad.txt
git add .
if git commit -qm bad > out 2>&1; then
  echo "a bad template was committed"
  exit 1
fi
grep -q 'bad.txt:' out || { cat out; exit 1; }
cp t1.txt bad.txt
git add bad.txt
git commit -qm mended > out 2>&1 || { cat out; exit 1; }

cp "$root/fixtures/findings/threat/jail.txt" bad.txt
git add bad.txt
git commit -qm unseen --no-verify
if pre-commit run --all-files > out 2>&1; then
  echo "what was committed already passed --all-files"
  exit 1
fi
grep -q 'bad.txt:' out || { cat out; exit 1; }
echo "pre-commit: refused, passed and found as it should"
