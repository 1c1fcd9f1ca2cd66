# The Delphi unit on Windows, compiled by Free Pascal in Delphi mode: the journey and the other programs under Wine, on
# both widths, with the library loaded by the unit, imported, and in Delphi 7's way. .ci/windows reads this file and lends
# its functions.
# shellcheck shell=bash disable=SC2154 # work, root and the like are its too

fpc_sources=/usr/share/fpcsrc/3.2.2
fpc_i386=$work/fpc-i386

packages_delphi() {
    echo /usr/bin/ppcx64-3.2.2:fp-compiler-3.2.2 "$fpc_sources:fpc-source-3.2.2"
}

# The compiler for 32 bits comes only with Debian's i386 packages; its program is static, so unpacking it is enough.
install_delphi() {
    if [ -e "$fpc_i386/complete" ]; then
        echo "   nothing is missing"
        return
    fi
    local release mirror
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016 # apt fills these in, not the shell
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(ORIGIN)' 'Created-By: Packages' |
        awk -v release="$release" '$2 == release && $3 == "Debian" { print $1; exit }')
    [ -n "$mirror" ] || fail "apt has no mirror of $release"
    rm -rf "$fpc_i386"
    mmdebstrap --quiet --variant=extract --architectures=i386 --include=fp-compiler-3.2.2 \
        "$release" "$fpc_i386" "deb $mirror $release main"
    touch "$fpc_i386/complete"
}

# fpc WIDTH ARGUMENTS: the compiler, which knows no other units than those it is told of.
fpc() {
    local width=$1
    shift
    case $width in
    x64) ppcx64-3.2.2 -n -v0ew -Twin64 "$@" ;;
    x86) "$(find "$fpc_i386/usr/lib" -name ppc386 -type f | head -1)" -n -v0ew -Twin32 "$@" ;;
    esac
}

# The runtime library for Windows, from Debian's sources.
runtime_library() {
    local width=$1 place=$work/fpc-$1 r=$fpc_sources/rtl os=win64 cpu=x86_64
    [ ! -e "$place/complete" ] || return 0
    [ "$width" = x64 ] || os=win32 cpu=i386
    rm -rf "$place"
    mkdir -p "$place"
    local c=(fpc "$width" -O2 -Xs -XX "-Fi$r/inc" "-Fi$r/$cpu" "-Fi$r/win" "-Fi$r/$os" "-FE$place" "-FU$place"
        "-Fu$place")
    (
        cd "$r/$os"
        "${c[@]}" -Us -Sg system.pp
        "${c[@]}" "$r/inc/uuchar.pp"
        "${c[@]}" "-I$r/objpas" "$r/objpas/objpas.pp"
        "${c[@]}" "-Fi$r/objpas/sysutils" "-Fi$r/objpas/classes" "-Fu$r/$cpu" "-Fu$r/$os" "-I$r/win" "-I$r/objpas" \
            "-I$r/win/wininc" "-Fu$r/win/wininc" "-Fu$r/win" "-I$r/inc" "-Fu$r/inc" "-Fu$r/objpas" buildrtl.pp
        "${c[@]}" "$r/inc/lineinfo.pp"
        "${c[@]}" "$r/inc/lnfodwrf.pp"
        # SyncObjs, which is no part of the runtime library there.
        "${c[@]}" "-Fi$fpc_sources/packages/fcl-base/src/win" "-Fu$r/objpas" \
            "$fpc_sources/packages/fcl-base/src/syncobjs.pp"
    ) >"$work/fpc-$width.log" 2>&1 || {
        tail -n 20 "$work/fpc-$width.log" >&2
        fail "Free Pascal's runtime library for $width can't be built"
    }
    touch "$place/complete"
}

# delphi_program WIDTH NAME SOURCE DEFINES…
delphi_program() {
    local width=$1 name=$2 source=$3 units=$work/delphi-$1/$2
    shift 3
    mkdir -p "$units"
    fpc "$width" -Mdelphi "-Fu$work/fpc-$width" "-Fu$root/bindings/delphi" "-Fi$root/bindings/delphi" "-FU$units" \
        "$@" "-o$work/delphi-$width/$name.exe" "$root/$source" >"$units/log" 2>&1 || {
        cat "$units/log" >&2
        fail "$source can't be compiled for $width"
    }
}

