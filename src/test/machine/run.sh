#!/usr/bin/env bash
# Takes a bare Debian, or Ubuntu, from nothing to a working clinic and back, in a machine of its own: debootstrap, booted by systemd-nspawn in a
# network namespace of its own, which the cloud of the lab shares. As root, after ./mvnw -DskipTests package:
#   src/test/machine/run.sh [FOLDER]     the folder keeps the bare system for the next time (1.2 GB; target/machine otherwise),
#                                        and the version before, which PREVIOUS=IMAGE names otherwise
# SUITE=trixie takes another Debian than bookworm; SUITE=noble and SUITE=jammy take an Ubuntu, with ubuntu-archive-keyring.
# shellcheck disable=SC2016 # what stands in single quotes is for the machine's own shell
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
folder=$(realpath -m "${1:-$project/target/machine}")
image=$project/target/centrovision-sync
suite=${SUITE:-bookworm}
debian=${MIRROR:-http://deb.debian.org/debian}
ubuntu=${MIRROR:-http://archive.ubuntu.com/ubuntu}
# debootstrap of Debian 12 knows no Ubuntu of today by its name.
like_ubuntu=("$ubuntu" /usr/share/debootstrap/scripts/jammy "--components=main,universe"
  --keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg)
case $suite in
  bookworm) java=openjdk-17-jre-headless from=("$debian") ;;
  trixie) java=openjdk-21-jre-headless from=("$debian") ;;
  jammy) java=openjdk-17-jre-headless from=("${like_ubuntu[@]}") ;;
  noble) java=openjdk-21-jre-headless from=("${like_ubuntu[@]}") ;;
  *) echo "SUITE is bookworm, trixie, jammy or noble" >&2 && exit 2 ;;
esac
base=$folder/$suite
root=$folder/root
shared=$folder/shared
previous=${PREVIOUS:-$folder/previous}
# The last version whose control tables end with V004: an upgrade from there migrates.
before=1514510
net=cvsync$$
init=

# shellcheck source=report.sh
. "$project/src/test/machine/report.sh"
[ "$(id -u)" = 0 ] || fail "this needs root"
[ -x "$image/bin/centrovision-sync" ] || fail "no image in $image: ./mvnw -DskipTests package"

# --- The bare system.

in_base() { chroot "$base" env DEBIAN_FRONTEND=noninteractive "$@" >>"$folder/$suite.log" 2>&1; }
if [ ! -e "$base/.ready" ]; then
  mkdir -p "$folder"
  rm -rf "$base"
  debootstrap --variant=minbase "${from[@]:2}" "$suite" "$base" "${from[@]:0:2}" >"$folder/$suite.log"
  cp /etc/resolv.conf "$base/etc/resolv.conf"
  printf '#!/bin/sh\nexit 101\n' >"$base/usr/sbin/policy-rc.d"
  chmod +x "$base/usr/sbin/policy-rc.d"
  mount -t proc proc "$base/proc"
  in_base apt-get update
  in_base apt-get install -y --no-install-recommends systemd systemd-sysv dbus "$java" adduser curl ufw iptables
  # What setup-server.sh installs waits in apt's own store: the machine has no network but the cloud's.
  in_base apt-get install -y --no-install-recommends --download-only postgresql postgresql-contrib
  umount "$base/proc"
  rm "$base/usr/sbin/policy-rc.d"
  echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/90machine"
  printf 'APT::Install-Recommends "false";\n' >"$base/etc/apt/apt.conf.d/90machine"
  touch "$base/.ready"
fi

if [ ! -x "$previous/bin/centrovision-sync" ]; then
  sources=$(mktemp -d)
  git -C "$project" archive $before | tar -x -C "$sources"
  (cd "$sources" && ./mvnw -q -DskipTests package) >"$folder/previous.log" 2>&1 || fail "$before was not built: $folder/previous.log"
  mkdir -p "$(dirname "$previous")"
  mv "$sources/target/centrovision-sync" "$previous"
  rm -rf "$sources"
fi

# --- The machine.

lab=
end() {
  local left=$?
  set +e
  [ -z "$init" ] || nsenter -t "$init" -a systemctl poweroff 2>/dev/null
  [ -z "$lab" ] || { exec 7>&- ; wait "$lab"; }
  wait
  ip netns del "$net" 2>/dev/null
  rm -rf "$root"
  exit $left
}
trap end EXIT

