#!/usr/bin/env bash
# What run.sh and windows.sh tell of each step, with the seconds since they began; they source it.
# shellcheck disable=SC2034 # failures is read there

started=$SECONDS
failures=0

fail() {
  printf 'FAILED %4ds %s\n' $((SECONDS - started)) "$*" >&2
  exit 1
}

# Something that is not as it should be; what comes after it is tried all the same.
wrong() {
  printf 'WRONG %4ds %s\n' $((SECONDS - started)) "$*" >&2
  failures=$((failures + 1))
}

ok() { printf 'ok %4ds %s\n' $((SECONDS - started)) "$*"; }

# Of the last command: $said is what it said, $code its end.
said=
code=0
expect() { # exit code, a text that must be said, what it shows
  if [ "$code" != "$1" ] || ! grep -qF -- "$2" <<<"$said"; then
    wrong "$3: exit $code, said: $said"
  else
    ok "$3"
  fi
}

end_of_report() {
  [ $failures = 0 ] || fail "$failures of the above"
  ok 'all'
}
