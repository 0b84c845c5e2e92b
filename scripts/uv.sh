# Prints the path of uv: the one on the path, or one of our own in .uv/, installed with any Python 3 that works.
find_uv() {
  if command -v uv >/dev/null 2>&1; then command -v uv; return; fi
  if [ -x .uv/bin/uv ]; then echo .uv/bin/uv; return; fi
  for python in python3 python3.13 python3.12 python3.11 python3.10 python; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1 || continue
    "$python" -m venv .uv >/dev/null 2>&1 || { rm -rf .uv; mkdir -p .uv; }
    if [ -x .uv/bin/pip ]; then
      .uv/bin/pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2 && [ -x .uv/bin/uv ] && { echo .uv/bin/uv; return; }
    else
      "$python" -m pip install --quiet --disable-pip-version-check --target .uv/lib "uv==$UV_VERSION" >&2 \
        && [ -x .uv/lib/bin/uv ] && mkdir -p .uv/bin && ln -sf ../lib/bin/uv .uv/bin/uv && { echo .uv/bin/uv; return; }
    fi
  done
  return 1
}
UV_VERSION=0.13.9