rm -rf "$root" "$shared"
mkdir -p "$shared"
cp -a "$base" "$root"
ip netns add "$net"
ip -n "$net" link set lo up

boot() {
  systemd-nspawn -q -D "$root" --register=no --keep-unit --network-namespace-path="/run/netns/$net" -b \
    --machine="$net" --bind="$shared:/mnt" </dev/null >>"$folder/boot.log" 2>&1 &
  local nspawn=$! tries
  for ((tries = 0; tries < 60; tries++)); do
    sleep 1
    init=$(pgrep -P "$nspawn" | head -1 || true)
    [ -n "$init" ] && nsenter -t "$init" -a systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && return
  done
  fail "the machine did not start: $folder/boot.log"
}
shut() {
  nsenter -t "$init" -a systemctl poweroff || true
  while kill -0 "$init" 2>/dev/null; do sleep 1; done
  init=
}
# A command in the machine; what it says is kept in $said, its end in $code.
m() {
  code=0
  said=$(nsenter -t "$init" -a env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@" 2>&1 </dev/null) || code=$?
}
# Steps that changed something begin with an arrow.
unchanged() { ! grep -q '^→' <<<"$said" || wrong "$1: $said"; }
sql() { m runuser -u postgres -- psql -X -At -d centrovision -c "$1"; }
soon() { # seconds, what, a command of this script that has to succeed
  local tries=$1 what=$2
  shift 2
  until "$@"; do
    ((tries-- > 0)) || { wrong "$what: $said" && return; }
    sleep 1
  done
  ok "$what"
}
works() { m centrovision-sync status --json && grep -q '"mode" *: *"supabase"' <<<"$said"; }
nothing_pending() { sql 'select count(*) from _sync_pending where not synced' && [ "$said" = 0 ]; }
same() {
  m centrovision-sync verify
  expect 0 '' "$1"
}

mkfifo "$shared/end"
ip netns exec "$net" java -cp "$image/lib/*:$image/lib/demo/*" "$project/src/test/machine/LabMain.java" "$image" "$shared" \
  <"$shared/end" >"$folder/lab.log" 2>&1 &
lab=$!
exec 7>"$shared/end"
cp -r "$image" "$shared/image"
cp -r "$previous" "$shared/previous"
cp "$project/target/centrovision-sync.deb" "$shared/"
boot
for ((i = 0; i < 120; i++)); do
  if [ -s "$shared/url" ]; then break; fi
  sleep 1
done
[ -s "$shared/url" ] || fail "the cloud did not start: $folder/lab.log"
url=$(cat "$shared/url")
port=${url##*:}
ok "a bare machine runs: $(uname -r), cloud at $url"

# --- The data server.

server=(/mnt/image/install/setup-server.sh --lan 192.168.1.0/24 --schema /mnt/image/sql/demo/schema.sql --address 192.168.1.100)
m /mnt/image/install/setup-server.sh --lan 8.8.8.0/24
expect 2 'private network' 'setup-server refuses a network that is not private'
# The address is told where there is one; this machine has none.
m "${server[@]:0:5}" --dry-run
expect 0 'nothing was changed' 'setup-server --dry-run says what it would do'
m test -e /etc/postgresql -o -e /root/centrovision
expect 1 '' 'and changes nothing'
m sh -c 'mkdir /tmp/old && printf "#!/bin/sh\necho 13 main 5432 online postgres\n" >/tmp/old/pg_lsclusters && chmod +x /tmp/old/pg_lsclusters &&
  PATH=/tmp/old:$PATH /mnt/image/install/setup-server.sh --lan 192.168.1.0/24'
expect 2 'PostgreSQL 13 is too old' 'setup-server says that PostgreSQL is too old'
m sh -c 'mkdir /var/lib/postgresql && mount -t tmpfs -o size=20m tmpfs /var/lib/postgresql
  /mnt/image/install/setup-server.sh --lan 192.168.1.0/24; e=$?; umount /var/lib/postgresql; rmdir /var/lib/postgresql; exit $e'
expect 2 'MB left' 'setup-server says that the disk of PostgreSQL is too small'
m runuser -u nobody -- "${server[@]}"
expect 2 'needs an administrator' 'that it lacks rights'
m test -e /etc/postgresql -o -e /root/centrovision
expect 1 '' 'and still changes nothing'
m timeout -s KILL 4 "${server[@]}"
m "${server[@]}"
expect 0 'The data server is ready' 'setup-server makes the data server, after it was killed on its way'
m "${server[@]}"
expect 0 'The data server is ready' 'a second run'
unchanged 'a second run of setup-server changed something'
m sh -c 'mkdir /tmp/none && printf "#!/bin/sh\n" >/tmp/none/pg_lsclusters && chmod +x /tmp/none/pg_lsclusters &&
  PATH=/tmp/none:$PATH /mnt/image/install/setup-server.sh --lan 192.168.1.0/24'
expect 2 'no server that can be read' 'setup-server says that there is no server'
m sh -c 'PGPASSWORD=$(cat /root/centrovision/centrovision_app.password) psql -X -At -h 127.0.0.1 -U centrovision_app centrovision -c "select 1"'
expect 0 1 'the apps get in'
sql "select rolsuper, rolcreatedb, rolcreaterole, rolbypassrls from pg_roles where rolname = 'centrovision_sync'"
expect 0 'f|t|f|f' 'the service is no superuser'
m grep -c '^password = "..' /root/centrovision/config.toml
expect 0 1 'the configuration of the apps is there'
m cat /root/centrovision/config.toml
apps=$said
moved=(/mnt/image/install/setup-server.sh --lan 192.168.1.0/24 --url https://p.supabase.co --address 192.168.1.7)
m "${moved[@]}"
expect 0 'config.toml anew' 'a server that got another address'
m cat /root/centrovision/config.toml
apps=${apps/192.168.1.100/192.168.1.7}
[ "$said" = "${apps/PROJECT/p}" ] || wrong "the configuration of the apps is another: $said"
m "${server[@]:0:5}"
unchanged 'an address that was given before was forgotten'
m /mnt/image/install/setup-server.sh --lan 10.1.0.0/16
expect 0 'no longer from 192.168.1.0/24' 'a clinic that got another network'
m sh -c 'ufw show added; grep centrovision_app /etc/postgresql/*/main/pg_hba.conf'
if [ "$(grep -c '10.1.0.0/16' <<<"$said")" != 2 ] || grep -qF 192.168.1.0 <<<"$said"; then wrong "not that network alone gets in: $said"; fi
m "${server[@]}"
expect 0 'config.toml anew' 'and the one before again'

# --- The service.

installer=(/mnt/image/install/install_linux.sh)
m sh -c 'JAVA_HOME=/nowhere /mnt/image/install/install_linux.sh'
expect 2 'Java 17 or newer is missing' 'the installer says that Java is missing'
m sh -c 'mount -t tmpfs -o size=20m tmpfs /opt; /mnt/image/install/install_linux.sh; e=$?; umount /opt; exit $e'
expect 2 'MB left' 'the installer says that the disk is too small'
m runuser -u nobody -- "${installer[@]}"
expect 2 'needs an administrator' 'the installer says that it lacks rights'
m sh -c 'mkdir /mnt/half && cp -r /mnt/image/install /mnt/half/ && /mnt/half/install/install_linux.sh'
expect 2 'was not unpacked whole' 'the installer says that the archive is not whole'
m "${installer[@]}" --dry-run
expect 0 'nothing was changed' 'install_linux.sh --dry-run'
m sh -c 'test -e /opt/centrovision-sync || test -e /etc/centrovision-sync || getent passwd centrovision'
expect 2 '' 'and nothing was changed'
m "${installer[@]}"
expect 0 'sudo centrovision-sync setup' 'install_linux.sh installs'
m "${installer[@]}"
expect 0 '' 'a second run'
unchanged 'a second run of install_linux.sh changed something'
m sh -c 'mv /opt/centrovision-sync /opt/centrovision-sync.old && mkdir -p /opt/centrovision-sync.new/lib'
m "${installer[@]}"
expect 0 'broken off' 'an installation that was broken off is finished'
m sh -c 'diff -rq --exclude=config --exclude=tables --exclude=shipped-tables /mnt/image /opt/centrovision-sync && ls -d /opt/centrovision-sync.*'
expect 2 '' 'and nothing half-done is left'

setup=(centrovision-sync setup --url "$url" --key-file /mnt/key --user centrovision_sync
  --password-file /root/centrovision/centrovision_sync.password)
m "${setup[@]}" --password-file /mnt/url
expect 2 '' 'an option given twice is refused'
m centrovision-sync setup --url "$url" --key-file /mnt/key --user centrovision_sync --password-file /mnt/url
expect 3 'CV-CLINIC-02' 'setup tells a wrong password'
cluster() { m sh -c 'pg_ctlcluster $(pg_lsclusters --no-header | awk "{ print \$1, \$2 }") '"$1"; }
cluster stop
m "${setup[@]}"
expect 3 'CV-CLINIC-01' 'setup tells that PostgreSQL is down'
m test -e /etc/centrovision-sync/config.toml
expect 1 '' 'and has written nothing'
cluster start
m "${setup[@]}" --config=/etc/centrovision-sync/other.toml
expect 0 'Both sides are equal' 'setup of another file loads by that file'
m test -e /etc/centrovision-sync/config.toml
expect 1 '' 'and leaves the usual one alone'
m "${setup[@]}"
expect 0 'Both sides are equal' 'setup writes the configuration and makes the first load'
[ "$(sed -n '/Both sides are equal/,$p' <<<"$said" | grep -c 'systemctl enable')" = 1 ] || wrong "what comes next is not said at the end: $said"
! grep -q ' INFO ' <<<"$said" || wrong "the log is on the screen: $said"
ok 'and then says what comes next, without the log'
m stat -c '%U:%G %a' /etc/centrovision-sync/config.toml
expect 0 'root:centrovision 640' 'config.toml is for root and the service alone'
m find /var/log/centrovision-sync ! -user centrovision
expect 0 '' 'the log is the service'"'"'s own'
[ -z "$said" ] || wrong "not the service's own: $said"
same 'both sides are equal row by row'

# --- Backups.

m sh -c 'mkdir -p /srv/respaldos && chown centrovision /srv/respaldos && chmod 700 /srv/respaldos'
m centrovision-sync backup
expect 2 'CV-BACKUP-01' 'without a key no backup is made, and it says so'
m centrovision-sync setup --no-load --new-backup-key --copy-folder /srv/respaldos
expect 0 'AGE-SECRET-KEY-1' 'setup makes the key and shows it'
grep -o 'AGE-SECRET-KEY-1[0-9A-Z]*' <<<"$said" >"$shared/paper"
m grep -r AGE-SECRET-KEY /etc/centrovision-sync /var/log/centrovision-sync /var/lib/centrovision-sync
expect 1 '' 'but keeps it nowhere'
m centrovision-sync setup --no-load --new-backup-key
expect 0 'There is a key' 'and makes no second one'

m systemctl start centrovision-sync
soon 60 'the service works' works
backed_up() { sql "select status from _sync_log where direction = 'BACKUP' order by id desc limit 1" && [ "$said" = SUCCESS ]; }
soon 60 'the service makes the backup that was missed, proved and copied' backed_up
m sh -c 'cmp /var/lib/centrovision-sync/backups/*.age /srv/respaldos/*.age && stat -c "%U %a" /var/lib/centrovision-sync/backups'
expect 0 'centrovision 700' 'here and in the second place, for nobody else'
m centrovision-sync backup
expect 0 'row for row' 'backup'
m centrovision-sync backup list
[ "$(grep -c 'yes.*\.dump\.age' <<<"$said")" = 2 ] || wrong "two proved backups expected: $said"
ok 'backup list'
m centrovision-sync backup verify --key /mnt/paper
expect 0 'was restored on trial' 'backup verify, with the key from paper'

m sh -c 'kill -9 $(systemctl show --property=MainPID --value centrovision-sync)'
soon 60 'after kill -9 it works again' eval 'works && m systemctl is-active centrovision-sync && [ $code = 0 ]'
shut
boot
soon 90 'after a reboot it works by itself' works

# --- Upgrades.

cut() { ip netns exec "$net" iptables "$1" INPUT -p tcp --dport "$port" -j REJECT --reject-with tcp-reset; }
pid() { m systemctl show --property=MainPID --value centrovision-sync; }
cp -r "$shared/image" "$shared/next"
printf -- '-- The next version.\n' >>"$shared/next/sql/functions/R__sync_reason.sql"
m sh -c 'rm /etc/centrovision-sync/tables/crm_leads.camel.yaml; echo "# ours" >> /etc/centrovision-sync/tables/rooms.camel.yaml'
cut -A
sql "update patients set updated_at = now(), first_name = 'Pendiente'; select count(*) > 10 from _sync_pending where not synced"
expect 0 t 'changes wait while the cloud is away'
m /mnt/next/install/install_linux.sh
expect 0 'the service works' 'an upgrade with changes that wait'
grep -qF 'Backup kept' <<<"$said" || wrong "no backup before the upgrade: $said"
ok 'makes a backup first'
m sh -c 'test ! -e /etc/centrovision-sync/tables/crm_leads.camel.yaml && tail -1 /etc/centrovision-sync/tables/rooms.camel.yaml'
expect 0 '# ours' 'removed and changed table files stay so'
cp -r "$shared/next" "$shared/broken"
echo '- route: {' >"$shared/broken/routes/up.camel.yaml"
m env CENTROVISION_SYNC_PATIENCE_SECONDS=60 /mnt/broken/install/install_linux.sh
expect 1 'The version before works again' 'a version that does not start gives way to the one before'
m diff -rq --exclude=config --exclude=tables --exclude=shipped-tables /mnt/next /opt/centrovision-sync
expect 0 '' 'whose files are back'
cut -D
soon 90 'what waited has gone up' nothing_pending
same 'both sides are equal after both upgrades'
sent=$(ip netns exec "$net" curl -s -H "apikey: $(cat "$shared/key")" -H "Authorization: Bearer $(cat "$shared/key")" \
  "$url/rest/v1/patients?select=id&first_name=neq.Pendiente")
[ "$sent" = '[]' ] || wrong "the cloud lacks an edit: $sent"
ok 'the cloud was asked for every edit'

# --- Put back.

backups=/var/lib/centrovision-sync/backups
m systemctl stop centrovision-sync
m centrovision-sync backup
expect 0 'row for row' 'a backup of the clinic at rest'
m centrovision-sync restore --key /mnt/paper --database otra
expect 1 'GRANT "centrovision_app" TO "centrovision_sync"' 'restore says which right it lacks'
sql 'grant centrovision_app to centrovision_sync'
m centrovision-sync restore --key /mnt/paper --database otra
expect 0 otra 'restore into a new database'
# Schema, owners, rights and rows; the log went on by the line about the backup itself.
contents() { m sh -c "runuser -u postgres -- pg_dump -T '_sync_log*' $1 | grep -v '^.\(un\)\?restrict ' | sha256sum"; }
contents centrovision
here=$said
contents otra
[ "$said" = "$here" ] || wrong 'the restored database is not equal'
ok 'which is equal to the clinic'"'"'s'
m systemctl start centrovision-sync
soon 60 'the service works' works
sql "update patients set updated_at = now(), first_name = 'Después'"
soon 60 'what was done after the backup has gone up' nothing_pending
m centrovision-sync restore --replace --yes --key /mnt/paper
expect 1 CV-RESTORE-02 'a database that is used is not replaced'
m systemctl stop centrovision-sync
m centrovision-sync restore --replace --yes --key /mnt/paper
expect 0 centrovision_before_ 'restore in the place of the clinic'"'"'s database'
sql 'revoke centrovision_app from centrovision_sync'
sql "select count(*) from patients where first_name = 'Después'"
expect 0 0 'which is as it was'
m "${server[@]}"
expect 0 'The data server is ready' 'setup-server gives it what a backup does not hold'
m systemctl start centrovision-sync
came_back() { sql "select count(*) = 0 from patients where first_name <> 'Después'" && [ "$said" = t ]; }
soon 90 'what the cloud has comes down again' came_back
same 'both sides are equal after the restore'

# --- Away, and the version before.

m dpkg --force-confold -i /mnt/centrovision-sync.deb
expect 1 'remove it first by uninstall_linux.sh' 'the package does not mix with what the installer installed'
m dpkg --purge centrovision-sync
soon 5 'which still works' works
m /mnt/next/install/uninstall_linux.sh
expect 0 'still there' 'uninstall'
m sh -c 'test -f /etc/centrovision-sync/config.toml && ! test -e /opt/centrovision-sync && ! test -e /usr/bin/centrovision-sync'
expect 0 '' 'leaves the configuration alone'
m /mnt/next/install/uninstall_linux.sh
unchanged 'a second uninstall changed something'
m /mnt/next/install/uninstall_linux.sh --purge --yes
expect 0 'All is gone' 'uninstall --purge'
m sh -c "test -e /etc/centrovision-sync || test -e /var/log/centrovision-sync || ! ls $backups/*.age"
expect 1 '' 'leaves the backups alone'

wipe() {
  m sh -c 'for name in $(runuser -u postgres -- psql -X -At -c "select datname from pg_database where datname ~ '"'centrovision|otra'"'"); do
    runuser -u postgres -- dropdb $name; done; rm -rf /var/lib/centrovision-sync/backups'
  expect 0 '' "$1"
}
wipe 'the server is lost: what is left is the second disk and the paper'
m "${server[@]}"
expect 0 'The data server is ready' 'a new server'
m "${installer[@]}"
m "${setup[@]}" --no-load
expect 0 'once' 'with the service'
sql 'grant centrovision_app to centrovision_sync'
m sh -c 'centrovision-sync restore $(ls /srv/respaldos/*.age | tail -1) --replace --yes --key /mnt/paper'
expect 0 centrovision_before_ 'the backup of the second disk is restored'
sql 'revoke centrovision_app from centrovision_sync'
m "${server[@]}"
m systemctl start centrovision-sync
soon 90 'what the cloud has comes down' came_back
same 'both sides are equal after the disaster'

other=${url/127.0.0.1/localhost}
m centrovision-sync setup --no-load --url "$other"
expect 2 CV-CLOUD-07 'another project is refused'
m grep -c "$url" /etc/centrovision-sync/config.toml
expect 0 1 'and not written'
m systemctl stop centrovision-sync
sql "update patients set first_name = 'Espera', updated_at = now()"
m centrovision-sync setup --no-load --url "$other" --accept-cloud
expect 0 'Written' 'the cloud is lost: setup takes the new one'
m systemctl start centrovision-sync
soon 90 'which gets what waited' nothing_pending
same 'both sides are equal'
m systemctl stop centrovision-sync
m centrovision-sync init --restored-cloud
expect 0 'is ready' 'a cloud that was put back is compared anew'
m systemctl start centrovision-sync
soon 90 'and gets what it lacks' nothing_pending
same 'both sides are equal'
m /mnt/image/install/uninstall_linux.sh --purge --yes
expect 0 'All is gone' 'uninstall --purge'

wipe 'all is gone'
m "${server[@]}"
expect 0 'The data server is ready' 'setup-server makes another one'
m /mnt/previous/install/install_linux.sh
expect 0 'sudo centrovision-sync setup' 'the version before is installed'
m "${setup[@]}"
expect 0 'Both sides are equal' 'and loads'
m systemctl start centrovision-sync
soon 60 'and works' works
cut -A
sql "update patients set updated_at = now(), first_name = 'Antes'; select count(*) > 10 from _sync_pending where not synced"
expect 0 t 'changes wait'
m "${installer[@]}"
expect 0 'the service works' 'the upgrade of the version before, with changes that wait'
grep -qF 'There is no proved backup' <<<"$said" || wrong "it did not say that there is no backup: $said"
ok 'says that backups are not set up'
sql "select max(version) >= '006' and bool_and(success) from _sync_schema_history"
expect 0 t 'the control tables are those of now'
cut -D
soon 90 'what waited has gone up' nothing_pending
same 'both sides are equal'
sql "select count(*) from patients where first_name <> 'Antes'"
expect 0 0 'with every edit'
m runuser -u centrovision -- /mnt/previous/bin/centrovision-sync --config /etc/centrovision-sync/config.toml init
expect 2 CV-CLINIC-16 'the version before leaves what is newer alone'
m centrovision-sync setup --no-load --new-backup-key
expect 0 'AGE-SECRET-KEY-1' 'backups are set up'
m /mnt/next/install/uninstall_linux.sh

m dpkg --force-confold -i /mnt/centrovision-sync.deb
expect 0 '' 'the package takes over what is configured'
soon 90 'and its service works' works
m dpkg --force-confold -i /mnt/centrovision-sync.deb
expect 0 'Backup kept' 'the package goes over itself, as an upgrade does, after a backup'
soon 90 'and its service works again' works
m dpkg -r centrovision-sync
expect 0 '' 'the package goes'
m test -f /etc/centrovision-sync/config.toml
expect 0 '' 'the configuration stays'
m dpkg --purge centrovision-sync
expect 0 '' 'the package is purged'
m sh -c 'test -e /etc/centrovision-sync || test -e /var/log/centrovision-sync || test -e /var/lib/centrovision-sync/before-upgrade'
expect 1 '' 'and nothing of it is left'
sql 'select count(*) > 0 from patients'
expect 0 t "but the clinic's database"
end_of_report
