//! The Delphi declarations say what the header says, read by a reader of its own: every function, its parameters with
//! their widths, what is only read, the callbacks' convention and the constants, both where the library is imported and
//! where it is loaded; and the classes leave no function out.

#[path = "delphi/declarations.rs"]
mod declarations;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use super::header::{self, Function, Header};
use super::places;

fn folder() -> PathBuf {
    places::root().join("bindings/delphi")
}

fn file(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// A declaration without names: what goes over the stack, and what the callee may write to.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    result: String,
    parameters: Vec<(String, String)>,
    cdecl: bool,
}

/// The type that C and Pascal have in common. A pointer to something is `&`, `const` where it is only read.
fn c_type(of_type: &str) -> String {
    match of_type {
        "void" => "nothing".to_owned(),
        "void *" => "pointer".to_owned(),
        "char *" => "text".to_owned(),
        "const char *" => "const text".to_owned(),
        "uint16_t *" => "wide text".to_owned(),
        "const uint16_t *" => "const wide text".to_owned(),
        "int32_t" => "signed 32".to_owned(),
        "uint32_t" => "unsigned 32".to_owned(),
        "int64_t" => "signed 64".to_owned(),
        "uint64_t" => "unsigned 64".to_owned(),
        "double" => "float 64".to_owned(),
        _ => {
            if let Some(inner) = of_type.strip_suffix(" **") {
                return format!("place of {inner}");
            }
            match of_type.strip_suffix(" *") {
                Some(inner @ ("int32_t" | "uint32_t" | "int64_t" | "uint64_t" | "double")) => {
                    format!("place of {}", c_type(inner))
                }
                Some(handle) => handle.to_owned(),
                None => of_type.to_owned(),
            }
        }
    }
}

/// `modifier` is `const`, `out` or nothing.
fn pascal_type(of_type: &str, modifier: &str) -> String {
    let plain = match of_type {
        "" => "nothing",
        "Pointer" => "pointer",
        "PAnsiChar" => "text",
        "PWideChar" => "wide text",
        "Integer" => "signed 32",
        "Cardinal" => "unsigned 32",
        "Int64" => "signed 64",
        "UInt64" => "unsigned 64",
        "Double" => "float 64",
        handle if handle.starts_with("Pitero_") => &handle[1..],
        other => other,
    };
    match modifier {
        "const" => format!("const {plain}"),
        "out" => format!("place of {plain}"),
        _ => plain.to_owned(),
    }
}

fn c_shape(function: &Function) -> Shape {
    let parameters = function.parameters.iter();
    Shape {
        result: c_type(&function.result),
        parameters: parameters
            .map(|parameter| {
                (
                    declarations::pascal_name(&parameter.name),
                    c_type(&parameter.of_type),
                )
            })
            .collect(),
        cdecl: true,
    }
}

/// Reads `function name(parameters): result; cdecl` from behind its keyword.
fn pascal_shape(keyword: &str, declaration: &str) -> Shape {
    let (head, directives) = declaration.split_once(';').map_or((declaration, ""), |_| {
        // The parameters have semicolons too: the one that ends the head is the first behind the last bracket.
        let from = declaration.rfind(')').unwrap_or(0);
        let end = from + declaration[from..].find(';').expect("a declaration ends");
        (&declaration[..end], &declaration[end + 1..])
    });
    let (parameters, result) = match head.split_once('(') {
        Some((_, rest)) => rest.rsplit_once(')').expect("brackets match"),
        None => ("", &head[head.find(':').unwrap_or(head.len())..]),
    };
    let result = result.trim().trim_start_matches(':').trim();
    let result = match (keyword, pascal_type(result, "").as_str()) {
        ("procedure", "nothing") => "nothing".to_owned(),
        // A text that the library returns must not be written to.
        ("function", "text") => "const text".to_owned(),
        ("function", other) => other.to_owned(),
        (keyword, other) => panic!("{keyword} with the result {other}: {declaration}"),
    };
    let parameters = parameters
        .split(';')
        .map(str::trim)
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| {
            let (names, of_type) = parameter.split_once(':').expect("a parameter has a type");
            let (modifier, name) = names.trim().split_once(' ').unwrap_or(("", names.trim()));
            (name.to_owned(), pascal_type(of_type.trim(), modifier))
        })
        .collect();
    Shape {
        result,
        parameters,
        cdecl: directives.split(';').any(|word| word.trim() == "cdecl"),
    }
}

