//! The C# declarations say what the header says: every function with its name, parameters and their types, every
//! callback type with its calling convention, every constant with its value, every handle with its own `_free`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::header::{self, Function, Header, Parameter};
use super::places;

/// What a declaration is called by, and how C# must write it.
type Declarations = BTreeMap<String, String>;

const IMPORT: &str =
    "[DllImport(Library, CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]";
const POINTER: &str = "[UnmanagedFunctionPointer(CallingConvention.Cdecl)]";

fn camel(name: &str) -> String {
    let pascal = pascal(name);
    let camel = pascal[..1].to_lowercase() + &pascal[1..];
    match camel.as_str() {
        "event" | "lock" | "sealed" => format!("@{camel}"),
        _ => camel,
    }
}

fn pascal(name: &str) -> String {
    name.split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

/// `itero_scan_request` → `ScanRequestHandle`.
fn handle_class(of_type: &str) -> String {
    let name = of_type
        .strip_prefix("itero_")
        .expect("a handle's type has the prefix");
    format!("{}Handle", pascal(name))
}

fn number(of_type: &str) -> Option<&'static str> {
    Some(match of_type {
        "int32_t" => "int",
        "uint32_t" => "uint",
        "int64_t" => "long",
        "uint64_t" => "ulong",
        "double" => "double",
        _ => return None,
    })
}

fn result(of_type: &str) -> &'static str {
    match of_type {
        "void" => "void",
        "const char *" => "IntPtr",
        other => number(other).unwrap_or_else(|| panic!("no C# for the result {other}")),
    }
}

enum Place {
    Function,
    /// Takes the bare handle, because the SafeHandle itself calls it.
    Free,
    /// What the library passes to the host is bare.
    Callback,
}

fn parameter(parameter: &Parameter, place: &Place) -> String {
    let of_type = parameter.of_type.as_str();
    let bare = of_type
        .trim_start_matches("const ")
        .trim_end_matches('*')
        .trim();
    let callback = of_type
        .strip_suffix("_callback")
        .and_then(|name| name.strip_prefix("itero_"));
    let in_csharp = match (of_type.matches('*').count(), number(bare), callback) {
        (0, Some(number), _) => number.to_owned(),
        (0, None, Some(callback)) => format!("{}Callback", pascal(callback)),
        (1, None, _) if bare == "uint16_t" => "ushort[]".to_owned(),
        (1, None, _) if of_type == "char *" => "byte[]".to_owned(),
        (1, Some(number), _) if !of_type.starts_with("const") => format!("out {number}"),
        (1, None, _) if of_type == "void *" => "IntPtr".to_owned(),
        (1, None, _) if of_type == "const char *" => match place {
            Place::Callback => "IntPtr".to_owned(),
            _ => "byte[]".to_owned(),
        },
        (1, None, _) => match place {
            Place::Function => handle_class(bare),
            Place::Free | Place::Callback => "IntPtr".to_owned(),
        },
        (2, None, _) if !of_type.starts_with("const") => format!("out {}", handle_class(bare)),
        _ => panic!("no C# for the parameter {of_type} {}", parameter.name),
    };
    format!("{in_csharp} {}", camel(&parameter.name))
}

fn signature(function: &Function, name: &str, place: &Place) -> String {
    let parameters: Vec<String> = function
        .parameters
        .iter()
        .map(|one| parameter(one, place))
        .collect();
    format!(
        "{} {name}({});",
        result(&function.result),
        parameters.join(", ")
    )
}

fn wanted(header: &Header) -> Declarations {
    let mut wanted = Declarations::new();
    for function in &header.functions {
        let place = match function.name.ends_with("_free") {
            true => Place::Free,
            false => Place::Function,
        };
        let signature = signature(function, &function.name, &place);
        let declaration = format!("{IMPORT} internal static extern {signature}");
        wanted.insert(function.name.clone(), declaration);
    }
    for callback in &header.callbacks {
        let name = pascal(callback.name.strip_prefix("itero_").expect("a prefix"));
        let signature = signature(callback, &name, &Place::Callback);
        wanted.insert(name, format!("{POINTER} internal delegate {signature}"));
    }
    for (name, value) in &header.constants {
        wanted.insert(
            name.clone(),
            format!("internal const int {name} = {value};"),
        );
    }
    for handle in &header.handles {
        let class = handle_class(handle);
        let declaration = format!(
            "internal sealed class {class} : Handle<{class}> {{ protected override int Free(IntPtr value) {{ return \
             Native.{handle}_free(value); }} }}"
        );
        wanted.insert(class, declaration);
    }
    wanted
}

