#!/usr/bin/env bash
# Sets up what the tests need, builds, and runs every test. The last line counts them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/setup.sh
need_dotnet

# Real tools of the machine that tests use: a browser, openssl, ss, a PostgreSQL server.
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v openssl >/dev/null || missing+=(openssl)
command -v ss >/dev/null || missing+=(iproute2)
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
[ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"

# The solution holds the tests; everything they start is built with them.
build FederatedOrleans.sln

# The real records by the demo's own rule, for the tests that need them; without them those are skipped and say so.
if records=$(artifacts/bin/FederatedOrleans.Cli/release/fed demo-data artifacts/data/heart-disease --project .); then
  export FEDERATED_DATA=$records
fi

passed=0 failed=0 skipped=0 broken=0
results=artifacts/test-results
rm -rf "$results" && mkdir -p "$results"
for project in tests/*/*.Tests.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  "artifacts/bin/$name/release/$name" --progress off --no-ansi \
    --report-xunit-trx --report-xunit-trx-filename "$name.trx" --results-directory "$results" 2>&1 | tee "$results/$name.log" | grep -vE '^\s*$' | tail -40
  if [ ! -s "$results/$name.trx" ]; then
    echo "$name did not finish" >&2
    broken=$((broken + 1))
    continue
  fi
  counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx")
  count() { grep -o " $1=\"[0-9]*\"" <<<"$counters" | grep -o '[0-9]*'; }
  passed=$((passed + $(count passed)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count notExecuted)))
done

failed=$((failed + broken))

# With its reason here too: the part above that told it may be far away, or cut off.
grep -h -A 30 '^failed ' "$results"/*.log
if [ "$skipped" -gt 0 ]; then
  echo "$passed passed, $failed failed, $skipped skipped"
else
  echo "$passed passed, $failed failed"
fi
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