build_delphi() {
    local width
    for width in x64 x86; do
        timed "Free Pascal's runtime library for $width" runtime_library $width
        delphi_program $width journey examples/Journey.dpr
        delphi_program $width journey-import examples/Journey.dpr -dITERO_IMPORT
        delphi_program $width journey-7 examples/Journey.dpr -dITERO_DELPHI7 -dITERO_PLAIN_NAMES
        delphi_program $width send-and-wait examples/SendAndWait.dpr
        delphi_program $width send-and-wait-7 examples/SendAndWait.dpr -dITERO_DELPHI7 -dITERO_PLAIN_NAMES
        delphi_program $width promises tests/bindings/delphi/promises.dpr
        delphi_program $width promises-import tests/bindings/delphi/promises.dpr -dITERO_IMPORT
        delphi_program $width promises-7 tests/bindings/delphi/promises.dpr -dITERO_DELPHI7 -dITERO_PLAIN_NAMES
        cp "$(dist $width)/itero.dll" "$work/delphi-$width/"
    done
}

# promises.dpr: what the units promise beyond the story, in one line.
delphi_promises() {
    local width=$1 program=$2 folder=$work/out/delphi-$1-$2
    rm -rf "$folder"
    start_sandbox "$folder" --triangles 2000
    start_hung "$folder"
    run "$folder" "$width" "$work/delphi-$width/$program.exe" "$(dos "$folder/ready-windows.json")" \
        "$(dos "$folder")" "$(dos "$sandbox")" "$(cat "$folder/port")"
    stop_hung
    stop_sandbox
    tail -n 1 "$folder/lines" | grep -q '^promises ok: ' || fail "$width: $(tail -n 1 "$folder/lines")"
    printf '   %s: %s: %s\n' "$width" "$program" "$(tail -n 1 "$folder/lines")"
}

# A program whose DLL is missing, of the other width, or without one of its functions, says so itself.
delphi_without_library() {
    local width=$1 other=x86 place=$work/out/delphi-without-$1 why
    [ "$width" = x64 ] || other=x64
    rm -rf "$place"
    mkdir -p "$place"
    cp "$work/delphi-$width/journey.exe" "$place/"
    delphi_refusal "$width" "$place" 'itero.dll: '
    cp "$(dist $other)/itero.dll" "$place/"
    delphi_refusal "$width" "$place" 'itero.dll: is no library for a program of'
    cp "$work/bin-$width/intruder.dll" "$place/itero.dll"
    delphi_refusal "$width" "$place" 'itero.dll: lacks the function itero_status_name'
    rm "$place/itero.dll"
    mkdir "$place/$width"
    cp "$(dist "$width")/itero.dll" "$place/$width/"
    delphi_refusal "$width" "$place" 'no-such-file' # the library is found there; now the ready file is what is missing
    printf '   %s: a library that is missing, of the wrong width or too old is named\n' "$width"
}

delphi_refusal() {
    local width=$1 place=$2 words=$3 status=0
    wine "$width" "$place/journey.exe" 'Z:\no-such-file' 'Z:\no-such-folder' >"$place/out" 2>"$place/err" || status=$?
    [ $status -eq 1 ] && grep -qi "$words" "$place/err" ||
        fail "$width: ended with $status instead of saying $words: $(cat "$place/err")"
}

part_delphi() {
    local width bin
    trap 'stop_hung; stop_sandbox; stop_wine' EXIT
    build_delphi
    for width in x64 x86; do
        bin=$work/delphi-$width
        journey "Delphi" $width "$work/scan" --tls "$bin/journey.exe"
        journey "Delphi, imported" $width "$work/scan" --http "$bin/journey-import.exe"
        journey "Delphi 7's way" $width "$work/scan" --http "$bin/journey-7.exe"
        task Delphi $width "$bin/send-and-wait.exe"
        task "Delphi 7's way" $width "$bin/send-and-wait-7.exe"
        delphi_promises $width promises
        delphi_promises $width promises-import
        delphi_promises $width promises-7
        delphi_without_library $width
    done
}
