#!/bin/sh
# environment.sh FOLDER VERSION REQUIREMENTS [--with-project]: one environment, exactly as pinned.
# VERSION is 3.10, or 3.12+ for the newest of 3.12 and 3.13 that is here.
set -eu
cd "$(dirname "$0")/.."
folder=$1 version=$2 requirements=$3 project=${4:-}
. scripts/uv.sh

stop() { printf '\n%s\n' "$1" >&2; exit 1; }

# What most likely kept something from being fetched: a full disk where little is left, else the network.
cause() {
  free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "$free" -lt 300 ]; then
    echo "磁盘满了，只剩 $free MB（两个环境要 4 GB 左右）：请清出空间，再打一次 make run。"
  else
    echo "$1，多半是没有网络（详情看上面）：请连上网再打一次 make run，装好的不用重装。"
  fi
}
began=$(date +%s)

uv=$(find_uv) || stop "$(cause "装包工具 uv 没有装上")"

works() { "$1" -c "import sys; sys.exit(sys.version_info[:2] != ($2, $3))" >/dev/null 2>&1; }

# A Python that runs: on the path (a pyenv shim may be there and yet fail), under a pyenv root, among uv's own.
find_python() {
  minor=$1
  for candidate in "python3.$minor" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$minor".*/bin/python; do
    if works "$candidate" 3 "$minor"; then command -v "$candidate"; return; fi
  done
  "$uv" python find --quiet "3.$minor" 2>/dev/null
}
python=
case $version in
  3.12+) for minor in 12 13; do python=$(find_python "$minor") && break || python=; done; wanted=3.12 ;;
  *) python=$(find_python "${version#3.}") || python=; wanted=$version ;;
esac
if [ -z "$python" ]; then
  printf '这台机器上没有 Python %s，让 uv 去装……\n' "$wanted"
  "$uv" python install "$wanted" >&2 \
    || stop "缺 Python $wanted，也没能自动装上：请自己装一个（比如 pyenv install $wanted，或系统的 python$wanted 软件包），再打一次 make run。"
  python=$("$uv" python find "$wanted")
fi

printf '正在装 %s（%s）……\n' "$folder" "$("$python" --version)"
"$uv" venv --quiet --clear --python "$python" "$folder"
"$uv" pip sync --python "$folder/bin/python" --compile-bytecode --require-hashes "$requirements" \
  || stop "$(cause "$requirements 里的软件包没有装全")"
if [ -n "$project" ]; then
  "$uv" pip install --quiet --python "$folder/bin/python" --no-deps --no-build-isolation --editable .
fi
touch "$folder/.installed"
printf '%s 装好了（%s 秒）\n' "$folder" "$(($(date +%s) - began))"
