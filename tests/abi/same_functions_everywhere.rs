//! A function that is missing in one of source, header and library, or has other types there, is found by a host only
//! when it is too late: it doesn't link, or it reads a wrong register.

use std::collections::BTreeSet;
use std::fs;

use object::{Object, ObjectSymbol};

use super::header::{self, Function, Parameter};
use super::{places, source};

fn names(functions: &[Function]) -> BTreeSet<String> {
    let names: BTreeSet<String> = functions
        .iter()
        .map(|function| function.name.clone())
        .collect();
    assert_eq!(names.len(), functions.len(), "a name is declared twice");
    names
}

/// What the library defines for others.
fn exports() -> BTreeSet<String> {
    let bytes = fs::read(places::library()).expect("the library is readable");
    let library = object::File::parse(&*bytes).expect("the library is an ELF file");
    library
        .dynamic_symbols()
        .filter(|symbol| symbol.is_definition() && symbol.is_global())
        .filter_map(|symbol| Some(symbol.name().ok()?.to_owned()))
        .collect()
}

#[test]
fn source_header_and_library_have_the_same_functions() {
    let source = names(&source::read().functions);
    assert_eq!(
        source,
        names(&header::read().functions),
        "source and header differ"
    );
    let exports = exports();
    let ours: BTreeSet<String> = exports
        .iter()
        .filter(|name| name.to_lowercase().starts_with("itero"))
        .cloned()
        .collect();
    assert_eq!(source, ours, "source and library differ");
    let others: Vec<&String> = exports.difference(&ours).collect();
    assert!(
        others.is_empty(),
        "the library exports what may clash with the host's own: {others:?}"
    );
}

#[test]
fn source_and_header_have_the_same_types() {
    let (source, header) = (source::read(), header::read());
    let pairs = [
        (source.functions, header.functions),
        (source.callbacks, header.callbacks),
    ];
    for (mut source, mut header) in pairs {
        source.sort_by(|one, other| one.name.cmp(&other.name));
        header.sort_by(|one, other| one.name.cmp(&other.name));
        let sign = |functions: &[Function]| {
            functions
                .iter()
                .map(Function::signature)
                .collect::<Vec<_>>()
        };
        assert_eq!(sign(&source), sign(&header));
    }
}

#[test]
fn only_allowed_types_cross_the_boundary() {
    let header = header::read();
    let is_handle = |name: &str| header.handles.iter().any(|handle| handle == name);
    let is_callback = |name: &str| {
        header
            .callbacks
            .iter()
            .any(|callback| callback.name == name)
    };
    let is_number = |name: &str| {
        matches!(
            name,
            "int32_t" | "uint32_t" | "int64_t" | "uint64_t" | "double"
        )
    };
    // The functions that convert text are the only ones with buffers, and with the units of UTF-16.
    let is_converted_text = |function: &Function, parameter: &Parameter| {
        function.name.starts_with("itero_text_")
            && match parameter.name.as_str() {
                "buffer" => ["char *", "uint16_t *"].contains(&parameter.of_type.as_str()),
                "utf16" => parameter.of_type == "const uint16_t *",
                _ => false,
            }
    };
    for function in &header.functions {
        assert!(
            is_number(&function.result) || function.result == "const char *",
            "{} returns {}",
            function.name,
            function.result
        );
        for parameter in &function.parameters {
            let of_type = parameter.of_type.as_str();
            let target = of_type
                .trim_start_matches("const ")
                .trim_end_matches('*')
                .trim();
            let stars = of_type.matches('*').count();
            let is_out = parameter.name.ends_with("_out");
            let allowed = match stars {
                0 => is_number(of_type) || is_callback(of_type),
                1 if is_out => is_number(target) && !of_type.starts_with("const"),
                1 => {
                    of_type == "const char *"
                        || of_type == "void *" && parameter.name == "user"
                        || is_converted_text(function, parameter)
                        || is_handle(target)
                }
                2 => is_out && is_handle(target) && !of_type.starts_with("const"),
                _ => false,
            };
            assert!(allowed, "{}: {of_type} {}", function.name, parameter.name);
        }
    }
    for callback in &header.callbacks {
        let first = &callback.parameters[0];
        assert_eq!(
            (first.of_type.as_str(), first.name.as_str()),
            ("void *", "user"),
            "{}",
            callback.name
        );
        for parameter in &callback.parameters[1..] {
            assert!(
                is_number(&parameter.of_type)
                    || parameter.of_type == "const char *"
                    || parameter
                        .of_type
                        .strip_prefix("const ")
                        .and_then(|of_type| of_type.strip_suffix(" *"))
                        .is_some_and(is_handle),
                "{}: {}",
                callback.name,
                parameter.of_type
            );
        }
    }
}

#[test]
fn results_come_last_and_handles_first() {
    for function in header::read().functions {
        let outs: Vec<bool> = function
            .parameters
            .iter()
            .map(|parameter| parameter.name.ends_with("_out"))
            .collect();
        assert!(
            outs.is_sorted(),
            "{}: an input stands behind a result",
            function.name
        );
        assert!(
            !outs.contains(&true) || function.returns_status(),
            "{} has a result but no status",
            function.name
        );
    }
}

#[test]
fn every_handle_has_its_free() {
    let header = header::read();
    for handle in &header.handles {
        let free = format!("{handle}_free");
        let function = header
            .functions
            .iter()
            .find(|function| function.name == free);
        let function = function.unwrap_or_else(|| panic!("{free} is missing"));
        assert_eq!(
            function
                .signature()
                .split('(')
                .nth(1)
                .map(|rest| rest.starts_with(&format!("{handle} *"))),
            Some(true)
        );
        assert_eq!(function.parameters.len(), 1, "{free}");
        assert!(function.returns_status(), "{free}");
    }
}
