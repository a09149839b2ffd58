# What scripts/demo and scripts/test share. Sourced, not run.

fail() {
    echo "$0: $1" >&2
    exit 2
}

runs_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Print the first Python >= 3.11 that really runs; a version manager may leave commands on the path that do not.
find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$name" >/dev/null && runs_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    fail "needs Python 3.11 or newer on the path; install one and run this again"
}

# Make .venv and install into it what the arguments say, once for each state of the files that decide about it.
# An installed .venv needs no network.
prepare_venv() {
    stamp=".venv/installed-for-$1"
    shift
    # Environments know the folder that they were made in, and those of a moved checkout are of no use.
    if [ "$(cat .venv/made-in 2>/dev/null)" != "$PWD" ]; then
        rm -rf .tox
        make_venv
    fi
    wanted=$(cat sdk/pyproject.toml mock_server/pyproject.toml scripts/common.sh | cksum; echo "$@")
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    runs_new_enough .venv/bin/python || make_venv
    echo "Installing into .venv, once …" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" ||
        fail "pip could not install; the first run needs the network"
    echo "$wanted" >"$stamp"
}

make_venv() {
    python=$(find_python) || exit 2
    echo "Making .venv with $("$python" --version), once …" >&2
    "$python" -m venv --clear .venv ||
        fail "could not make .venv; on Debian and Ubuntu the package python3-venv is needed"
    echo "$PWD" >.venv/made-in
}
