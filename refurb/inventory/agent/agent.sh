#!/bin/sh
# Refurb's bench agent: says what this machine is, and afterwards that its drives were wiped.
#
#   sh agent [CODE]                 read this machine and send what the tools say; CODE is on its label
#   sh agent [CODE] --don REF       the same for a label that is on nothing yet: the machine enters with donation REF
#   sh agent erased [FILE...]       send what the eraser left (nwipe log, PDF certificate); without FILE, look for it
#   sh agent send                   send what could not be sent before
#
# Also: curl -fsS @SERVICE@/agent | sh -s -- TOKEN [CODE]
#
# Needs sh and curl; lshw, dmidecode and smartctl are used where they are, as root. Nothing is changed on the machine.
# Beside this file may lie refurb.conf, with lines such as: TOKEN=refurb_...  SERVICE=https://...  SPOOL=/somewhere
# Files wait in the spool until the service has answered; a file is never thrown away before that.

set -u
umask 077

SERVICE='@SERVICE@'
TOKEN=''
SPOOL=''
DONATION=''
PAUSES='2 5 15 30 60'   # seconds between two tries
SYS=/sys
PATIENCE=120            # seconds given to one tool, and to one try

say() { printf '%s\n' "$*"; }
warn() { printf '! %s\n' "$*" >&2; }
die() { warn "$*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- settings ---------------------------------------------------------------------------------------------------------

# Only these names are read from the file, as text: it is never run.
read_settings() {
  [ -r "$1" ] || return 0
  while IFS='=' read -r name value || [ -n "$name" ]; do
    value=$(printf '%s' "$value" | tr -d '\r')
    case $name in
      TOKEN) TOKEN=$value ;;
      SERVICE) SERVICE=$value ;;
      SPOOL) SPOOL=$value ;;
      PAUSES) PAUSES=$value ;;
      SYS) SYS=$value ;;
    esac
  done <"$1"
}

# The key's own folder, when this file was saved on one and can be written; else memory, which forgets when the power goes.
find_spool() {
  [ -n "$SPOOL" ] || SPOOL=$HERE/refurb-spool
  if mkdir -p "$SPOOL" 2>/dev/null && [ -w "$SPOOL" ]; then return; fi
  SPOOL=${TMPDIR:-/tmp}/refurb-spool
  mkdir -p "$SPOOL" || die "Impossible d'écrire dans $SPOOL."
}

# What is typed comes from the keyboard: the standard input may be this script itself.
ask() {
  answer=''
  (: </dev/tty) 2>/dev/null || return 1
  printf '%s' "$1" >/dev/tty
  read -r answer </dev/tty
}

ask_token() {
  [ -n "$TOKEN" ] && return
  stty -echo </dev/tty 2>/dev/null
  ask 'Jeton du poste : ' || { stty echo </dev/tty 2>/dev/null; die 'Il manque le jeton du poste (fichier refurb.conf, ligne TOKEN=).'; }
  stty echo </dev/tty 2>/dev/null
  TOKEN=$answer
  say ''
}

# --- the tools --------------------------------------------------------------------------------------------------------

# Run one tool, not for ever, its output into a file; a file without a word is not kept.
collect() {
  file=$1; shift
  have "$1" || { warn "$1 n'est pas sur cette clé : ce qu'il dirait manquera."; return 1; }
  say "  $*"
  # smartctl's exit status tells of the disk's health: what counts is whether it printed something.
  if timeout 1 true 2>/dev/null; then timeout "$PATIENCE" "$@" >"$file" 2>/dev/null </dev/null; else "$@" >"$file" 2>/dev/null </dev/null; fi
  ended=$?
  [ $ended -ne 124 ] || warn "$1 ne répond pas : arrêté après $PATIENCE secondes."
  [ -s "$file" ] || { rm -f "$file"; warn "$1 n'a rien dit."; return 1; }
}

read_machine() {
  say 'Lecture de la machine :'
  [ "$(id -u)" = 0 ] || warn "Sans les droits d'administration, les outils ne voient pas tout : relancez avec sudo."
  collect "$1/lshw.json" lshw -json -quiet
  collect "$1/dmidecode.txt" dmidecode
  if have smartctl; then
    # Lines such as: /dev/sda -d scsi # /dev/sda, SCSI device. The type is only needed behind a RAID controller.
    smartctl --scan 2>/dev/null | while read -r disk _ type _; do
      name=$(printf '%s' "${disk##*/}-$type" | tr -c 'A-Za-z0-9\n' '-')
      case $type in
        *,*) collect "$1/smartctl-$name.json" smartctl --json -x -d "$type" "$disk" ;;
        *) collect "$1/smartctl-${disk##*/}.json" smartctl --json -x "$disk" ;;
      esac
    done
  else
    warn "smartctl n'est pas sur cette clé : l'état des supports manquera."
  fi
}

