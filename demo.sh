#!/usr/bin/env bash
# Runs a whole federation on this machine: one Silo and four hospitals train one model. `./demo.sh --help` tells the options.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/setup.sh
need_dotnet

echo "Building..." >&2
for project in Silo/FederatedOrleans.Silo HospitalNode/FederatedOrleans.HospitalNode Cli/FederatedOrleans.Cli; do
  build "$project.csproj"
done
bin=artifacts/bin
exec "$bin/FederatedOrleans.Cli/release/fed" demo --project . \
  --silo "$bin/FederatedOrleans.Silo/release/fed-silo" \
  --node "$bin/FederatedOrleans.HospitalNode/release/fed-node" "$@"
