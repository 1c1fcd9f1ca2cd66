//! Writes `include/itero.h` from `src/ffi/`: one section for each file that `src/ffi/mod.rs` names, in that order. The
//! file's `//!` lines become the section's introduction; cbindgen turns its constants, types and functions into C.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cbindgen::ir::Path as Name;
use cbindgen::{Builder, Config, DocumentationStyle, Language, Style};

const OPENING: &str = r##"/*
 * itero.h: practice software talks to Align's iTero scanner cloud, in its own process.
 *
 * This file is generated from the library's source; it is also its manual. An independent client: Align, iTero and
 * OrthoCAD are marks of Align Technology, Inc.
 *
 * What holds for every function:
 *
 * - It may be called from every thread at once. It never throws, never crashes the program on wrong arguments, and
 *   never writes to stdout or stderr.
 * - It returns a status (ITERO_OK is 0) and puts results into its last parameters, only on success; or, as a getter, it
 *   returns the value itself, and a safe default on a bad handle or index.
 * - After a failure itero_last_error_message says what was wrong, on the same thread; see "Errors".
 * - Handles are numbers in the guise of pointers: never look behind them. A handle that is NULL, was freed, is of
 *   another kind or never existed gives ITERO_E_HANDLE. Every handle that a function gives out is freed with the _free
 *   function of its type, in any order; no function takes a handle away, not even on success.
 * - Text is UTF-8 and ends with a NUL. Text that is passed in is copied, at most 65536 bytes. Text that is returned
 *   belongs to its handle and lives until the handle is freed; never free it.
 * - A function's comment begins with its row in the vendor's overview (A1 to A8 sign-in and pairing, D1 to D7 the
 *   practice's work, P1 to P5 patients) where it has one, and ends with whether it uses the network.
 * - Functions that use the network block their thread; itero_client_cancel ends them from another one. Long work is a
 *   job: a sign-in or a download is started, then waited for.
 * - Callbacks come on the library's own threads, one at a time for each object, and may call any function. They must not
 *   throw and must not wait for a thread that frees or stops their object.
 */

#ifndef ITERO_H
#define ITERO_H

#include <stdint.h>

#ifndef ITERO_CALL
#if defined(_WIN32)
#define ITERO_CALL __cdecl
#else
#define ITERO_CALL
#endif
#endif

#ifndef ITERO_API
#if defined(_WIN32) && !defined(ITERO_STATIC)
#define ITERO_API __declspec(dllimport)
#else
#define ITERO_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif
"##;

const CLOSING: &str = r##"
#ifdef __cplusplus
}
#endif

#endif /* ITERO_H */
"##;

fn main() {
    println!("cargo::rerun-if-changed=src/ffi");
    println!("cargo::rerun-if-changed=include/itero.h");
    // Programs that are linked with it look for this name, not for the place where the linker found the file.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libitero.so");
    }
    let modules = fs::read_to_string("src/ffi/mod.rs").expect("src/ffi/mod.rs is readable");
    let nouns = modules
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let files: Vec<String> = nouns.map(|noun| format!("src/ffi/{noun}.rs")).collect();
    let sources: Vec<String> = files
        .iter()
        .map(|file| fs::read_to_string(file).expect(file))
        .collect();
    let mut header = String::from(OPENING);
    // Handle types first: a function may use another section's.
    header.push_str(&section(
        "Handles\n\nEach is freed with the function named beside it.",
    ));
    for source in &sources {
        header.push_str(&handles(source));
    }
    for (file, source) in files.iter().zip(&sources) {
        let introduction: Vec<&str> = source
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        assert!(!introduction.is_empty(), "{file} has no introduction");
        header.push_str(&section(&introduction.join("\n")));
        header.push_str(&declarations(Path::new(file)));
    }
    header.push_str(CLOSING);
    let place = Path::new("include/itero.h");
    if fs::read_to_string(place).is_ok_and(|before| before == header) {
        return;
    }
    fs::write(place, header).expect("include/itero.h is writable");
}

fn section(text: &str) -> String {
    let rule = "-".repeat(116);
    let body: String = text
        .lines()
        .map(|line| format!(" * {line}").trim_end().to_owned() + "\n")
        .collect();
    format!("\n/* {rule}\n{body} * {rule} */\n\n")
}

/// The opaque types: `pub struct itero_…` with the comment above it.
fn handles(source: &str) -> String {
    let mut found = String::new();
    let mut comment = Vec::new();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("/// ") {
            comment.push(text);
        } else if let Some(name) = line
            .strip_prefix("pub struct itero_")
            .and_then(|rest| rest.strip_suffix(" {"))
        {
            let _ = writeln!(
                found,
                "/** {} */\ntypedef struct itero_{name} itero_{name};\n",
                comment.join(" ")
            );
        } else if !line.starts_with("#[") {
            comment.clear();
        }
    }
    found
}

/// The constants, callback types and functions of one file.
fn declarations(file: &Path) -> String {
    let mut config = Config {
        language: Language::C,
        style: Style::Type,
        documentation_style: DocumentationStyle::Doxy,
        documentation: true,
        no_includes: true,
        usize_is_size_t: false,
        line_length: 120,
        ..Config::default()
    };
    config.function.prefix = Some("ITERO_API".to_owned());
    let mut bindings = Builder::new()
        .with_src(file)
        .with_config(config)
        .generate()
        .unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    // The opaque types have their own section.
    bindings.items.retain(|item| {
        !matches!(
            item,
            cbindgen::ir::ItemContainer::OpaqueItem(_) | cbindgen::ir::ItemContainer::Struct(_)
        )
    });
    for function in &mut bindings.functions {
        function.path = Name::new(format!("ITERO_CALL {}", function.path.name()));
    }
    let mut text = Vec::new();
    bindings.write(&mut text);
    let text = String::from_utf8(text).expect("cbindgen writes UTF-8");
    let mut out = String::new();
    for line in text.lines() {
        let line = if line.starts_with("typedef") {
            line.replacen("(*", "(ITERO_CALL *", 1)
        } else {
            line.to_owned()
        };
        assert!(
            !line.contains("(*"),
            "a function pointer without a calling convention: {line}"
        );
        let _ = writeln!(out, "{line}");
    }
    one_line_comments(out.trim_start_matches('\n'))
}

/// A comment of one line takes one line.
fn one_line_comments(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut i = 0;
    while i < lines.len() {
        match &lines[i..] {
            ["/**", body, " */", ..] => {
                let _ = writeln!(out, "/** {} */", body.trim_start_matches(" * "));
                i += 3;
            }
            _ => {
                let _ = writeln!(out, "{}", lines[i]);
                i += 1;
            }
        }
    }
    // Constants stand close together, each with its line above it.
    out.replace("\n\n/** ", "\n/** ")
        .replace("\n/** ", "\n\n/** ")
}