fn without_comments(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.split("//").next().expect("a line"))
        .collect();
    lines.join(" ")
}

#[derive(Default)]
struct Declared {
    imported: BTreeMap<String, Shape>,
    loaded: BTreeMap<String, Shape>,
    callbacks: BTreeMap<String, Shape>,
    constants: BTreeMap<String, String>,
    /// The variable and the text of each `@name := Find('name')`.
    found: Vec<(String, String)>,
}

/// The declaration from `start` on, up to its last directive.
fn statement(text: &str) -> &str {
    let end = text.find("cdecl").unwrap_or_else(|| {
        let brackets = text.find(')').unwrap_or(0);
        brackets + text[brackets..].find(';').unwrap_or(0)
    });
    let end = end + text[end..].find(';').expect("a declaration ends") + 1;
    &text[..end]
}

fn read(api: &str, loaded: &str) -> Declared {
    let mut declared = Declared::default();
    let (_, api) = api
        .split_once(declarations::BEGIN)
        .expect("the unit has a begin mark");
    let (api, _) = api
        .split_once(declarations::END)
        .expect("the unit has an end mark");
    let (api, loaded) = (without_comments(api), without_comments(loaded));
    let types = api.split("{$IFDEF ITERO_IMPORT}").next().expect("types");
    for (keyword, separator) in [("function", " = "), ("procedure", " = ")] {
        for (at, found) in types.match_indices(&format!("{separator}{keyword}(")) {
            let name = types[..at].rsplit(' ').next().expect("a name");
            let rest = &types[at + found.len() - 1..];
            let shape = pascal_shape(keyword, statement(rest));
            declared.callbacks.insert(name.to_owned(), shape);
        }
    }
    for (at, _) in types.match_indices(" ITERO_") {
        if let Some((name, rest)) = types[at + 1..].split_once(" = ") {
            let value = rest.split(';').next().expect("a value");
            if !name.contains(' ') {
                declared
                    .constants
                    .insert(name.to_owned(), value.trim().to_owned());
            }
        }
    }
    for keyword in ["function", "procedure"] {
        for (at, found) in api.match_indices(&format!("{keyword} itero_")) {
            let rest = &api[at + found.len() - "itero_".len()..];
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let line = &rest[..rest
                .find("external ITERO_LIBRARY;")
                .expect("it is imported")];
            let same = pascal_shape(keyword, &line[name.len()..]);
            assert!(
                declared.imported.insert(name.clone(), same).is_none(),
                "{name} is declared twice"
            );
        }
        for (at, found) in loaded.match_indices(&format!(": {keyword}")) {
            let name = loaded[..at].rsplit(' ').next().expect("a name").to_owned();
            let shape = pascal_shape(keyword, statement(&loaded[at + found.len()..]));
            declared.loaded.insert(name, shape);
        }
    }
    for assignment in loaded.split('@').skip(1) {
        let (variable, rest) = assignment
            .split_once(" := Find('")
            .expect("an assignment finds");
        let name = rest.split('\'').next().expect("a name");
        declared.found.push((variable.to_owned(), name.to_owned()));
    }
    declared
}

