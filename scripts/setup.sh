# Sourced by demo.sh and test.sh: what both need of the machine.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# Installs Debian packages as root; otherwise says which to install.
install_packages() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >&2
  else
    echo "Please install: $* (on Debian: sudo apt-get install $*)" >&2
    exit 1
  fi
}

need_dotnet() {
  if ! command -v dotnet >/dev/null; then
    echo "Please install the .NET 10 SDK (https://dotnet.microsoft.com/download/dotnet/10.0)." >&2
    exit 1
  fi
}

# Builds quietly; prints the compiler's output only when it fails.
build() {
  local log
  log=$(mktemp)
  if ! dotnet build "$1" --configuration Release --verbosity quiet -nologo >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
}
