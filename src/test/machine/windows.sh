#!/usr/bin/env bash
# Tries the batch files of Windows under Wine: the launcher, install_windows.bat and uninstall_windows.bat with the real prunsrv.exe,
# and with programs that stand for Java and for what Wine has not (src/test/machine/windows). As root, after ./mvnw -DskipTests package,
# with Debian's wine, wine64 and gcc-mingw-w64-x86-64:
#   src/test/machine/windows.sh [FOLDER]     target/windows otherwise; its Wine is made anew each time
# What it can not show: docs/installation.md, Windows.
# shellcheck disable=SC1003,SC2015 # a backslash at the end of a text is one of Windows; what comes after && can not fail
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
folder=$(realpath -m "${1:-$project/target/windows}")
built=$project/target/centrovision-sync
headers=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")/include

# shellcheck source=report.sh
. "$project/src/test/machine/report.sh"
[ -f "$built/bin/CentroVisionSync.exe" ] || fail "no image in $built: ./mvnw -DskipTests package"

# --- A Windows of its own.

export WINEPREFIX=$folder/wine WINEDEBUG=-all WINEARCH=win64
export WINEDLLOVERRIDES='mscoree,mshtml=;sc.exe,fc.exe,icacls.exe=n'
disk=$WINEPREFIX/drive_c
program="$disk/Program Files/CentroVisionSync"
data=$disk/ProgramData/CentroVisionSync
stub=$disk/stub
tmpfs=
end() {
  local left=$?
  set +e
  wineserver -k
  wineserver -w
  [ -z "$tmpfs" ] || umount "$tmpfs"
  exit $left
}
trap end EXIT
rm -rf "$folder"
mkdir -p "$folder"
timeout 120 wine wineboot -i </dev/null >"$folder/boot.log" 2>&1 || fail "Wine does not start: $folder/boot.log"
timeout 60 wineserver -w
x86_64-w64-mingw32-gcc -O1 -static -o "$folder/program.exe" "$project/src/test/machine/windows/program.c"
x86_64-w64-mingw32-gcc -O1 -shared -static -I"$project/src/test/machine/windows" -I"$headers" \
  -o "$folder/jvm.dll" "$project/src/test/machine/windows/jvm.c"
cp "$disk/windows/system32/sc.exe" "$disk/windows/system32/sc-wine.exe"
for name in sc fc icacls; do
  cp --remove-destination "$folder/program.exe" "$disk/windows/system32/$name.exe"
done
java='C:\Program Files\Java\jdk-17'
for place in "$disk/Program Files/Java/jdk-17" "$disk/users/ana/jdk"; do
  mkdir -p "$place/bin/server"
  cp "$folder/program.exe" "$place/bin/java.exe"
  cp "$folder/jvm.dll" "$place/bin/server/"
done
mkdir -p "$stub"
a_java() { # version, folder, machine
  printf 'openjdk version "%s" 2025-04-15\r\nOpenJDK 64-Bit Server VM\r\n' "$1" >"$stub/java.txt"
  printf '    java.home = %s\r\n    java.specification.version = %s\r\n    os.arch = %s\r\n' "$2" "${1%%.*}" "$3" >"$stub/properties.txt"
}
a_java 17.0.15 "$java" amd64
# Wine ends its services when no program is left, and has two of them, which know nothing of each other, where two begin at once.
timeout 3000 wine cmd /c 'ping -n 2900 127.0.0.1' </dev/null >"$folder/awake" 2>&1 &
for _ in $(seq 60); do
  ! grep -q Reply "$folder/awake" || break
  sleep 0.5
done

# A line for cmd, as a batch file, which has no second way of reading quotes; what it says is kept in $said, its end in $code.
w() {
  printf '@echo off\r\n%s\r\n' "$1" >"$disk/line.bat"
  code=0
  JAVA_HOME=${JAVA_HOME_THERE-$java} timeout 300 wine cmd /c 'C:\line.bat' </dev/null >"$folder/said" 2>&1 || code=$?
  said=$(tr -d '\r' <"$folder/said")
  cat "$folder/said" >>"$folder/all-said"
}
unchanged() { ! grep -q '^->' <<<"$said" || wrong "$1: $said"; }
calls() { grep -qF -- "$1" "$stub/log.txt" && ok "$2" || wrong "$2: $(cat "$stub/log.txt")"; }
there() { [ -e "$1" ] && ok "$2" || wrong "$2: $1 is missing"; }
gone() { [ ! -e "$1" ] && ok "$2" || wrong "$2: $1 is there"; }
state() { # RUNNING or STOPPED, what
  local tries
  for ((tries = 0; tries < 20; tries++)); do
    w 'sc query CentroVisionSync'
    grep -q " $1" <<<"$said" && ok "$2" && return
    sleep 1
  done
  wrong "$2: $said"
}

