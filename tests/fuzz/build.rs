//! Writes the table of all functions of `itero.h`, each with a wrapper that calls it from loose values, so that a new
//! function is fuzzed without an edit here.

#[allow(dead_code, reason = "the tests of the interface read more of it")]
#[path = "../abi/header.rs"]
mod header;

mod places {
    pub const HEADER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../include/itero.h");

    pub fn header_text() -> String {
        std::fs::read_to_string(HEADER).expect("include/itero.h is readable")
    }
}

use std::fmt::Write as _;

use header::{Function, Header, Parameter};

fn main() {
    println!("cargo::rerun-if-changed={}", places::HEADER);
    println!("cargo::rerun-if-changed=../abi/header.rs");
    println!("cargo::rerun-if-env-changed=ITERO_FUZZ_LINK");
    // For the executables alone: the library's own shared form can't hold a sanitizer's run-time.
    for argument in std::env::var("ITERO_FUZZ_LINK")
        .iter()
        .flat_map(|all| all.split(' '))
    {
        println!("cargo::rustc-link-arg-bins={argument}");
    }
    let header = header::read();
    let folder = std::env::var("OUT_DIR").expect("cargo names the folder");
    std::fs::write(format!("{folder}/table.rs"), write(&header)).expect("the folder is writable");
}

/// A C type in Rust's words.
fn rust_type(of_type: &str) -> String {
    let constant = of_type.starts_with("const ");
    let plain = of_type.trim_start_matches("const ");
    if let Some(target) = plain.strip_suffix('*') {
        let kind = if constant { "const" } else { "mut" };
        return format!("*{kind} {}", rust_type(target.trim()));
    }
    match plain {
        "char" => "c_char",
        "void" => "c_void",
        "int32_t" => "i32",
        "uint32_t" => "u32",
        "int64_t" => "i64",
        "uint64_t" => "u64",
        "uint16_t" => "u16",
        "double" => "f64",
        other => other,
    }
    .to_owned()
}

/// What the parameter is, and the argument in the wrapper's call.
fn parameter(header: &Header, parameter: &Parameter, index: usize) -> (String, String) {
    let of_type = parameter.of_type.as_str();
    let target = of_type
        .trim_start_matches("const ")
        .trim_end_matches('*')
        .trim();
    let pointer = format!("v[{index}].pointer.cast()");
    if let Some(kind) = header.handles.iter().position(|handle| handle == target) {
        return match of_type.matches('*').count() {
            2 => (format!("Place::HandleOut({kind})"), pointer),
            _ => (format!("Place::Handle({kind})"), pointer),
        };
    }
    if header
        .callbacks
        .iter()
        .any(|callback| callback.name == of_type)
    {
        let argument =
            format!("if v[{index}].number == 0 {{ None }} else {{ Some(call_back_{of_type}) }}");
        return ("Place::Callback".to_owned(), argument);
    }
    match of_type {
        "const char *" => ("Place::Text".to_owned(), pointer),
        "void *" => ("Place::User".to_owned(), pointer),
        "int32_t" | "uint32_t" | "int64_t" | "uint64_t" => {
            let number = rust_type(of_type);
            (
                "Place::Number".to_owned(),
                format!("v[{index}].number as {number}"),
            )
        }
        "double" => (
            "Place::Number".to_owned(),
            format!("v[{index}].number as f64"),
        ),
        "char *" => ("Place::Buffer(1)".to_owned(), pointer),
        "uint16_t *" => ("Place::Buffer(2)".to_owned(), pointer),
        "const uint16_t *" => ("Place::Units".to_owned(), pointer),
        other if other.ends_with('*') => ("Place::Out".to_owned(), pointer),
        other => panic!("a parameter of the type {other} is not known to the fuzzer"),
    }
}

/// The size of the memory that the parameter before is about.
fn size(before: Option<&String>, place: String) -> String {
    match before.map(String::as_str) {
        Some("Place::Buffer(1)" | "Place::Buffer(2)") => "Place::Room".to_owned(),
        Some("Place::Units") => "Place::Length".to_owned(),
        _ => place,
    }
}

