#!/usr/bin/env bash
# Does what the Dockerfile does, in a folder that is thrown away, and asks what a container would be asked:
# its files are enough, the packages without the development ones are enough, it becomes healthy and ready, it takes
# a signed webhook and refuses an unsigned one, it ends by itself on SIGTERM. Needs no Docker.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/node_modules/.bin:$PATH"

folder=$(mktemp -d)
process=""
finish() {
  status=$?
  [ -z "$process" ] || kill -KILL "$process" 2>/dev/null || true
  [ "$status" -eq 0 ] || { echo "failed" >&2; cat "$folder/log" >&2 2>/dev/null || true; }
  rm -rf "$folder"
}
trap finish EXIT

# The COPY lines, taken from the Dockerfile itself; each file has to pass .dockerignore as well.
app="$folder/app"
mkdir "$app"
while read -r _ line; do
  read -ra words <<<"$line"
  for source in "${words[@]:0:${#words[@]}-1}"; do
    grep -qxF "!$source" .dockerignore || { echo "$source: not let through by .dockerignore" >&2; exit 1; }
    cp -r "$source" "$app/"
  done
done < <(grep '^COPY ' Dockerfile)

cd "$app"
grep -q 'npm ci --omit=dev --ignore-scripts' "$OLDPWD/Dockerfile"
npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
echo "packages: $(du -sh node_modules | cut -f1), sources: $(du -sh src | cut -f1)"

port=$(node -e 'const s = require("node:net").createServer().listen(0, () => { console.log(s.address().port); s.close(); })')
key=$(node -e 'console.log(require("node:crypto").generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } }).privateKey)')
url="http://127.0.0.1:$port"

start() {
  env -i PATH="$PATH" HOME="$folder" NODE_ENV=production SLUICE_DATA_DIR="$folder/data" PORT="$port" "$@" \
    node src/main.ts >"$folder/log" 2>&1 &
  process=$!
}
until_ok() {
  for _ in $(seq 120); do
    if curl --silent --fail --output /dev/null "$1"; then return; fi
    kill -0 "$process" 2>/dev/null || { echo "it ended" >&2; return 1; }
    sleep 0.5
  done
  echo "$1 did not answer in a minute" >&2
  return 1
}
end() {
  kill -TERM "$process"
  wait "$process"
  process=""
}
answers() {
  local want=$1 got
  shift
  got=$(curl --silent --output /dev/null --write-out '%{http_code}' "$@")
  [ "$got" = "$want" ] || { echo "answered $got instead of $want: ${*: -1}" >&2; return 1; }
}

# As it is started first: it has no App yet and offers the setup page.
start
until_ok "$url/healthz"
answers 503 "$url/readyz"
answers 404 "$url/setup"
setup=$(grep -o "$url/setup?token=[A-Za-z0-9_-]*\|http://localhost:$port/setup?token=[A-Za-z0-9_-]*" "$folder/log")
answers 200 "$setup"
end
echo "without an App: offers the setup page"

secret=only-for-this-check
# With an App. GitHub is an address where nobody answers, which must not keep it from starting.
start APP_ID=1 PRIVATE_KEY="$key" WEBHOOK_SECRET="$secret" GITHUB_API_URL=http://127.0.0.1:9 SLUICE_SANDBOX="${SLUICE_SANDBOX:-required}"
until_ok "$url/readyz"
# The very command of HEALTHCHECK.
PORT=$port node -e "$(node -e 'const line = require("node:fs").readFileSync(process.argv[1], "utf8").match(/^  CMD (\[.*\])$/m)[1]; console.log(JSON.parse(line)[2])' "$OLDPWD/Dockerfile")"
body='{"zen":"Keep it logically awesome."}'
signature="sha256=$(printf %s "$body" | openssl dgst -sha256 -hmac "$secret" -r | cut -d' ' -f1)"
hook=(--data-binary "$body" --header 'content-type: application/json' --header 'x-github-event: ping'
  --header 'x-github-delivery: 72d3162e-cc78-11e3-81ab-4c9367dc0958')
answers 202 "${hook[@]}" --header "x-hub-signature-256: $signature" "$url/api/github/webhooks"
answers 401 "${hook[@]}" --header 'x-hub-signature-256: sha256=0000000000000000000000000000000000000000000000000000000000000000' "$url/api/github/webhooks"
end
echo "with an App: healthy, ready, takes signed webhooks only, ends on SIGTERM"
