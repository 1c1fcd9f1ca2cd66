# shellcheck shell=bash
# A part of .ci/windows, which reads this file: downloads that meet what only Windows does to files.

# R8: the target is held open by another program, for 8 seconds and for longer than the library waits.
part_download() {
    local width held folder bin
    for width in x64 x86; do
        bin=$work/bin-$width
        "$(gcc "$width")" -std=gnu11 -Wall -Wextra -Werror -O1 -static -municode "-I$(dist "$width")" \
            "$tests/download.c" "-L$(dist "$width")" -litero -o "$bin/download.exe"
        for held in 8000 13000; do
            folder=$work/out/download-$width-$held
            rm -rf "$folder"
            start_sandbox "$folder" --http
            run "$folder" "$width" "$bin/download.exe" "$(dos "$folder/ready-windows.json")" "$(dos "$folder/scan")" \
                "$(dos "$sandbox")" "$held"
            stop_sandbox
            case $held in
            8000) grep -q '^held 8000 ms: brought after' "$folder/lines" ;;
            *) grep -q "^held $held ms: status 20 after .* another program holds" "$folder/lines" ;;
            esac || fail "$width: a target that is held: $(cat "$folder/lines")"
            printf '   %s: %s\n' "$width" "$(tr '\n' ';' <"$folder/lines")"
        done
    done
}