/// Whether a call may ask a service, wait, touch the disk or end what other calls wait for. The comments tell of the
/// network; the rest works on a handle that it may change, of a kind that has a connection or a file behind it.
fn is_costly(function: &Function) -> bool {
    const KINDS: [&str; 8] = [
        "client",
        "login",
        "outbox",
        "outbox_job",
        "order_cursor",
        "download",
        "listener",
        "watch",
    ];
    const OTHERS: [&str; 3] = ["itero_client_new", "itero_outbox_open", "itero_shutdown"];
    let changes = |parameter: &Parameter| {
        KINDS
            .iter()
            .any(|kind| parameter.of_type == format!("itero_{kind} *"))
    };
    !function.comment.contains("No network.")
        || OTHERS.contains(&function.name.as_str())
        || function.parameters.iter().any(changes)
}

fn wrapper(function: &Function, arguments: &[String]) -> String {
    let result = match function.result.as_str() {
        "const char *" => "Answer::Text",
        "int32_t" if function.returns_status() => "Answer::Status",
        _ => "Answer::Other",
    };
    let call = format!("{}({})", function.name, arguments.join(", "));
    let body = match result {
        "Answer::Other" => format!("{{ {call}; {result} }}"),
        _ => format!("{result}({call})"),
    };
    format!(
        "unsafe fn call_{}(v: &[Value]) -> Answer {{ unsafe {{ {body} }} }}\n",
        function.name
    )
}

/// A callback that reads its texts, shows its handles to all threads, and then does what its user pointer says.
fn call_back(header: &Header, callback: &Function) -> String {
    let mut parameters = Vec::new();
    let mut reads = String::new();
    for (index, parameter) in callback.parameters.iter().enumerate() {
        parameters.push(format!("_v{index}: {}", rust_type(&parameter.of_type)));
        if parameter.of_type == "const char *" {
            let _ = write!(reads, "read_text(_v{index}); ");
        }
        let target = parameter
            .of_type
            .trim_start_matches("const ")
            .trim_end_matches('*')
            .trim();
        if let Some(kind) = header.handles.iter().position(|handle| handle == target) {
            let _ = write!(reads, "publish({kind}, _v{index}.addr()); ");
        }
    }
    let (result, cast) = match callback.result.as_str() {
        "void" => (String::new(), ";"),
        other => (format!(" -> {}", rust_type(other)), " as _"),
    };
    format!(
        "unsafe extern \"C\" fn call_back_{}({}){result} {{ {reads}called_back(_v0.addr()){cast} }}\n",
        callback.name,
        parameters.join(", ")
    )
}

fn write(header: &Header) -> String {
    let mut text = String::new();
    for callback in &header.callbacks {
        text.push_str(&call_back(header, callback));
    }
    let mut rows = String::new();
    for function in &header.functions {
        let parts = function.parameters.iter().enumerate();
        let parts = parts.map(|(index, one)| parameter(header, one, index));
        let (mut places, arguments): (Vec<_>, Vec<_>) = parts.unzip();
        for at in 1..places.len() {
            places[at] = size(places.get(at - 1), places[at].clone());
        }
        text.push_str(&wrapper(function, &arguments));
        let named: Vec<String> = places
            .iter()
            .zip(&function.parameters)
            .map(|(place, parameter)| format!("(\"{}\", {place})", parameter.name))
            .collect();
        let _ = writeln!(
            rows,
            "    Function {{ name: \"{name}\", call: call_{name}, parameters: &[{}], costly: {}, frees: {} }},",
            named.join(", "),
            is_costly(function),
            function.name.ends_with("_free"),
            name = function.name
        );
    }
    let _ = writeln!(
        text,
        "pub const KINDS: [&str; {}] = {:?};",
        header.handles.len(),
        header.handles
    );
    let _ = writeln!(
        text,
        "pub static FUNCTIONS: [Function; {}] = [\n{rows}];",
        header.functions.len()
    );
    text
}
