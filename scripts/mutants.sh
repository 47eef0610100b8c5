#!/usr/bin/env bash
# Removes one defence at a time from a copy of the code, and runs the test that must notice it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
readonly root mutants=$root/tests/mutants

usage() {
    cat <<'END'
usage: mutants.sh [NAME...]     (those of tests/mutants; all without a name)

Each takes some minutes. Exit code 0: every one of them turned its test red.
END
}

case ${1:-} in -h | --help) usage; exit ;; esac

copy=$(mktemp -d)
readonly copy
trap 'rm -rf "$copy"' EXIT

field() { sed -n "s/^$1: //p" "$2"; }

names=("$@")
((${#names[@]})) || mapfile -t names < <(basename -s .patch "$mutants"/*.patch)
survived=0
for name in "${names[@]}"; do
    patch_file=$mutants/$name.patch
    rm -rf "$copy/code"
    mkdir "$copy/code"
    (cd "$root" && git ls-files -z | tar --null -T - -c) | tar -x -C "$copy/code"
    patch --quiet -p1 -d "$copy/code" <"$patch_file"
    if "$copy/code/test.sh" --filter "FullyQualifiedName~$(field Tests "$patch_file")" >"$copy/log" 2>&1; then
        echo "SURVIVED  $name: $(field What "$patch_file")"
        survived=$((survived + 1))
    elif ! grep -q '^0 passed, 1 failed$' "$copy/log"; then
        # A mutant that does not build, or servers that do not start, say nothing about the test.
        tail -n 20 "$copy/log" >&2
        echo "BROKEN    $name: its test did not run to its end"
        survived=$((survived + 1))
    else
        echo "noticed   $name: $(field What "$patch_file") - $(grep -m 1 -o 'confirmed=.*wrong=[0-9]*' "$copy/log" || echo 'the test ended before its comparison')"
    fi
done
((survived == 0))
