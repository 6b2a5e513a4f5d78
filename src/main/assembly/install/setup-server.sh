#!/usr/bin/env bash
# Makes this machine the clinic's database server: PostgreSQL, the database, the roles of the apps and of the service, access from
# the clinic's own network alone, the tables from a given file, and the configuration file for the apps. A second run changes nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=words.sh
. "$here/words.sh"

database=centrovision
app=centrovision_app
service=centrovision_sync
port=5432
oldest=14
lan=
schema=
address=
url=
anon_key=
secrets=/root/centrovision

usage() {
  say "Uso: sudo $0 --lan 192.168.1.0/24 [--schema ARCHIVO.sql] [--address 192.168.1.100] [--database NOMBRE] [--url URL --anon-key-file ARCHIVO] [--dry-run] [--lang es|en]" \
    "Usage: sudo $0 --lan 192.168.1.0/24 [--schema FILE.sql] [--address 192.168.1.100] [--database NAME] [--url URL --anon-key-file FILE] [--dry-run] [--lang es|en]"
}

while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry_run=yes ;;
    --lan) lan=${2:?} && shift ;;
    --schema) schema=${2:?} && shift ;;
    --address) address=${2:?} && shift ;;
    --database) database=${2:?} && shift ;;
    --url) url=${2:?} && shift ;;
    --anon-key-file) anon_key=${2:?} && shift ;;
    --lang) language=${2:?} && shift ;;
    --help) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

# --- What has to be there first. Nothing is changed before all of it was looked at.

need_root
private='^(10\.[0-9]+|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\.[0-9]+\.[0-9]+/(8|9|[12][0-9]|3[0-2])$'
[[ $lan =~ $private ]] ||
  die 2 "Indique la red de la clínica, privada: --lan 192.168.1.0/24" "Name the clinic's own, private network: --lan 192.168.1.0/24"
[[ $database =~ ^[a-z_][a-z0-9_]*$ ]] ||
  die 2 "El nombre de la base de datos lleva solo letras minúsculas, números y _: $database" \
    "The database's name has small letters, digits and _ only: $database"
[ -z "$schema" ] || [ -r "$schema" ] || die 2 "No se puede leer $schema." "$schema cannot be read."
[ -z "$anon_key" ] || [ -r "$anon_key" ] || die 2 "No se puede leer $anon_key." "$anon_key cannot be read."
if [ -n "$schema" ]; then schema=$(realpath "$schema"); fi
command -v apt-get >/dev/null ||
  die 2 "Este programa conoce Debian y Ubuntu; en otros sistemas siga docs/installation.md." \
    "This program knows Debian and Ubuntu; for other systems see docs/installation.md."
data=/var/lib
if [ -d /var/lib/postgresql ]; then data=/var/lib/postgresql; fi
free=$(df -Pk $data | awk 'NR == 2 { print $4 }')
[ "$free" -ge $((2 * 1024 * 1024)) ] ||
  die 2 "En $data quedan $((free / 1024)) MB libres; hacen falta 2048." "$data has $((free / 1024)) MB left; 2048 are needed."

version() {
  # The newest cluster that is there.
  pg_lsclusters --no-header 2>/dev/null | sort -n | tail -1 | awk '{ print $1 }'
}
newest() {
  local candidate
  for candidate in postgresql-16 postgresql; do
    if [ -n "$(apt-cache policy "$candidate" 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')" ]; then
      echo "$candidate" && return
    fi
  done
}

# --- PostgreSQL.

if [ -z "$(version)" ]; then
  package=$(newest)
  if [ -z "$package" ] && [ "$dry_run" = no ]; then
    apt-get update -q >/dev/null || die 3 "No se pudo leer la lista de paquetes; revise internet." "The list of packages could not be read; check the network."
    package=$(newest)
  fi
  [ -n "$package" ] || [ "$dry_run" = yes ] ||
    die 2 "El sistema no ofrece PostgreSQL." "The system offers no PostgreSQL."
  # A new machine is often busy with its own updates; and packages that were broken off have to be finished first.
  get_postgres() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q -o DPkg::Lock::Timeout=300 "$package" >/dev/null; }
  install_postgres() {
    get_postgres || { DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null && get_postgres; } ||
      die 3 "No se pudo instalar $package; revise internet y el espacio en el disco." \
        "$package could not be installed; check the network and the free disk space."
  }
  step "Instala ${package:-postgresql} del sistema" "Installs the system's ${package:-postgresql}" install_postgres