/// What differs, in words.
fn differences(header: &Header, declared: &Declared) -> Vec<String> {
    let mut found = Vec::new();
    let tables = [
        ("imported", &declared.imported, &header.functions),
        ("loaded", &declared.loaded, &header.functions),
        ("callback", &declared.callbacks, &header.callbacks),
    ];
    for (table, pascal, functions) in tables {
        for function in functions {
            let name = &function.name;
            let Some(shape) = pascal.get(name) else {
                found.push(format!("{table}: {name} is not declared"));
                continue;
            };
            compare(
                &format!("{table}: {name}"),
                &c_shape(function),
                shape,
                &mut found,
            );
        }
        for name in pascal.keys() {
            if !functions.iter().any(|function| function.name == *name) {
                found.push(format!("{table}: {name} is not in the header"));
            }
        }
    }
    for function in &header.functions {
        let name = &function.name;
        let pair = (name.clone(), name.clone());
        if !declared.found.contains(&pair) {
            found.push(format!("loaded: {name} is not found under its own name"));
        }
    }
    for (name, value) in &header.constants {
        match declared.constants.get(name) {
            None => found.push(format!("{name} is not declared")),
            Some(other) if other != value => {
                found.push(format!("{name} is {value} in C and {other} in Pascal"))
            }
            Some(_) => {}
        }
    }
    for name in declared.constants.keys() {
        if !header.constants.iter().any(|(other, _)| other == name) {
            found.push(format!("{name} is not in the header"));
        }
    }
    found
}

fn compare(name: &str, c: &Shape, pascal: &Shape, found: &mut Vec<String>) {
    if !pascal.cdecl {
        found.push(format!("{name} is not cdecl"));
    }
    if c.result != pascal.result {
        found.push(format!(
            "{name} returns {} in C and {} in Pascal",
            c.result, pascal.result
        ));
    }
    if c.parameters.len() != pascal.parameters.len() {
        found.push(format!(
            "{name} has {} parameters in C and {} in Pascal",
            c.parameters.len(),
            pascal.parameters.len()
        ));
    }
    for (in_c, in_pascal) in c.parameters.iter().zip(&pascal.parameters) {
        if in_c != in_pascal {
            found.push(format!(
                "{name}: {}, {} in C, is {}, {} in Pascal",
                in_c.0, in_c.1, in_pascal.0, in_pascal.1
            ));
        }
    }
}

#[test]
fn delphi_declares_what_the_header_declares() {
    let header = header::read();
    let declared = read(&file("Itero.Api.pas"), &file("Itero.Loaded.inc"));
    let found = differences(&header, &declared);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(declared.imported.len(), header.functions.len());
    assert_eq!(declared.callbacks.len(), header.callbacks.len());
}

/// `ITERO_UPDATE_SNAPSHOT=1` writes them anew.
#[test]
fn delphi_declarations_are_current() {
    let header = header::read();
    let api = declarations::replaced(&file("Itero.Api.pas"), &declarations::api(&header));
    let loaded = declarations::loaded(&header);
    if std::env::var_os("ITERO_UPDATE_SNAPSHOT").is_some() {
        fs::write(folder().join("Itero.Api.pas"), &api).unwrap();
        fs::write(folder().join("Itero.Loaded.inc"), &loaded).unwrap();
    }
    let hint = "is older than the header: ITERO_UPDATE_SNAPSHOT=1 cargo test --test bindings delphi_declarations";
    assert!(file("Itero.Api.pas") == api, "Itero.Api.pas {hint}");
    assert!(
        file("Itero.Loaded.inc") == loaded,
        "Itero.Loaded.inc {hint}"
    );
}

/// What the classes do without, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    ("itero_config_set_text_encoding", UTF8_ALWAYS),
    ("itero_scan_request_set_text_encoding", UTF8_ALWAYS),
    ("itero_order_query_set_text_encoding", UTF8_ALWAYS),
    ("itero_outbox_set_text_encoding", UTF8_ALWAYS),
];
const UTF8_ALWAYS: &str = "the unit gives and takes UTF-8; a code page would garble its texts";

