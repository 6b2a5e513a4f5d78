#!/usr/bin/env bash
# Installs this unpacked image as the service centrovision-sync, or upgrades the one that is installed. A second run changes
# nothing. What the clinic wrote (config.toml, changed and removed table files) stays; a new version that does not become healthy
# gives way to the one before.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=words.sh
. "$here/words.sh"

image=$(dirname "$here")
home=/opt/centrovision-sync
etc=/etc/centrovision-sync
logs=/var/log/centrovision-sync
state=/var/lib/centrovision-sync
unit=/etc/systemd/system/centrovision-sync.service
shipped=$home/install/shipped-tables
before=$state/before-upgrade
patience=${CENTROVISION_SYNC_PATIENCE_SECONDS:-90}

usage() {
  say "Uso: sudo $0 [--dry-run] [--lang es|en]" "Usage: sudo $0 [--dry-run] [--lang es|en]"
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --lang) language=${2:?} && shift ;;
    --lang=*) language=${1#*=} ;;
    --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

# --- What has to be there first. Nothing is changed before all of it was looked at.

need_root
if ! command -v systemctl >/dev/null || ! command -v runuser >/dev/null; then
  die 2 "Este equipo no usa systemd; lea docs/installation.md para instalarlo a mano." \
    "This machine does not use systemd; docs/installation.md says how to install by hand."
fi
if [ "$(dpkg-query -W -f '${db:Status-Status}' centrovision-sync 2>/dev/null)" = installed ]; then
  die 2 "Ya está instalado como paquete; actualice con: apt install ./centrovision-sync.deb" \
    "It is installed as a package; upgrade with: apt install ./centrovision-sync.deb"
fi
for part in bin/centrovision-sync config/application.properties routes/tables sql/migrations install/command; do
  [ -e "$image/$part" ] ||
    die 2 "Falta $image/$part: el paquete no se desempacó completo. Desempáquelo de nuevo." \
      "$image/$part is missing: the archive was not unpacked whole. Unpack it again."
done
compgen -G "$image/lib/centrovision-sync-*.jar" >/dev/null ||
  die 2 "Falta lib/centrovision-sync-*.jar: el paquete no se desempacó completo. Desempáquelo de nuevo." \
    "lib/centrovision-sync-*.jar is missing: the archive was not unpacked whole. Unpack it again."
[ "$image" != "$home" ] ||
  die 2 "Ejecute el instalador desde la carpeta desempacada, no desde $home." \
    "Run the installer from the unpacked folder, not from $home."
for file in /etc/default/centrovision-sync "$image/install/centrovision-sync.default"; do
  # shellcheck disable=SC1090
  if [ -r "$file" ]; then . "$file"; fi
done
version=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' || true)
[ "${version:-0}" -ge 17 ] ||
  die 2 "Falta Java 17 o más nuevo. En Debian y Ubuntu: apt install openjdk-17-jre-headless (Debian 13: openjdk-21-jre-headless)" \
    "Java 17 or newer is missing. On Debian and Ubuntu: apt install openjdk-17-jre-headless (Debian 13: openjdk-21-jre-headless)"
command -v pg_dump >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/pg_dump' >/dev/null ||
  warn "Faltan pg_dump y pg_restore, que hacen los respaldos. En Debian y Ubuntu: apt install postgresql-client" \
    "pg_dump and pg_restore, which make the backups, are missing. On Debian and Ubuntu: apt install postgresql-client"
needed=$(($(du -sk "$image" | cut -f1) * 2 + 100 * 1024))
free=$(df -Pk /opt 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${free:-0}" -ge "$needed" ] ||
  die 2 "En /opt quedan $((${free:-0} / 1024)) MB libres; hacen falta $((needed / 1024))." \
    "/opt has $((${free:-0} / 1024)) MB left; $((needed / 1024)) are needed."

# --- What an installation that was broken off left behind.

if [ -d "$home.old" ] && [ ! -d "$home" ]; then
  step "Recupera el programa de una instalación interrumpida" "Takes back the program of an installation that was broken off" \
    mv "$home.old" "$home"
fi
if [ -d "$home.new" ]; then
  step "Quita lo que dejó una instalación interrumpida" "Removes what an installation that was broken off has left" rm -rf "$home.new"
fi

changes=no
interrupted=no
if [ -d "$home.old" ] && [ -d "$home" ]; then
  interrupted=yes
  warn "Una actualización anterior se interrumpió; se termina ahora." "An upgrade was broken off before; it is finished now."
fi
same_program() {
  [ -d "$home" ] && diff -rq --exclude=config --exclude=tables --exclude=shipped-tables "$image" "$home" >/dev/null 2>&1
}
changed() { changes=yes; }

# --- User and folders.

if ! getent passwd centrovision >/dev/null; then
  changed
  step "Crea el usuario centrovision, sin contraseña ni entrada al equipo" \
    "Makes the user centrovision, without a password and without a login" \
    useradd --system --user-group --no-create-home --home-dir "$state" --shell /usr/sbin/nologin centrovision
fi

folder() { # path owner mode
  [ -d "$1" ] && [ "$(stat -c '%U:%G %a' "$1")" = "$2 $3" ] && return
  changed
  step "Prepara la carpeta $1 ($2, $3)" "Prepares the folder $1 ($2, $3)" make_folder "$@"
}
make_folder() {
  mkdir -p "$1" && chown "$2" "$1" && chmod "$3" "$1"
}
folder "$etc" root:centrovision 750
folder "$etc/tables" root:centrovision 2770
folder "$logs" centrovision:centrovision 750
folder "$state" centrovision:centrovision 750
if [ -f "$etc/config.toml" ] && [ "$(stat -c '%U:%G %a' "$etc/config.toml")" != "root:centrovision 640" ]; then
  changed
  step "Deja config.toml solo para root y el servicio" "Leaves config.toml to root and the service alone" \
    sh -c "chown root:centrovision $etc/config.toml && chmod 640 $etc/config.toml"
fi

# --- Files. A table file is replaced only where it is as the version before shipped it.

sums() { (cd "$1" && find . -name '*.yaml' -exec sha256sum {} + | sort -k2); }
had() { [ -f "$shipped" ] && grep -qxF "$1" "$shipped"; }
had_file() { [ -f "$shipped" ] && cut -c67- "$shipped" | grep -qxF "$1"; }

table_files() {
  local sum file now
  while read -r sum file; do
    now=
    if [ -f "$etc/tables/$file" ]; then now=$(sha256sum <"$etc/tables/$file" | cut -d' ' -f1); fi
    [ "$now" != "$sum" ] || continue
    if [ -z "$now" ]; then
      had_file "$file" || echo "$file"
    elif had "$now  $file"; then
      echo "$file"
    elif ! had "$sum  $file"; then
      warn "$etc/tables/${file#./} se cambió aquí y queda como está; la versión nueva trae otro." \
        "$etc/tables/${file#./} was changed here and stays; the new version brings another."
    fi
  done < <(sums "$image/routes/tables")
}
mapfile -t tables < <(table_files)

copy_tables() {
  local file
  for file in "${tables[@]}"; do
    install -D -o root -g centrovision -m 660 "$image/routes/tables/$file" "$etc/tables/$file"
  done
}

same_file() { cmp -s "$1" "$2"; }
config_files() {
  local file
  for file in application.properties config.toml.example; do
    same_file "$image/config/$file" "$etc/$file" || echo "$file"
  done
}
mapfile -t configs < <(config_files)
copy_configs() {
  local file
  for file in "${configs[@]}"; do
    install -o root -g centrovision -m 640 "$image/config/$file" "$etc/$file"
  done
}

copy_program() {
  rm -rf "$home.new"
  cp -R --no-preserve=ownership "$image" "$home.new"
  rm -rf "$home.new/config" "$home.new/routes/tables"
  ln -s "$etc" "$home.new/config"
  ln -s "$etc/tables" "$home.new/routes/tables"
  sums "$image/routes/tables" >"$home.new/install/shipped-tables"
  chown -R root:root "$home.new"
  chmod -R u=rwX,go=rX "$home.new"
}

same_service() {
  same_file "$image/install/centrovision-sync.service" "$unit" && same_file "$image/install/command" /usr/bin/centrovision-sync
}
copy_service() {
  install -m 644 "$image/install/centrovision-sync.service" "$unit"
  install -m 755 "$image/install/command" /usr/bin/centrovision-sync
  [ -e /etc/default/centrovision-sync ] ||
    install -m 644 "$image/install/centrovision-sync.default" /etc/default/centrovision-sync
  systemctl daemon-reload
}

runs() { systemctl is-active --quiet centrovision-sync; }
# Its own word: it has found the clinic's database and works.
works() {
  centrovision-sync status --json 2>/dev/null | grep -qE '"mode" *: *"(supabase|local|offline)"'
}
restarts() { systemctl show --property=NRestarts --value centrovision-sync; }

# Running, and where the version before worked, working; for ten seconds without a restart, and for as long again as it took to say
# so: its first word comes before its start is over, and a slow machine takes long for the rest. Without a word, for thirty.
becomes_healthy() {
  local begin=$SECONDS settle=10
  [ "$worked" = yes ] || settle=30
  local end=$((begin + patience)) since=$begin
  while [ $SECONDS -lt "$end" ]; do
    sleep 1
    if ! runs || [ "$(restarts)" != 0 ] || { [ "$worked" = yes ] && ! works; }; then
      since=$SECONDS
      systemctl is-failed --quiet centrovision-sync && return 1
      continue
    fi
    [ $((SECONDS - since)) -lt $((settle + since - begin)) ] || return 0
  done
  [ $((SECONDS - since)) -ge 10 ]
}

# By the new program, as the service's user. Where it fails that is told, here and at the end, and holds nothing up: an upgrade
# changes no row of the clinic, and the control tables as a whole or not at all.
backup=unwanted
back_up() {
  local said code=0
  said=$(cd / && runuser -u centrovision -- "$home.new/bin/centrovision-sync" backup 2>&1) || code=$?
  printf '%s\n' "$said" | sed 's/^/  /'
  backup=made
  [ $code = 0 ] || backup=failed
}
tell_backup() {
  [ "$backup" != failed ] ||
    warn "No hay un respaldo comprobado de antes de esta actualización; el motivo está arriba. Hágalo ahora: sudo centrovision-sync backup" \
      "There is no proved backup of before this upgrade; why stands above. Make one now: sudo centrovision-sync backup"
}

save() {
  rm -rf "$before"
  install -d -m 700 "$before"
  cp -a "$etc" "$before/etc"
  for file in "$unit" /usr/bin/centrovision-sync; do
    if [ -e "$file" ]; then cp -a "$file" "$before/"; fi
  done
}

# Of an upgrade that was broken off, the version before it is the one that is known to work.
swap() {
  if [ $interrupted = yes ]; then
    rm -rf "$home"
  elif [ -d "$home" ]; then
    mv "$home" "$home.old"
  fi
  mv "$home.new" "$home"
}

roll_back() {
  warn "La versión nueva no quedó funcionando; vuelve la anterior." "The new version did not become healthy; the one before comes back."
  systemctl stop centrovision-sync || true
  local failed=$state/failed-upgrade
  rm -rf "$failed" && install -d -m 700 "$failed"
  journalctl -u centrovision-sync -n 200 --no-pager >"$failed/journal.txt" 2>&1 || true
  rm -rf "$home" && mv "$home.old" "$home"
  cp -a "$before/etc/." "$etc/"
  cp -a "$before/centrovision-sync.service" "$unit"
  cp -a "$before/centrovision-sync" /usr/bin/centrovision-sync
  systemctl daemon-reload
  systemctl reset-failed centrovision-sync 2>/dev/null || true
  systemctl start centrovision-sync || true
  patience=60
  if becomes_healthy; then
    die 1 "La versión anterior trabaja de nuevo. Por qué falló la nueva: $failed/journal.txt" \
      "The version before works again. Why the new one failed: $failed/journal.txt"
  fi
  die 1 "Tampoco la anterior quedó funcionando. Vea: journalctl -u centrovision-sync, y $failed/journal.txt" \
    "Nor does the one before work now. See: journalctl -u centrovision-sync, and $failed/journal.txt"
}

was_running=no
worked=no
if runs; then
  was_running=yes
  if works; then worked=yes; fi
fi

if [ $interrupted = yes ] && systemctl is-enabled --quiet centrovision-sync 2>/dev/null; then
  was_running=yes
  changed
fi

if same_program && same_service && [ ${#tables[@]} = 0 ] && [ ${#configs[@]} = 0 ]; then
  done_so "El programa ya es esta versión." "The program is this version already."
else
  changed
  upgrade=no
  [ ! -d "$home" ] || upgrade=yes
  step "Copia el programa a $home.new" "Copies the program to $home.new" copy_program
  if [ $upgrade = yes ]; then
    if [ $interrupted = no ]; then
      step "Guarda la configuración y el servicio de ahora en $before" "Keeps the configuration and the service of now in $before" save
    fi
    if [ -f "$etc/config.toml" ]; then
      step "Hace un respaldo de la base de datos" "Makes a backup of the database" back_up
    fi
    if [ $was_running = yes ]; then
      step "Detiene el servicio" "Stops the service" systemctl stop centrovision-sync
    fi
  fi
  step "Pone el programa en $home" "Puts the program into $home" swap
  if [ ${#configs[@]} -gt 0 ]; then
    step "Copia a $etc: ${configs[*]}" "Copies to $etc: ${configs[*]}" copy_configs
  fi
  if [ ${#tables[@]} -gt 0 ]; then
    step "Copia ${#tables[@]} archivos de tablas a $etc/tables" "Copies ${#tables[@]} table files to $etc/tables" copy_tables
  fi
  step "Instala el servicio y la orden centrovision-sync" "Installs the service and the command centrovision-sync" copy_service
fi

if ! systemctl is-enabled --quiet centrovision-sync 2>/dev/null; then
  changed
  step "El servicio arrancará con el equipo" "The service will start with the machine" systemctl enable --quiet centrovision-sync
fi

if [ "$dry_run" = yes ]; then
  say "Solo se miró; no se cambió nada." "This was a look; nothing was changed."
  exit 0
fi
if [ ! -f "$etc/config.toml" ]; then
  done_so "Instalado. Lo que sigue: sudo centrovision-sync setup" "Installed. What comes next: sudo centrovision-sync setup"
  exit 0
fi
if [ $was_running = yes ] && [ $changes = yes ] && ! runs; then
  step "Arranca la versión nueva y espera hasta $patience s" "Starts the new version and waits up to $patience s" \
    systemctl start centrovision-sync
  becomes_healthy || roll_back
  rm -rf "$home.old"
  tell_backup
  done_so "Actualizado; el servicio trabaja." "Upgraded; the service works."
elif [ $changes = yes ]; then
  rm -rf "$home.old"
  tell_backup
  done_so "Instalado. El servicio arranca con: systemctl start centrovision-sync" \
    "Installed. The service starts with: systemctl start centrovision-sync"
else
  done_so "Todo estaba ya instalado; no se cambió nada." "All was installed already; nothing was changed."
fi
