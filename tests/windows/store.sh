# The part "store" of .ci/windows, which reads this file: tokens at rest under Windows' data protection, the lock across
# processes, and the refusal of network shares.

# store WIDTH FOLDER LINE-PATTERN ARGUMENTS: runs store.exe; what it tells must fit the pattern.
store() {
    local width=$1 folder=$2 pattern=$3
    shift 3
    run "$folder" "$width" "$work/out/store-$width/store.exe" "$@"
    grep -Eq "$pattern" "$folder/lines" || fail "$width, store $1: $(cat "$folder/lines"), not $pattern"
}

part_store() {
    local width folder ready file token_file process processes counters
    for width in x64 x86; do
        folder=$work/out/store-$width
        mkdir -p "$folder"
        cp "$(dist "$width")/itero.dll" "$folder/"
        "$(gcc "$width")" -std=c99 -Wall -Wextra -Werror -O1 -static "-I$(dist "$width")" "$tests/store.c" \
            "-L$(dist "$width")" -litero -o "$folder/store.exe"
        start_sandbox "$folder"
        ready=$(dos "$folder/ready-windows.json")
        file=$folder/kept/tokens.sealed
        token_file=$(dos "$file")
        # In a file of the program's choice, and in the user's own folder.
        store "$width" "$folder/one" '^signed in, state 1' sign-in "$ready" "$token_file" "$(dos "$sandbox")"
        store "$width" "$folder/one" '^state 1, status 0' state "$ready" "$token_file"
        store "$width" "$folder/one" '^state 0, status 5' state "$ready" ""
        store "$width" "$folder/one" '^signed in, state 1' sign-in "$ready" "" "$(dos "$sandbox")"
        store "$width" "$folder/one" '^state 1, status 0' state "$ready" ""
        find "$work/prefix-$width/drive_c/users" -path '*/Local/itero/session-*.sealed' | grep -q . ||
            find "$work/prefix-$width/drive_c/users" -path '*/Application Data/itero/session-*.sealed' | grep -q . ||
            fail "$width: no session in the user's own folder"
        store "$width" "$folder/one" '^[1-9][0-9]* of [0-9]+ damaged files told' damage "$ready" "$token_file"
        printf '   %s: %s\n' "$width" "$(cat "$folder/one/lines")"
        # A refresh token that is used twice ends the sign-in of all.
        processes=()
        for process in 1 2 3 4; do
            store "$width" "$folder/$process" '^20 refreshes' refresh "$ready" "$token_file" 20 &
            processes+=($!)
        done
        for process in "${processes[@]}"; do
            wait "$process" || fail "$width: a process lost the sign-in"
        done
        counters=$(curl -fsS "$(sed -nE 's/.*"baseUrl": *"([^"]*)".*/\1/p' "$folder/ready.json")/sandbox/counters")
        [[ $counters == *'"reuse_events":0'* ]] || fail "$width: a refresh token was used twice: $counters"
        printf '   %s: 4 processes, 20 refreshes each, %s\n' "$width" \
            "$(sed -E 's/.*("refreshes":[0-9]+).*("reuse_events":[0-9]+).*/\1, \2/' <<<"$counters")"
        # 22 is ITERO_E_STORE; its reason is told when the lock is needed.
        wine "$width" "$folder/store.exe" sign-in "$ready" '\\127.0.0.1\share\tokens.sealed' "$(dos "$sandbox")" \
            >"$folder/share" 2>&1 && fail "$width: a network share was taken"
        grep -q 'network share (UNC path)' "$folder/share" || fail "$width: $(cat "$folder/share")"
        stop_sandbox
    done
}
