#!/usr/bin/env bash
# Takes the service away. The configuration and the logs stay, unless --purge is given; the clinic's database and its backups stay
# always.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=words.sh
. "$here/words.sh"

purge=no
sure=no
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --purge) purge=yes ;;
    --yes) sure=yes ;;
    --lang) language=${2:?} && shift ;;
    --lang=*) language=${1#*=} ;;
    *)
      say "Uso: sudo $0 [--purge] [--yes] [--dry-run] [--lang es|en]" "Usage: sudo $0 [--purge] [--yes] [--dry-run] [--lang es|en]"
      exit 2
      ;;
  esac
  shift
done

need_root
if [ "$(dpkg-query -W -f '${db:Status-Status}' centrovision-sync 2>/dev/null)" = installed ]; then
  die 2 "Está instalado como paquete; quítelo con: apt remove centrovision-sync" \
    "It is installed as a package; remove it with: apt remove centrovision-sync"
fi
if [ "$purge" = yes ] && [ "$sure" = no ] && [ "$dry_run" = no ]; then
  ask_yes "Se borran también config.toml, con la clave, y el registro. ¿Seguro? (s/n)" \
    "config.toml with the key and the log are deleted, too. Sure? (y/n)"
fi

gone() { [ ! -e "$1" ] && [ ! -L "$1" ]; }
something=no
if [ -e /etc/systemd/system/centrovision-sync.service ]; then
  something=yes
  step "Detiene el servicio; lo que está en camino termina" "Stops the service; what is under way ends" \
    systemctl disable --now --quiet centrovision-sync
fi
for path in /etc/systemd/system/centrovision-sync.service /usr/bin/centrovision-sync /opt/centrovision-sync \
  /opt/centrovision-sync.new /opt/centrovision-sync.old; do
  gone "$path" && continue
  something=yes
  step "Quita $path" "Removes $path" rm -rf "$path"
done
if [ $something = yes ]; then
  step "systemd olvida el servicio" "systemd forgets the service" systemctl daemon-reload
fi
if [ "$purge" = yes ]; then
  for path in /etc/centrovision-sync /etc/default/centrovision-sync /var/log/centrovision-sync \
    /var/lib/centrovision-sync/before-upgrade /var/lib/centrovision-sync/failed-upgrade; do
    gone "$path" && continue
    something=yes
    step "Borra $path" "Deletes $path" rm -rf "$path"
  done
  if [ -d /var/lib/centrovision-sync ] && [ "$dry_run" = no ]; then
    rmdir --ignore-fail-on-non-empty /var/lib/centrovision-sync
  fi
  if getent passwd centrovision >/dev/null && [ ! -e /var/lib/centrovision-sync ]; then
    something=yes
    step "Borra el usuario centrovision" "Deletes the user centrovision" userdel centrovision
  fi
fi
if [ "$dry_run" = yes ]; then
  say "Solo se miró; no se cambió nada." "This was a look; nothing was changed."
elif [ $something = no ]; then
  done_so "No había nada que quitar." "There was nothing to remove."
elif [ "$purge" = yes ]; then
  done_so "Quitado del todo. La base de datos de la clínica y sus copias de seguridad siguen." \
    "All is gone. The clinic's database and its backups are still there."
else
  done_so "Quitado. Siguen config.toml en /etc/centrovision-sync, el registro y la base de datos de la clínica." \
    "Removed. config.toml in /etc/centrovision-sync, the log and the clinic's database are still there."
fi