# --- The launcher.

an_image() { # folder below the disk
  rm -rf "${disk:?}/$1"
  mkdir -p "$disk/$1/lib" "$disk/$1/sql"
  cp -r "$built/bin" "$built/install" "$built/config" "$built/routes" "$built/README.md" "$disk/$1/"
  cp -r "$built/sql/migrations" "$disk/$1/sql/"
  cp "$built"/lib/centrovision-sync-*.jar "$disk/$1/lib/"
}
an_image 'down (loads)/centrovision sync'
image='C:\down (loads)\centrovision sync'
launcher="\"$image\\bin\\centrovision-sync.bat\""
w "$launcher run --config \"C:\\a b\\config.toml\" \"say \\\"hola\\\"\" a!b"
expect 0 '[C:\a b\config.toml]' 'the launcher passes an argument with a blank'
expect 0 '[say "hola"]' 'one with quotes'
expect 0 '[a!b]' 'and one with an exclamation mark'
expect 0 "[$image\\bin\\..\\lib\\*;$image\\bin\\..\\lib\\demo\\*]" 'it finds its jars from any folder'
echo 5 >"$stub/java-ends.txt"
w "$launcher status"
expect 5 '[status]' 'an exit code passes through'
rm "$stub/java-ends.txt"
w "set \"JAVA_OPTS=-Xmx512m -Dx=y\"
$launcher status"
expect 0 '[-Xmx512m]' 'JAVA_OPTS reach Java'
! grep -qF '[-Xmx256m]' <<<"$said" || wrong "the usual heap stays beside another: $said"
a_java 11.0.2 "$java" amd64
w "$launcher run"
expect 2 'CV-START-01 Java was not found' 'a Java too old is refused'
a_java 1.8.0_392 "$java" amd64
w "set CENTROVISION_SYNC_LANG=es
$launcher run"
expect 2 'CV-START-01 No se encontro Java' 'in Spanish, too'
a_java 17.0.15 "$java" amd64
JAVA_HOME_THERE='C:\no hay' w "$launcher run"
expect 2 'CV-START-01 Java was not found ("C:\no hay\bin\java.exe")' 'a Java that is missing is told with its place'
w "set JAVA_HOME=
set \"PATH=$java\\bin;%PATH%\"
$launcher status"
expect 0 '[status]' 'without JAVA_HOME the Java of the path is taken'

# --- What the installer refuses.

rm -f "$stub/log.txt"
installer="\"$image\\install\\install_windows.bat\""
nothing_there() { gone "$program" "$1"; gone "$data" 'nor is there a folder for data'; }
JAVA_HOME_THERE='C:\no hay' w "$installer"
expect 2 'Java was not found' 'the installer says that Java is missing'
a_java 11.0.2 "$java" amd64
w "$installer"
expect 2 'Java 11 is too old' 'that it is too old'
a_java 17.0.15 "$java" x86
w "$installer"
expect 2 'A Java of 64 bits' 'that it is one of 32 bits'
a_java 17.0.15 'C:\Users\ana\jdk' amd64
w "$installer"
expect 2 "one user's" "that it is one user's"
a_java 17.0.15 "$java" amd64
w "set ProgramW6432=Z:\\proc
$installer"
expect 2 'needs an administrator' 'that it lacks rights'
mkdir -p "$disk/small"
if mount -t tmpfs -o size=30m tmpfs "$disk/small" 2>/dev/null; then
  tmpfs=$disk/small
  ln -s "$tmpfs" "$WINEPREFIX/dosdevices/y:"
  w "set ProgramW6432=Y:
$installer"
  expect 2 'MB left' 'that the disk is too small'
  rm "$WINEPREFIX/dosdevices/y:"
  umount "$tmpfs"
  tmpfs=
