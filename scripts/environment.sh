#!/bin/sh
# environment.sh FOLDER VERSION REQUIREMENTS [--with-project]: one environment, exactly as pinned.
# VERSION is 3.10, or 3.12+ for the newest of 3.12 and 3.13 that is here.
set -eu
cd "$(dirname "$0")/.."
folder=$1 version=$2 requirements=$3 project=${4:-}
. scripts/uv.sh

stop() { printf '\n%s\n' "$1" >&2; exit 1; }
began=$(date +%s)

uv=$(find_uv) || stop "uv could not be installed: there is no network, or no Python 3.8 or newer with pip. Install uv or connect to a network, then run make again."

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
  printf 'Python %s is not here; asking uv for it …\n' "$wanted"
  "$uv" python install "$wanted" >&2 || stop "Python $wanted is missing and could not be installed. Install it (for example: pyenv install $wanted, or your system's python$wanted package), then run make again."
  python=$("$uv" python find "$wanted")
fi

printf 'Setting up %s with %s …\n' "$folder" "$("$python" --version)"
"$uv" venv --quiet --clear --python "$python" "$folder"
"$uv" pip sync --python "$folder/bin/python" --require-hashes "$requirements" \
  || stop "The packages of $requirements could not be installed: most likely there is no network or the disk is full. Mend that and run make again."
if [ -n "$project" ]; then
  "$uv" pip install --quiet --python "$folder/bin/python" --no-deps --no-build-isolation --editable .
fi
touch "$folder/.installed"
printf '%s is ready (%s s).\n' "$folder" "$(($(date +%s) - began))"
