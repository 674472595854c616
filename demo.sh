#!/usr/bin/env bash
# Runs a whole federation on this machine: one Silo and four hospitals train one model. `./demo.sh --help` tells the options.
set -euo pipefail

# The caller's folder stays: paths among the options are meant from there.
project=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$project/scripts/setup.sh"
need_dotnet

echo "Building..." >&2
for part in Silo/FederatedOrleans.Silo HospitalNode/FederatedOrleans.HospitalNode Cli/FederatedOrleans.Cli Simulation/FederatedOrleans.Simulation; do
  # From the project's folder, whose global.json names the SDK.
  (cd "$project" && build "$part.csproj")
done
bin=$project/artifacts/bin
exec "$bin/FederatedOrleans.Cli/release/fed" demo --project "$project" \
  --silo "$bin/FederatedOrleans.Silo/release/fed-silo" \
  --node "$bin/FederatedOrleans.HospitalNode/release/fed-node" "$@"