#[test]
fn delphi_classes_use_every_function() {
    let mut text = String::new();
    for entry in fs::read_dir(folder()).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !["Itero.Api.pas", "Itero.Loaded.inc"].contains(&name.as_str()) {
            text.push_str(&without_comments(&file(&name)));
        }
    }
    let used: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let header = header::read();
    let left_out: Vec<&str> = header
        .functions
        .iter()
        .map(|function| function.name.as_str())
        .filter(|name| !used.contains(name))
        .collect();
    let planned = LEFT_OUT.map(|(name, _)| name);
    assert_eq!(left_out, planned, "what no class uses");
}

/// Each break must be found by the comparer, and told with the function and what differs.
#[test]
fn delphi_breaks_are_found() {
    let (header, api, loaded) = (
        header::read(),
        file("Itero.Api.pas"),
        file("Itero.Loaded.inc"),
    );
    for (from, to, told) in [
        (
            "function itero_login_wait(login: Pitero_login; wait_ms: Integer)",
            "function itero_login_wait(login: Pitero_login; wait_ms: Int64)",
            "imported: itero_login_wait: wait_ms, signed 32 in C, is wait_ms, signed 64 in Pascal",
        ),
        (
            "function itero_login_cancel(login: Pitero_login): Integer; cdecl;",
            "function itero_login_cancel(login: Pitero_login): Integer; stdcall;",
            "imported: itero_login_cancel is not cdecl",
        ),
        (
            "function itero_rx_id(const rx: Pitero_rx)",
            "function itero_rx_id(rx: Pitero_rx)",
            "imported: itero_rx_id: rx, const itero_rx in C, is rx, itero_rx in Pascal",
        ),
        (
            "function itero_config_new(out config_out: Pitero_config)",
            "function itero_config_new(config_out: Pitero_config)",
            "imported: itero_config_new: config_out, place of itero_config in C",
        ),
        (
            "function itero_rx_free(rx: Pitero_rx): Integer;",
            "function itero_rx_free: Integer;",
            "imported: itero_rx_free has 1 parameters in C and 0 in Pascal",
        ),
        (
            "function itero_version: PAnsiChar;",
            "function itero_versoin: PAnsiChar;",
            "imported: itero_version is not declared",
        ),
        (
            "function itero_orders_scan_time(const orders: Pitero_orders; index: Integer): Int64;",
            "function itero_orders_scan_time(const orders: Pitero_orders; index: Integer): Integer;",
            "imported: itero_orders_scan_time returns signed 64 in C and signed 32 in Pascal",
        ),
        (
            "ITERO_E_NETWORK = 7;",
            "ITERO_E_NETWORK = 8;",
            "ITERO_E_NETWORK is 7 in C and 8 in Pascal",
        ),
        (
            "itero_watch_callback = procedure(user: Pointer; const event: Pitero_event); cdecl;",
            "itero_watch_callback = procedure(user: Pointer; const event: Pitero_event); stdcall;",
            "callback: itero_watch_callback is not cdecl",
        ),
        (
            "  itero_rx_free: function(rx: Pitero_rx)",
            "  itero_rx_free: function(rx: Pitero_orders)",
            "loaded: itero_rx_free: rx, itero_rx in C, is rx, itero_orders in Pascal",
        ),
        (
            "    const utf16: PWideChar;",
            "    const utf16: PAnsiChar;",
            "loaded: itero_text_from_utf16: utf16, const wide text in C, is utf16, const text in Pascal",
        ),
        (
            "@itero_rx_free := Find('itero_rx_free');",
            "@itero_rx_free := Find('itero_rx_id');",
            "loaded: itero_rx_free is not found under its own name",
        ),
    ] {
        assert!(
            api.contains(from) != loaded.contains(from),
            "{from} is not there once"
        );
        let declared = read(&api.replace(from, to), &loaded.replace(from, to));
        let found = differences(&header, &declared);
        assert!(
            found.iter().any(|difference| difference.starts_with(told)),
            "{to} gives {found:#?}"
        );
    }
}