/// The declarations in the source, each in one line with single spaces.
fn declared(source: &str) -> Declarations {
    let lines = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let text: String = lines.collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = text.split_whitespace().collect();
    // Long lists of parameters are broken behind the bracket.
    let text = words.join(" ").replace("( ", "(");
    let mut declared = Declarations::new();
    let mut rest = text.as_str();
    while let Some(start) = ["[", "internal const", "internal sealed class"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min()
    {
        rest = &rest[start..];
        let ends = if rest.starts_with("internal sealed") {
            "} }"
        } else {
            ";"
        };
        let end = rest.find(ends).expect("a declaration ends") + ends.len();
        let one = &rest[..end];
        rest = &rest[end..];
        let name = if let Some(constant) = one.strip_prefix("internal const int ") {
            constant.split(' ').next()
        } else if let Some(class) = one.strip_prefix("internal sealed class ") {
            class.split(' ').next()
        } else {
            one.rsplit_once("]")
                .and(one.find(']'))
                .map(|end| &one[end..])
                .and_then(|function| function.split('(').next())
                .and_then(|front| front.rsplit(' ').next())
        };
        let name = name.unwrap_or_else(|| panic!("a declaration without a name: {one}"));
        let before = declared.insert(name.to_owned(), one.to_owned());
        assert_eq!(before, None, "{name} is declared twice");
    }
    declared
}

/// One sentence for each difference.
fn differences(wanted: &Declarations, declared: &Declarations) -> Vec<String> {
    let mut found = Vec::new();
    for (name, wanted) in wanted {
        match declared.get(name) {
            None => found.push(format!("{name} is not declared: {wanted}")),
            Some(declared) if declared != wanted => {
                found.push(format!(
                    "{name} differs:\n  header: {wanted}\n  C#:     {declared}"
                ));
            }
            Some(_) => {}
        }
    }
    let strangers = declared.keys().filter(|name| !wanted.contains_key(*name));
    found.extend(strangers.map(|name| format!("{name} is not in the header")));
    found
}

/// The C# files of a folder, and with `deep` of those below it.
pub fn sources(folder: &Path, deep: bool) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|fault| panic!("{folder:?}: {fault}"));
    let mut files: Vec<std::path::PathBuf> = entries
        .flat_map(|entry| {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true if deep => sources(&path, true),
                true => Vec::new(),
                false => vec![path],
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "cs"))
        .collect();
    files.sort();
    files
}

fn text_of(files: &[std::path::PathBuf]) -> String {
    let texts = files
        .iter()
        .filter(|file| !file.ends_with("Native/Native.cs"));
    texts
        .map(|file| fs::read_to_string(file).expect("a source is readable"))
        .collect()
}

fn native_source() -> String {
    text_of(&sources(
        &places::root().join("bindings/csharp/Native"),
        false,
    ))
}

#[test]
fn csharp_declares_what_the_header_declares() {
    let found = differences(&wanted(&header::read()), &declared(&native_source()));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_deliberate_break_is_found() {
    let wanted = wanted(&header::read());
    let source = native_source();
    let breaks = [
        (
            "itero_download_progress",
            "out long filesOut",
            "out int filesOut",
        ),
        (
            "itero_config_set_product",
            "byte[] name, byte[] version",
            "byte[] version, byte[] name",
        ),
        ("itero_client_pair", ", byte[] notificationUrl);", ");"),
        (
            "itero_accounts_get",
            "ClientHandle client, out AccountsHandle",
            "IntPtr client, out AccountsHandle",
        ),
        ("ITERO_E_LIMIT", "ITERO_E_LIMIT = 25", "ITERO_E_LIMIT = 26"),
        (
            "itero_text_to_utf16",
            "byte[] text, ushort[] buffer",
            "byte[] text, byte[] buffer",
        ),
        (
            "LogCallback",
            "void LogCallback(IntPtr user, int level",
            "void LogCallback(IntPtr user, long level",
        ),
        ("itero_rx_push", "itero_rx_push(", "itero_rx_shove("),
        (
            "RxHandle",
            "Native.itero_rx_free(value)",
            "Native.itero_orders_free(value)",
        ),
        (
            "ITERO_MATCH_NAME_PART",
            "internal const int ITERO_MATCH_NAME_PART = 8;",
            "",
        ),
    ];
    for (name, from, to) in breaks {
        assert_eq!(source.matches(from).count(), 1, "{from}");
        let found = differences(&wanted, &declared(&source.replace(from, to)));
        assert!(
            found.iter().any(|difference| difference.starts_with(name)),
            "{name}: {found:?}"
        );
    }
    let mark = "CallingConvention.Cdecl)]\n    internal delegate";
    let other = source.replacen(mark, &mark.replace("Cdecl", "StdCall"), 1);
    let found = differences(&wanted, &declared(&other));
    assert_eq!(found.len(), 1, "a callback's other convention: {found:?}");
    let stranger = format!("{source} internal const int ITERO_OWN = 1;");
    let found = differences(&wanted, &declared(&stranger));
    assert_eq!(found, ["ITERO_OWN is not in the header"]);
}

/// A program in C# has strings, which the wrapper passes as UTF-8: with another code page it would garble them, and
/// System.Text.Encoding converts what is in one.
const NOT_FOR_CSHARP: [&str; 8] = [
    "itero_config_set_text_encoding",
    "itero_scan_request_set_text_encoding",
    "itero_order_query_set_text_encoding",
    "itero_outbox_set_text_encoding",
    "itero_text_to_utf16",
    "itero_text_from_utf16",
    "itero_text_to_code_page",
    "itero_text_from_code_page",
];

/// What is declared and not used would be missing from the wrapper.
#[test]
fn the_wrapper_uses_every_function_and_constant() {
    let header = header::read();
    let source = text_of(&sources(&places::root().join("bindings/csharp"), true));
    let words: Vec<&str> = source
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.')
        .collect();
    let functions = header.functions.iter().map(|function| &function.name);
    let constants = header.constants.iter().map(|(name, _)| name);
    let unused: Vec<&String> = functions
        .chain(constants)
        .filter(|name| !words.contains(&format!("Native.{name}").as_str()))
        .collect();
    assert_eq!(unused, NOT_FOR_CSHARP, "declared but not used");
}
