#!/usr/bin/env bash
# The bash completion as a shell would call it: the line typed so far, and the
# words it offers.
#   test_completion.sh BIN_DIR
set -u
# shellcheck source=/dev/null
source "$1/../share/bash-completion/completions/bihuan"
failed=0

# The last word of COMP_LINE and the cursor are all that _bihuan looks at.
offers() {
    COMP_LINE=$1
    COMP_POINT=${#COMP_LINE}
    COMPREPLY=()
    _bihuan
    if [ "${COMPREPLY[*]-}" != "$2" ]; then
        printf '[%s] offers: %s\n  instead of: %s\n' \
            "$1" "${COMPREPLY[*]-}" "$2" >&2
        failed=1
    fi
}

offers 'bihuan tic' 'ticket'
offers 'bihuan ticket dis' 'dispatch'
offers 'bihuan ticket dispatch m' 'measure='
offers 'bihuan deadline wh' 'what_if'
offers 'bihuan deadline what_if cal' 'calendar='
offers 'bihuan deadline what-if cal' 'calendar='
offers 'bihuan --account zjj-1 ticket list state=fi' 'filed'
offers 'bihuan report overdue by=c' 'chain category'
offers 'bihuan ticket evaluate solved=' 'true false'
offers 'bihuan --format ' 'table json csv'
offers 'bihuan --lang z' 'zh'
offers 'bihuan --account ' ''
offers 'bihuan ticket list --fo' '--format'
offers 'bihuan help ticket sh' 'show'
offers 'bihuan completion ' 'bash zsh'
offers 'bihuan ticket list title' ''
exit $failed
