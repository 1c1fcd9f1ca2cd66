# The C# wrapper on Windows, 64-bit (.NET Core 3.1) and 32-bit (.NET Core 2.1). Sourced by .ci/windows, whose functions and
# variables it uses. The programs are the ones of Linux, byte for byte: one assembly for all runtimes.

packages_csharp=(/usr/bin/mcs:mono-mcs /usr/bin/pip3:python3-pip /usr/bin/npm:npm)

# A folder as a program's: the assembly, and the native library for both widths, of which it must take the right one.
build_csharp() {
    local place=$work/csharp name sources
    bindings/csharp/build "$place"
    for name in Promises Journey SendAndWait; do
        sources=("examples/$name.cs")
        [ $name != Promises ] || sources=(tests/bindings/csharp/*.cs)
        mcs -langversion:7 -warn:4 -warnaserror+ "-r:$place/Itero.Net.dll" -r:System.dll -r:System.Core.dll \
            "-out:$place/$name.dll" "${sources[@]}"
        cp tests/bindings/csharp/runtimeconfig.json "$place/$name.runtimeconfig.json"
    done
    for name in x86 x64; do
        mkdir -p "$place/$name"
        cp "$(dist $name)/itero.dll" "$place/$name/"
    done
}

# The sandbox's story of a program that runs on Linux.
send_and_wait_linux() {
    local folder=$work/out/send-and-wait-linux
    mkdir -p "$folder"
    cc -std=c99 -Iinclude examples/send_and_wait.c -Ltarget/debug -litero -o "$folder/program"
    start_sandbox "$folder"
    LD_LIBRARY_PATH=$root/target/debug timeout 60 "$folder/program" "$folder/ready.json" "$folder/scans" "$sandbox" \
        >"$folder/lines" 2>"$folder/err" || fail "send_and_wait fails on this computer: $(cat "$folder/err")"
    stop_sandbox
    story "$folder/lines" >"$folder/story"
}

part_csharp() {
    local width dotnet folder part kept place=$work/csharp
    build_csharp
    send_and_wait_linux
    for width in x64 x86; do
        dotnet=$(tests/bindings/csharp/fetch win-$width)/dotnet.exe
        journey "C#" $width "$work/scan" --tls "$dotnet" "$(dos "$place/Journey.dll")"

        kept=0
        folder=$work/out/csharp-$width
        start_sandbox "$folder"
        run "$folder" $width "$dotnet" "$(dos "$place/SendAndWait.dll")" "$(dos "$folder/ready-windows.json")" \
            "$(dos "$folder/scans")" "$(dos "$sandbox")"
        story "$folder/lines" | diff "$work/out/send-and-wait-linux/story" - ||
            fail "SendAndWait on $width: not the story that the Linux program tells"
        # Part by part: each has Wine's time limit for itself.
        for part in Cancelling Errors Events Handles Loading Outboxes Resolutions Results Texts Throwing Tokens; do
            run "$folder/$part" $width "$dotnet" "$(dos "$place/Promises.dll")" "$(dos "$folder/ready-windows.json")" \
                "$(dos "$folder/promises")" "$(dos "$sandbox")" $part
            kept=$((kept + $(grep -c '^ok ' "$folder/$part/lines")))
        done
        stop_sandbox
        rm -rf "$folder/promises" "$folder/scans"
        printf '   %s: SendAndWait; %s promises are kept\n' $width $kept
    done
}