fi
if [ "$dry_run" = yes ] && [ -z "$(version)" ]; then
  for text in "Crea la base de datos $database y los usuarios $app y $service|Makes the database $database and the users $app and $service" \
    "Deja entrar solo desde $lan|Lets in from $lan alone" "Escribe la configuración de las apps en $secrets|Writes the apps' configuration into $secrets"; do
    printf '· %s\n' "$(t "${text%|*}" "${text#*|}")"
  done
  say "Solo se miró; no se cambió nada." "This was a look; nothing was changed."
  exit 0
fi
major=$(version)
[ -n "$major" ] ||
  die 2 "PostgreSQL está instalado, pero no hay un servidor que se pueda leer (pg_lsclusters). Créelo: pg_createcluster VERSIÓN main --start" \
    "PostgreSQL is installed, but there is no server that can be read (pg_lsclusters). Make one: pg_createcluster VERSION main --start"
[ "$major" -ge $oldest ] ||
  die 2 "PostgreSQL $major es muy viejo; hace falta $oldest o más nuevo (mejor 16). Actualícelo con pg_upgradecluster." \
    "PostgreSQL $major is too old; $oldest or newer is needed (16 is better). Upgrade it with pg_upgradecluster."
cluster=$(pg_lsclusters --no-header | awk -v v="$major" '$1 == v { print $2; exit }')
port=$(pg_lsclusters --no-header | awk -v v="$major" '$1 == v { print $3; exit }')

if ! pg_lsclusters --no-header | awk -v v="$major" '$1 == v { print $4; exit }' | grep -q online; then
  step "Arranca PostgreSQL $major" "Starts PostgreSQL $major" pg_ctlcluster "$major" "$cluster" start || true
fi

sql() { # database statement
  (cd / && runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -p "$port" -d "$1" -At -c "$2")
}
feed() { # database; statements on the standard input, so that no password stands in a list of processes
  (cd / && runuser -u postgres -- psql -X -q -v ON_ERROR_STOP=1 -p "$port" -d "$1" -f - >/dev/null)
}
if [ "$dry_run" = no ] || [ "$(id -u)" = 0 ]; then
  sql postgres 'select 1' >/dev/null 2>&1 ||
    die 3 "PostgreSQL $major no responde. Vea: journalctl -u postgresql@$major-$cluster" \
      "PostgreSQL $major does not answer. See: journalctl -u postgresql@$major-$cluster"
fi

# --- Roles, database, rights.

make_folder() { install -d -m 700 "$secrets"; }
[ -d "$secrets" ] || step "Prepara la carpeta $secrets, solo para root" "Prepares the folder $secrets, for root alone" make_folder

password_of() { cat "$secrets/$1.password"; }
make_role() { # name
  local password
  if [ ! -s "$secrets/$1.password" ]; then
    (umask 077 && head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"$secrets/$1.password")
  fi
  password=$(password_of "$1")
  feed postgres <<SQL
set password_encryption = 'scram-sha-256';
do \$\$
begin
  if not exists (select from pg_roles where rolname = '$1') then
    create role "$1" login;
  end if;
end
\$\$;
alter role "$1" nosuperuser nocreatedb nocreaterole password '$password';
SQL
}
for role in $app $service; do
  if [ "$(sql postgres "select count(*) from pg_roles where rolname = '$role'")" = 1 ]; then
    [ -s "$secrets/$role.password" ] || [ "$role" = $app ] || [ "$dry_run" = yes ] ||
      warn "El usuario $role ya existe y su contraseña no está en $secrets; queda como está." \
        "The user $role is there and its password is not in $secrets; it stays as it is."
    continue
  fi
  step "Crea el usuario $role con una contraseña al azar (scram-sha-256), en $secrets/$role.password" \
    "Makes the user $role with a random password (scram-sha-256), in $secrets/$role.password" make_role "$role"
done

if [ "$(sql postgres "select count(*) from pg_database where datname = '$database'")" = 0 ]; then
  # A database that is there already may have other users, who are let in as before.
  make_database() {
    sql postgres "create database $database owner $app encoding 'UTF8' template template0"
    sql postgres "revoke all on database $database from public"
    sql "$database" 'revoke create on schema public from public'
  }
  step "Crea la base de datos $database" "Makes the database $database" make_database
fi
there() { [ "$(sql postgres "select count(*) from pg_database where datname = '$database'")" = 1 ]; }

if [ -n "$schema" ]; then
  if there && [ "$(sql "$database" "select count(*) from pg_tables where schemaname = 'public' and tablename not like '\\_%'")" != 0 ]; then
    done_so "La base de datos ya tiene tablas; no se importa nada." "The database has tables already; nothing is imported."
  else
    # All or nothing, as the user of the apps, who then owns the tables.
    import() {
      (cd / && { printf 'set role "%s";\n' "$app" && cat "$schema"; } |
        runuser -u postgres -- psql -X -q -1 -v ON_ERROR_STOP=1 -p "$port" -d "$database" -f - >/dev/null) ||
        die 1 "El archivo $schema no se pudo importar; de él no quedó nada." "The file $schema could not be imported; nothing of it was kept."
    }
    step "Importa $schema, todo o nada" "Imports $schema, all or nothing" import
  fi
fi

# Backups read all tables, and each is proved in a database of its own: hence pg_read_all_data and createdb.
rights() {
  local silence="grant set on parameter session_replication_role, log_min_messages to \"$service\";"
  if [ "$major" -lt 15 ]; then silence="alter role \"$service\" superuser;"; fi
  feed "$database" <<SQL
grant connect on database $database to "$app", "$service";
grant usage, create on schema public to "$app", "$service";
grant select, insert, update, delete, trigger on all tables in schema public to "$service";
grant usage on all sequences in schema public to "$service";
grant pg_read_all_data to "$service";
alter role "$service" createdb;
alter default privileges for role "$app" in schema public grant select, insert, update, delete, trigger on tables to "$service";
alter default privileges for role "$app" in schema public grant usage on sequences to "$service";
$silence
SQL
}
lacks_rights() {
  local silent="not has_parameter_privilege('$service', 'session_replication_role', 'SET')
      or not has_parameter_privilege('$service', 'log_min_messages', 'SET')"
  if [ "$major" -lt 15 ]; then silent="not (select rolsuper from pg_roles where rolname = '$service')"; fi
  ! there || [ "$(sql postgres "select count(*) from pg_roles where rolname in ('$app', '$service')")" != 2 ] ||
    [ "$(sql "$database" "select $silent or not pg_has_role('$service', 'pg_read_all_data', 'member')
      or not (select rolcreatedb from pg_roles where rolname = '$service') or not has_database_privilege('$service', '$database', 'connect')
      or not has_schema_privilege('$service', 'public', 'create') or not has_schema_privilege('$app', 'public', 'create')
      or exists (
        select from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relowner <> '$service'::regrole
          and not (has_table_privilege('$service', oid, 'select') and has_table_privilege('$service', oid, 'insert')
            and has_table_privilege('$service', oid, 'update') and has_table_privilege('$service', oid, 'delete')
            and has_table_privilege('$service', oid, 'trigger')))")" != f ]
}
if lacks_rights; then
  step "Da a cada usuario los permisos que necesita y ninguno más" "Grants each user the rights that it needs, and no other" rights
fi

# --- The clinic's network and no other.

confd=/etc/postgresql/$major/$cluster/conf.d
hba=/etc/postgresql/$major/$cluster/pg_hba.conf
listen="listen_addresses = '*'
password_encryption = 'scram-sha-256'"
rule="host $database $app $lan scram-sha-256"
lan_before=$(sed -n '/^# centrovision: /{n;s/^host [^ ]* [^ ]* \([^ ]*\) .*/\1/p}' "$hba" 2>/dev/null || true)

if [ "$(cat "$confd/centrovision.conf" 2>/dev/null)" != "$listen" ]; then
  listen() {
    install -d "$confd"
    printf '%s\n' "$listen" >"$confd/centrovision.conf"
  }
  step "PostgreSQL atiende en la red (quién entra lo dice pg_hba.conf)" "PostgreSQL answers on the network (who gets in, pg_hba.conf says)" listen
  step "Reinicia PostgreSQL" "Restarts PostgreSQL" pg_ctlcluster "$major" "$cluster" restart
fi
if ! grep -qxF "$rule" "$hba" 2>/dev/null; then
  admit() {
    sed -i '/# centrovision: /,+1d' "$hba"
    printf '# centrovision: %s\n%s\n' "the apps, from the clinic's own network alone" "$rule" >>"$hba"
    pg_ctlcluster "$major" "$cluster" reload
  }
  step "Deja entrar a $app solo desde $lan" "Lets $app in from $lan alone" admit
fi
if command -v ufw >/dev/null; then
  if ! ufw show added 2>/dev/null | grep -qF "from $lan to any port $port"; then
    step "Cortafuegos: el puerto $port solo desde $lan" "Firewall: port $port from $lan alone" \
      ufw allow proto tcp from "$lan" to any port "$port"
  fi
  if [ -n "$lan_before" ] && [ "$lan_before" != "$lan" ]; then
    step "Cortafuegos: ya no desde $lan_before" "Firewall: no longer from $lan_before" \
      ufw delete allow proto tcp from "$lan_before" to any port "$port"
  fi
  ufw status 2>/dev/null | grep -q '^Status: active' ||
    warn "El cortafuegos no está activo. Si entra por ssh: ufw allow ssh && ufw enable" \
      "The firewall is not active. If you come in by ssh: ufw allow ssh && ufw enable"
else
  warn "No hay ufw; cierre el puerto $port hacia internet en su cortafuegos o en el router." \
    "There is no ufw; close port $port towards the internet in your firewall or router."
fi

# --- What the apps need.

own_address() { hostname -I 2>/dev/null | tr ' ' '\n' | grep -m1 '^[0-9.]*$' || true; }
client=$secrets/config.toml
# What was said before holds until something else is said.
before() { sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$client" 2>/dev/null || true; }
url=${url:-$(before url)}
if [ -n "$anon_key" ]; then anon_key=$(tr -d '\n' <"$anon_key"); else anon_key=$(before anon_key); fi
address=${address:-$(before host)}
[ "${address:-localhost}" != localhost ] || address=$(own_address)
client_text() {
  printf '[supabase]\nurl = "%s"\nanon_key = "%s"\n\n[local_server]\nhost = "%s"\nport = %s\ndatabase = "%s"\nuser = "%s"\npassword = "%s"\n' \
    "${url:-https://PROJECT.supabase.co}" "$anon_key" "${address:-localhost}" "$port" "$database" "$app" "$(password_of $app 2>/dev/null)"
}
write_client() {
  (umask 077 && client_text >"$client.new")
  mv "$client.new" "$client"
}
if [ ! -s "$secrets/$app.password" ] && [ "$dry_run" = no ]; then
  warn "La contraseña de $app no está en $secrets; escriba usted la configuración de las apps." \
    "The password of $app is not in $secrets; write the apps' configuration yourself."
elif [ ! -f "$client" ]; then
  step "Escribe $client: en cada PC va como ~/.centrovision/config.toml" \
    "Writes $client: on each PC it goes to ~/.centrovision/config.toml" write_client
elif [ "$(client_text)" != "$(cat "$client")" ]; then
  step "Escribe $client de nuevo: cópielo otra vez a cada PC, como ~/.centrovision/config.toml" \
    "Writes $client anew: copy it to each PC again, as ~/.centrovision/config.toml" write_client
fi

if [ "$dry_run" = yes ]; then
  say "Solo se miró; no se cambió nada." "This was a look; nothing was changed."
  exit 0
fi
done_so "El servidor de datos está listo: PostgreSQL $major, base de datos $database, puerto $port." \
  "The data server is ready: PostgreSQL $major, database $database, port $port."
say "Lo que sigue:" "What comes next:"
say "  dé al servidor una dirección fija (ahora ${address:-?}): en el router, o con netplan o nmtui" \
  "  give the server a fixed address (now ${address:-?}): in the router, or with netplan or nmtui"
say "  sudo centrovision-sync setup --database $database --user $service --password-file $secrets/$service.password" \
  "  sudo centrovision-sync setup --database $database --user $service --password-file $secrets/$service.password"
