#!/usr/bin/env bash
# Attaches real editors to `dunlint server`, those that are installed: Neovim, Emacs with Eglot, and efm-langserver
# (driven by Neovim). Each must show what `dunlint check` says.
#
#   tests/editors/run.sh [PATH OF dunlint]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
DUNLINT=$(realpath "${1:-$root/target/debug/dunlint}")
export DUNLINT DUNLINT_DOCS=$root/docs/editors.md

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export HOME=$work LC_ALL=C.UTF-8
# Characters that every unit counts differently, a line end of Windows, and one finding in a line of its own.
printf '%s\r\n' '【示例消金】😀𠮷您好，您的账单已逾期' '今日不还款将安排上门催收。客服400-000-1001' > sms.txt
export DUNLINT_FILE=$work/sms.txt

run() { # NAME NEEDS COMMAND...
  local name=$1 needs=$2
  shift 2
  if ! command -v "$needs" > /dev/null; then
    echo "no $needs here: $name is skipped (apt-get install $needs)"
    return 0
  fi
  "$@" || { echo "$name failed"; exit 1; }
  echo
}

run Neovim nvim timeout 180 nvim --headless -u NONE -i NONE -n -c "luafile $here/neovim.lua"
run Emacs emacs timeout 180 emacs -q --batch -l "$here/emacs.el"
if command -v nvim > /dev/null; then
  run efm efm-langserver timeout 180 nvim --headless -u NONE -i NONE -n -c "luafile $here/efm.lua"
fi
