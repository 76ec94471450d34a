#!/usr/bin/env bash
# The image and the compose file under a real engine: builds, turns healthy, mails an edition through a real relay, ends on SIGTERM.
#   run.sh ENGINE      ENGINE sets up podman and a base image ("up", "env", "build DIR TAG", "down")
set -euo pipefail
cd "$(dirname "$0")/../.."
engine=$(realpath "$1")
"$engine" up
eval "$("$engine" env)"
export BASE COMPOSE_PROJECT_NAME=monitortest MONITOR_PORT=${MONITOR_PORT:-18080}
service=${COMPOSE_PROJECT_NAME}_monitor_1 relay=${COMPOSE_PROJECT_NAME}_relay_1

say() { printf '  %s\n' "$*"; }
fail() { printf 'container check: %s\n' "$*" >&2; podman logs --tail 30 "$service" >&2 || true; exit 1; }
await() {  # await SECONDS WHAT COMMAND…: until the command succeeds
  local until=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do ((SECONDS < until)) || fail "$what did not come"; sleep 1; done
}
clean() {  # by name too: what an earlier run left half made carries no label by which compose would find it
  podman-compose --profile mail down --volumes >/dev/null 2>&1 || true
  podman rm --force "$service" "$relay" >/dev/null 2>&1 || true
  podman volume rm --force "${COMPOSE_PROJECT_NAME}_data" "${COMPOSE_PROJECT_NAME}_inbox" >/dev/null 2>&1 || true
}
trap clean EXIT
clean

"$engine" build . localhost/monitor:local >/tmp/monitor-image.log 2>&1 || { tail -20 /tmp/monitor-image.log >&2; fail "the image does not build"; }
"$engine" build docker/relay localhost/monitor-relay:local >/tmp/relay-image.log 2>&1 || { tail -20 /tmp/relay-image.log >&2; fail "the relay does not build"; }
say "images: $(podman image inspect localhost/monitor:local --format '{{.Size}}' | awk '{printf "%.0f MB", $1 / 1e6}') with its base"

locked=(--rm --no-healthcheck --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --network none --user 12345:12345)
podman run "${locked[@]}" localhost/monitor:local --version
podman run "${locked[@]}" -e MONITOR_HOME=/tmp localhost/monitor:local check | tail -1

# A home with no feed of its own: the check asks nobody outside.
podman volume create "${COMPOSE_PROJECT_NAME}_data" >/dev/null
podman run --rm --no-healthcheck --network none --volume "${COMPOSE_PROJECT_NAME}_data:/data" --entrypoint sh localhost/monitor:local \
  -c 'mkdir -p /data/seeds && printf "feeds: []\n" >/data/seeds/none.yml'
podman-compose --profile mail up -d --no-build >/tmp/compose.log 2>&1 || { tail -20 /tmp/compose.log >&2; fail "compose up failed"; }
await 60 "health" podman healthcheck run "$service"
say "health: $(podman inspect "$service" --format '{{.State.Health.Status}}')"
await 20 "/readyz" python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$MONITOR_PORT/readyz', timeout=3)"

podman exec "$service" monitor demo --database sqlite:////data/var/monitor.db --out /data/out | tail -3
pending=$(podman exec "$service" monitor outbox list --json | wc -l)
((pending > 0)) || fail "the demo left no message in the outbox"
# the weeks of the demo are years old: a service sends such editions only if somebody says so
for edition in $(podman exec "$service" monitor outbox list --state pending --json | sed -n 's/.*"edition": *"\([^"]*\)".*/\1/p' | sort -u); do
  # the edition of the present may be finished by now: the service sends it itself
  podman exec "$service" monitor deliver --send-late "$edition" >/dev/null || true
done
arrived() { (($(podman exec "$relay" sh -c 'ls /home/inbox/Maildir/new 2>/dev/null | wc -l') >= pending)); }
await 90 "the mail" arrived
say "mail: $(podman exec "$relay" sh -c 'ls /home/inbox/Maildir/new | wc -l') of $pending messages in the relay's inbox"
podman exec "$relay" sh -c 'grep -h ^Subject: /home/inbox/Maildir/new/* | head -2'
python3 - "$MONITOR_PORT" <<'PY'
import sys, urllib.request as u
page = u.urlopen(f"http://127.0.0.1:{sys.argv[1]}/security-weekly/latest/", timeout=5).read()
assert b"<h1" in page or b"<h2" in page, "the archive shows no edition"
print("  archive: latest edition,", len(page), "bytes")
PY

began=$SECONDS
podman stop -t 30 "$service" >/dev/null
code=$(podman inspect "$service" --format '{{.State.ExitCode}}')
((SECONDS - began <= 10)) || fail "SIGTERM took $((SECONDS - began)) s"
((code == 0)) || fail "SIGTERM ended it with exit code $code"
say "SIGTERM: ended with exit code 0 in $((SECONDS - began)) s"
echo "container check: passed"