fi
mv "$disk/down (loads)/centrovision sync/sql" "$disk/sql-away"
w "$installer --lang es"
expect 2 'el paquete no se desempaco completo' 'that the archive is not whole, in Spanish'
mv "$disk/sql-away" "$disk/down (loads)/centrovision sync/sql"
w "$installer --dry-run --lang es"
expect 0 'Solo se miro; no se cambio nada.' 'a dry run says what it would do'
w "$installer --nonsense"
expect 2 '[--dry-run]' 'an option that it does not know is refused'
nothing_there 'all that has changed nothing'
echo 5 >"$stub/sc-ends.txt"
w "$installer"
expect 1 'nothing was installed' 'a service that Windows refuses leaves nothing'
rm "$stub/sc-ends.txt"
gone "$program" 'neither a program'
w 'sc query CentroVisionSync'
[ "$code" != 0 ] && ok 'nor a service' || wrong "a service is left: $said"

# --- Installed.

rm -f "$stub/log.txt"
w "$installer"
expect 0 'centrovision-sync.bat" setup' 'the installer installs'
calls 'icacls.exe [C:\Program Files\CentroVisionSync.new\config] [/inheritance:r] [/grant:r] [*S-1-5-32-544:(OI)(CI)F] [*S-1-5-18:(OI)(CI)F] [*S-1-5-80-3607306027-1881964273-249514834-1950498835-1940225443:(OI)(CI)RX]' \
  'the configuration is closed but to administrators, the system and the service'
calls 'sc.exe [config] [CentroVisionSync] [start=] [delayed-auto] [obj=] [NT SERVICE\CentroVisionSync]' 'the service has an account of its own'
calls 'sc.exe [failure] [CentroVisionSync] [reset=] [86400] [actions=] [restart/10000/restart/60000/restart/300000]' 'and is started anew'
there "$program/bin/CentroVisionSync-LICENSE.txt" 'the licence of prunsrv goes with it'
w "$installer"
expect 0 'is this version already' 'a second run'
unchanged 'a second run changed something'
secret='clave-que-nadie-ve'
printf '[supabase]\r\nservice_key = "%s"\r\n' "$secret" >"$program/config/config.toml"
printf '{"mode":"supabase","pending":0}\r\n' >"$stub/status.txt"
printf '{"mode":"stopped","pending":0}\r\n' >"$stub/sick.txt"
w 'sc start CentroVisionSync'
state RUNNING 'the service runs'
calls 'jvm call com/centrovision/sync/WindowsService.start' 'prunsrv calls the service'"'"'s own method'
calls 'jvm option -Xmx256m' 'with the options for Java'
grep -q 'jvm option -Djava.class.path=C:.Program Files.CentroVisionSync.lib.centrovision-sync-' "$stub/log.txt" || wrong 'without its jars'
w "$installer"
expect 0 'nothing was changed' 'a run beside the running service'
unchanged 'it changed something'
state RUNNING 'which goes on'

# --- Upgrades.

image='C:\down & more\next'
an_image 'down & more/next'
installer="\"$image\\install\\install_windows.bat\""
next="$disk/down & more/next"
printf '# The next version.\n' >>"$next/routes/up.camel.yaml"
printf '# The next version.\n' >>"$next/routes/tables/patients.camel.yaml"
printf '# The next version.\n' >>"$next/routes/tables/rooms.camel.yaml"
printf '# Ours.\n' >>"$program/routes/tables/rooms.camel.yaml"
printf '# Ours.\n' >"$program/routes/tables/ours.camel.yaml"
rm "$program/routes/tables/crm_leads.camel.yaml"
rm -f "$stub/log.txt"
w "$installer"
expect 0 'the service works' 'an upgrade beside a working service'
grep -q 'rooms.camel.yaml was changed here' <<<"$said" && ok 'tells of a table that was changed here' || wrong "does not tell: $said"
calls 'jvm call com/centrovision/sync/WindowsService.stop' 'the service was asked to stop'
calls 'jvm start returns' 'and ended by itself'
state RUNNING 'the service runs again'
there "$program/config/config.toml" 'config.toml stays'
grep -q 'Ours' "$program/routes/tables/rooms.camel.yaml" && ok 'a changed table stays' || wrong 'a changed table is lost'
there "$program/routes/tables/ours.camel.yaml" 'a table of its own stays'
gone "$program/routes/tables/crm_leads.camel.yaml" 'a removed table stays away'
grep -q 'next version' "$program/routes/tables/patients.camel.yaml" && ok 'an unchanged table is the new one' || wrong 'a table is the old one'
grep -q 'next version' "$program/routes/up.camel.yaml" && ok 'the routes are the new ones' || wrong 'the routes are the old ones'
gone "$program.old" 'nothing is left over'