# A key keeps the logs of every machine it wiped: those that the service has are not found again.
sum_of() { sha256sum <"$1" | cut -d ' ' -f 1; }
was_sent() { have sha256sum && [ -r "$SPOOL/sent" ] && grep -q "$(sum_of "$1")" "$SPOOL/sent"; }
note_sent() {
  have sha256sum || return 0
  for file in "$1"/files/*; do sum_of "$file"; done >>"$SPOOL/sent"
}

# Where ShredOS, nwipe and people put what the eraser wrote.
find_erasures() {
  for folder in . "$HERE" /root / /var/log /exports /home/* /media/* /media/*/* /mnt /mnt/* /run/media/*/*; do
    for file in "$folder"/nwipe*.log "$folder"/nwipe_log* "$folder"/nwipe*.txt "$folder"/nwipe*.pdf "$folder"/*.nwipe.log; do
      [ -f "$file" ] && [ -s "$file" ] && ! was_sent "$file" && (cd "$(dirname "$file")" && printf '%s/%s\n' "$(pwd -P)" "$(basename "$file")")
    done
  done | sed 's://*:/:' | sort -u
}

# Two folders may each have a file of the same name.
take_copy() {
  number=1
  target=$SENDING/files/$(basename "$1")
  while [ -e "$target" ]; do number=$((number + 1)); target=$SENDING/files/$number-$(basename "$1"); done
  say "  $1"
  cp "$1" "$target" || warn "Impossible de lire $1."
}

# What the kernel sees of the firmware; what it does not show is not told. Started the old way, it cannot know of UEFI.
see_firmware() {
  [ ! -d "$SYS/firmware/efi" ] || printf 'uefi=yes '
  for variable in "$SYS"/firmware/efi/efivars/SecureBoot-*; do [ ! -e "$variable" ] || printf 'secure_boot=yes '; done
  [ ! -r "$SYS/class/tpm/tpm0/tpm_version_major" ] || printf 'tpm=%s' "$(cat "$SYS/class/tpm/tpm0/tpm_version_major")"
}

# --- the spool: one folder per sending, with its files, its key, and for which code -----------------------------------

new_sending() {
  SENDING=$SPOOL/$(date +%Y%m%d-%H%M%S)-$$.new
  mkdir -p "$SENDING/files" || die "Impossible d'écrire dans $SPOOL."
  # The same key goes with every try, so that what arrived twice is done once.
  if have od; then key=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n'); else key=$(date +%s)-$$; fi
  printf '%s' "$key" >"$SENDING/key"
  printf '%s' "$1" >"$SENDING/door"
  printf '%s' "$2" >"$SENDING/code"
  printf '%s' "$DONATION" >"$SENDING/donation"
  cat "$SYS/class/dmi/id/product_name" >"$SENDING/machine" 2>/dev/null || printf '%s' '?' >"$SENDING/machine"
}

# Only a whole sending loses its ".new": one that was cut by the power is not sent.
close_sending() {
  mv "$SENDING" "${SENDING%.new}" && SENDING=${SENDING%.new}
  sync
}

quoted() { printf '%s' "$1" | sed 's/[\\"]/\\&/g' | tr -d '\r\n'; }

# What curl must do, given on its standard input: there no list of processes shows the token.
orders() {
  printf 'header = "Authorization: Bearer %s"\n' "$(quoted "$TOKEN")"
  printf 'header = "Idempotency-Key: %s"\n' "$(cat "$1/key")"
  printf 'header = "Accept: text/plain"\n'
  printf 'user-agent = "refurb-agent"\n'
  for name in code donation firmware; do
    [ -s "$1/$name" ] && printf 'form-string = "%s=%s"\n' "$name" "$(quoted "$(cat "$1/$name")")"
  done
  for file in "$1"/files/*; do
    printf 'form = "files=@\\"%s\\""\n' "$(quoted "$(quoted "$file")")"
  done
}

# One sending until it is answered. 0: done; 1: refused, with the service's words; 2: not reached; 3: no such machine or code;
# 4: refused by what stands there already, which may be this very report.
deliver() {
  for pause in 0 $PAUSES; do
    [ "$pause" = 0 ] || { say "  nouvel essai dans $pause s…"; sleep "$pause"; }
    status=$(orders "$1" | curl --config - --silent --connect-timeout 20 --max-time "$PATIENCE" --output "$1/answer" --write-out '%{http_code}' \
      "$SERVICE/api/v1/agent/$(cat "$1/door")") || status=000
    case $status in
      200 | 201)
        cat "$1/answer"
        [ "$(cat "$1/door")" != erasures ] || note_sent "$1"
        rm -rf "$1"; return 0 ;;
      401) warn "Le service ne connaît pas ce jeton, ou il a été révoqué. Faites-en un autre : $SERVICE/postes"; return 1 ;;
      403) warn "Ce jeton ne permet pas cela. Voyez : $SERVICE/postes"; return 1 ;;
      404) cat "$1/answer" >&2; return 3 ;;
      409) cat "$1/answer" >&2; return 4 ;;
      000 | 408 | 429 | 5??) warn "Le service ne répond pas ($status)." ;;
      *) cat "$1/answer" >&2; return 1 ;;
    esac
  done
  return 2
}

send_one() {
  while :; do
    deliver "$1"
    told=$?
    case $told in
      0) return 0 ;;
      2) warn "Gardé dans $1 : « agent send » l'enverra."; kept_in_memory; return 1 ;;
      3) if [ "$(cat "$1/door")" = hardware ] && ask "Code de l'étiquette (Entrée pour garder le rapport) : " && [ -n "$answer" ]; then
           printf '%s' "$answer" >"$1/code"
           continue
         fi ;;
    esac
    [ "$told" = 4 ] || warn "Rien n'a changé dans le service."
    warn "Le rapport est gardé dans $1 ; « agent send » l'enverra de nouveau."
    return 1
  done
}

kept_in_memory() {
  case $SPOOL in "$HERE"/*) [ -z "$SAVED" ] || return 0 ;; esac
  warn "Si ce dossier n'est pas sur la clé, envoyez avant d'éteindre : la mémoire vive ne garde rien."
}

send_all() {
  failed=0
  for waiting in "$SPOOL"/*; do
    [ -f "$waiting/door" ] || continue
    case $waiting in *.new) continue ;; esac
    say "Envoi de $(basename "$waiting") ($(cat "$waiting/machine")) :"
    send_one "$waiting" || failed=1
  done
  return $failed
}

# --- what was asked ---------------------------------------------------------------------------------------------------

main() {
  HERE=$(pwd -P); SAVED=''
  # Through a pipe there is no file of ours: "sh" is what runs, and nothing of it is on the key.
  case $0 in *agent*) if [ -f "$0" ]; then HERE=$(cd "$(dirname "$0")" && pwd -P); SAVED=yes; fi ;; esac
  read_settings "$HERE/refurb.conf"
  TOKEN=${REFURB_TOKEN:-$TOKEN}
  CODE=''; DEED=hardware
  while [ $# -gt 0 ]; do
    case $1 in
      -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0" 2>/dev/null; return 0 ;;
      --don) [ $# -gt 1 ] || die 'Il manque la référence du don après --don.'; DONATION=$2; shift ;;
      refurb_*) TOKEN=$1 ;;
      erased) DEED=erasures; shift; break ;;
      send) DEED=send ;;
      -*) die "Option inconnue : $1" ;;
      *) CODE=$1 ;;
    esac
    shift
  done
  have curl || die 'Il manque curl sur cette clé.'
  find_spool
  ask_token
  case $DEED in
    send) send_all; return ;;
    hardware)
      new_sending hardware "$CODE"
      see_firmware >"$SENDING/firmware"
      read_machine "$SENDING/files" ;;
    erasures)
      new_sending erasures ''
      if [ $# -eq 0 ]; then find_erasures; else printf '%s\n' "$@"; fi | while IFS= read -r file; do take_copy "$file"; done ;;
  esac
  set -- "$SENDING"/files/*
  [ -e "$1" ] || { rm -rf "$SENDING"; die "Rien à envoyer : aucun fichier trouvé, ou tous l'ont déjà été."; }
  close_sending
  say "Envoi de $# fichier(s) à $SERVICE :"
  send_one "$SENDING"
}

main "$@"
