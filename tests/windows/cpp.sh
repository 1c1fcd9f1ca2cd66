# The C++ wrapper on Windows, a part of .ci/windows, which has the functions that are used here.

packages_cpp() {
    echo /usr/bin/x86_64-w64-mingw32-g++-posix:g++-mingw-w64-x86-64-posix \
        /usr/bin/i686-w64-mingw32-g++-posix:g++-mingw-w64-i686-posix /usr/bin/python3:python3
}

# build_cpp WIDTH: statically linked, so that the DLL is all they need.
build_cpp() {
    local width=$1 bin=$work/bin-cpp-$1 place compiler name
    place=$(dist "$width")
    mkdir -p "$bin"
    cp "$place/itero.dll" "$bin/"
    compiler=("$(machine "$width")-w64-mingw32-g++-posix" -Wall -Wextra -Wpedantic -Werror -O1 -static
        "-I$root/include")
    local link=("-L$place" -litero)
    for name in examples/{journey,send_and_wait} tests/bindings/cpp/{alone,cloud,wide}; do
        "${compiler[@]}" -std=c++11 "$root/$name.cpp" "${link[@]}" -o "$bin/${name##*/}.exe"
    done
    "${compiler[@]}" -std=c++17 -DWINDOWS_FIRST "$root/tests/bindings/cpp/wide.cpp" "${link[@]}" \
        -o "$bin/wide-after.exe"
    "${compiler[@]}" -std=c++17 -fno-exceptions "$root/tests/bindings/cpp/results.cpp" "${link[@]}" \
        -o "$bin/results.exe"
    "$(gcc "$width")" -std=c99 -Wall -Wextra -Wpedantic -Werror -static "-I$root/include" \
        "$root/examples/send_and_wait.c" "${link[@]}" -o "$bin/send_and_wait-c.exe"
}

# What the single-task program in C tells on this computer, in $work/out/linux-task/story.
linux_task() {
    local folder=$work/out/linux-task
    mkdir -p "$folder"
    cc -std=c99 -Iinclude examples/send_and_wait.c -Ltarget/debug -litero -o "$folder/task"
    start_sandbox "$folder" --triangles 2000
    LD_LIBRARY_PATH=$root/target/debug timeout 60 "$folder/task" "$folder/ready.json" "$folder/scan" "$sandbox" \
        >"$folder/lines" 2>"$folder/err" || fail "the single task fails on this computer: $(cat "$folder/err")"
    stop_sandbox
    story "$folder/lines" >"$folder/story"
    rm -rf "$folder/scan"
}

# task NAME WIDTH PROGRAM ARGUMENTS: must tell the same.
task() {
    local name=$1 width=$2 program=$3 folder=$work/out/task-$1-$2
    shift 3
    [ -s "$work/out/linux-task/story" ] || linux_task
    start_sandbox "$folder" --triangles 2000
    run "$folder" "$width" "$program" "$@" "$(dos "$folder/ready-windows.json")" "$(dos "$folder/scan")" \
        "$(dos "$sandbox")"
    stop_sandbox
    story "$folder/lines" >"$folder/story"
    diff "$work/out/linux-task/story" "$folder/story" || fail "$name on $width: not what the Linux program tells"
    rm -rf "$folder/scan"
    printf '   %s: the single task, %s\n' "$width" "$name"
}

# A port of this computer on which connections are taken and never answered.
hung_id=
start_hung() {
    mkdir -p "$1"
    rm -f "$1/port"
    python3 -c 'if True:
        import socket, sys, time
        door = socket.create_server(("127.0.0.1", 0))
        open(sys.argv[1], "w").write("%d\n" % door.getsockname()[1])
        time.sleep(120)' "$1/port" &
    hung_id=$!
    local i
    for ((i = 0; i < 200; i++)); do
        [ ! -s "$1/port" ] || return 0
        sleep 0.1
    done
    fail "nothing listens in 20 s"
}
stop_hung() {
    [ -n "$hung_id" ] || return 0
    kill "$hung_id" 2>/dev/null || true
    wait "$hung_id" 2>/dev/null || true
    hung_id=
}

# promise WIDTH PROGRAM ARGUMENTS: a test program of the wrapper, whose last line says that it came to its end.
promise() {
    local width=$1 name=$2 folder=$work/out/cpp-$2-$1
    shift 2
    run "$folder" "$width" "$work/bin-cpp-$width/$name.exe" "$@"
    grep -q ' ok$' "$folder/lines" || fail "$name on $width ends with: $(tail -n 1 "$folder/lines")"
    printf '   %s: %s\n' "$width" "$(tail -n 1 "$folder/lines")"
}

part_cpp() {
    local width bin folder=$work/out/cpp ready
    trap 'stop_hung; stop_sandbox; stop_wine' EXIT
    for width in x64 x86; do
        build_cpp $width
        bin=$work/bin-cpp-$width
        journey "C++" $width "$work/scan" --tls "$bin/journey.exe"
        task C++ $width "$bin/send_and_wait.exe"
        task C $width "$bin/send_and_wait-c.exe"
        promise $width alone
        promise $width wide
        promise $width wide-after
        rm -rf "$folder"
        start_sandbox "$folder" --triangles 2000
        ready=$(dos "$folder/ready-windows.json")
        promise $width results "$ready" "$(dos "$sandbox")"
        start_hung "$folder"
        promise $width cloud "$ready" "$(dos "$folder/scans")" "$(dos "$sandbox")" "$(cat "$folder/port")"
        stop_hung
        stop_sandbox
    done
}