an_image 'down & more/broken'
mv "$disk/down & more/broken/lib"/centrovision-sync-*.jar "$disk/down & more/broken/lib/centrovision-sync-9-sick.jar"
cp "$program/config/config.toml" "$folder/kept.toml"
w 'set CENTROVISION_SYNC_PATIENCE_SECONDS=12
"C:\down & more\broken\install\install_windows.bat"'
expect 1 'The version before works again' 'a version that runs and does not work gives way to the one before'
state RUNNING 'which runs'
gone "$program/lib/centrovision-sync-9-sick.jar" 'with its own files'
cmp -s "$folder/kept.toml" "$program/config/config.toml" && ok 'and its configuration' || wrong 'the configuration is another'
there "$data/failed-upgrade" 'what it said is kept'
mv "$disk/down & more/broken/lib/centrovision-sync-9-sick.jar" "$disk/down & more/broken/lib/centrovision-sync-9-ends.jar"
w '"C:\down & more\broken\install\install_windows.bat" --lang es'
expect 1 'La version anterior trabaja de nuevo' 'so does one whose configuration is wrong'
calls 'jvm exits' 'which ended by itself'
state RUNNING 'which runs again'
mv "$disk/down & more/broken/lib/centrovision-sync-9-ends.jar" "$disk/down & more/broken/lib/centrovision-sync-9.jar"
echo 5 >"$stub/icacls-ends.txt"
w '"C:\down & more\broken\install\install_windows.bat"'
expect 1 'Nothing was changed' 'a folder that can not be closed gets no secret'
rm "$stub/icacls-ends.txt"
gone "$program.new" 'and is gone'
state RUNNING 'the service was not stopped for it'

# --- Installations that were broken off.

w 'sc stop CentroVisionSync'
state STOPPED 'the service stops'
mv "$program" "$program.old"
mkdir -p "$program.new/config"
w "$installer"
expect 0 'Takes back the program' 'a program that was put aside is taken back'
cmp -s "$folder/kept.toml" "$program/config/config.toml" && ok 'with its configuration' || wrong 'the configuration is lost'
cp -r "$program" "$program.old"
w "$installer"
expect 0 'the service works' 'an upgrade that was broken off before its end is finished'
gone "$program.old" 'nothing is left of it'
state RUNNING 'the service runs after it'

# --- Away.

uninstaller="\"$image\\install\\uninstall_windows.bat\""
w "$uninstaller --dry-run"
expect 0 'nothing was changed' 'a dry run of the uninstaller'
state RUNNING 'changes nothing'
w "$uninstaller --purge"
expect 2 'add --yes' 'a purge asks'
w 'cmd /c "C:\Program Files\CentroVisionSync\install\uninstall_windows.bat"'
expect 0 'still there' 'the uninstaller runs from the program that it takes away'
w 'sc query CentroVisionSync'
[ "$code" != 0 ] && ok 'the service is gone' || wrong "the service is there: $said"
gone "$program/bin" 'so is the program'
there "$program/config/config.toml" 'the configuration stays'
w "$uninstaller --lang es"
expect 0 'No habia nada que quitar' 'a second uninstall'
w "$installer"
expect 0 'net start CentroVisionSync' 'installed again'
cmp -s "$folder/kept.toml" "$program/config/config.toml" && ok 'it has its configuration' || wrong 'the configuration is lost'
gone "$program/routes/tables/crm_leads.camel.yaml" 'and its tables'
there "$program/routes/tables/ours.camel.yaml" 'its own, too'
mkdir -p "$data/backups"
touch "$data/backups/one.dump.age"
w "$uninstaller --purge --yes"
expect 0 'All is gone' 'a purge'
gone "$program" 'takes the configuration'
gone "$data/log" 'and the log'
there "$data/backups/one.dump.age" 'but no backup'

! grep -rqF "$secret" "$stub/log.txt" "$folder/all-said" || wrong 'a secret was shown'
ok 'no secret was shown'
end_of_report
