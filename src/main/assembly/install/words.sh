# What the scripts of this folder share: the language, what they say, and the dry run. Read by them, not run.
# shellcheck shell=bash

language=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
dry_run=no

# Says the first text in Spanish, the second to everybody else.
t() { case $language in es*) printf '%s' "$1" ;; *) printf '%s' "$2" ;; esac; }
say() { printf '%s\n' "$(t "$1" "$2")"; }
done_so() { printf '✓ %s\n' "$(t "$1" "$2")"; }
warn() { printf '! %s\n' "$(t "$1" "$2")" >&2; }

# Ends with one line: 2 something has to be put right here, 3 a side does not answer, 1 all else.
die() {
  printf '✗ %s\n' "$(t "$2" "$3")" >&2
  exit "$1"
}

# A step: what it does in both languages, then the command that does it. A dry run only says it.
step() {
  local es=$1 en=$2
  shift 2
  if [ "$dry_run" = yes ]; then
    printf '· %s\n' "$(t "$es" "$en")"
  else
    printf '→ %s\n' "$(t "$es" "$en")"
    "$@"
  fi
}

need_root() {
  [ "$(id -u)" = 0 ] || [ "$dry_run" = yes ] ||
    die 2 "Hace falta ser administrador: sudo $0" "This needs an administrator: sudo $0"
}

ask_yes() {
  local answer
  [ -t 0 ] || die 2 "Aquí no se puede preguntar a nadie; agregue --yes si está seguro." \
    "Nobody can be asked here; add --yes if you are sure."
  read -r -p "$(t "$1" "$2") " answer
  case $answer in s | si | sí | y | yes) ;; *) die 1 "No se cambió nada." "Nothing was changed." ;; esac
}
