//! Reads `include/itero.h`: its functions, callback types and constants, each with its comment. The parser knows only the
//! forms that the header may have; anything else fails the test that reads it.

use super::places;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// In C's words: `const char *`, `itero_client **`.
    pub of_type: String,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub result: String,
    pub parameters: Vec<Parameter>,
    pub comment: String,
}

impl Function {
    /// Status functions tell their errors; getters can't fail in another way than by their safe default.
    pub fn returns_status(&self) -> bool {
        self.result == "int32_t" && self.comment.contains("Errors:")
    }

    pub fn signature(&self) -> String {
        let parameters: Vec<String> = self
            .parameters
            .iter()
            .map(|parameter| join(&parameter.of_type, &parameter.name))
            .collect();
        let parameters = match parameters.is_empty() {
            true => "void".to_owned(),
            false => parameters.join(", "),
        };
        format!("{}({parameters})", join(&self.result, &self.name))
    }
}

fn join(of_type: &str, name: &str) -> String {
    match of_type.ends_with('*') {
        true => format!("{of_type}{name}"),
        false => format!("{of_type} {name}"),
    }
}

pub struct Header {
    pub functions: Vec<Function>,
    /// The callback types; their result is `void`.
    pub callbacks: Vec<Function>,
    /// Name and value.
    pub constants: Vec<(String, String)>,
    /// The opaque types.
    pub handles: Vec<String>,
}

pub fn read() -> Header {
    let text = places::header_text();
    let body = text
        .split_once("extern \"C\" {\n#endif")
        .and_then(|(_, rest)| rest.rsplit_once("#ifdef __cplusplus"))
        .expect("the header has its C++ brackets")
        .0;
    let mut header = Header {
        functions: Vec::new(),
        callbacks: Vec::new(),
        constants: Vec::new(),
        handles: Vec::new(),
    };
    let mut comment = String::new();
    let mut rest = body.trim_start();
    while !rest.is_empty() {
        let end;
        if rest.starts_with("/*") {
            end = rest.find("*/").expect("a comment ends") + 2;
            comment = plain(&rest[..end]);
        } else if let Some(constant) = rest.strip_prefix("#define ") {
            end = rest.find('\n').unwrap_or(rest.len());
            let (name, value) = constant[..end - "#define ".len()]
                .split_once(' ')
                .expect("a constant has a value");
            header
                .constants
                .push((name.to_owned(), value.trim().to_owned()));
        } else {
            end = rest
                .find(';')
                .unwrap_or_else(|| panic!("not a declaration: {rest}"))
                + 1;
            let words: Vec<&str> = rest[..end - 1].split_whitespace().collect();
            declaration(&mut header, &words.join(" "), std::mem::take(&mut comment));
        }
        rest = rest[end..].trim_start();
    }
    assert!(
        header.functions.len() > 100,
        "the parser lost functions: {}",
        header.functions.len()
    );
    header
}

/// The result of a callback type, and the rest of its declaration.
fn callback_type(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix("typedef ")?
        .split_once(" (ITERO_CALL *")
        .filter(|(result, _)| ["void", "int32_t"].contains(result))
}

fn declaration(header: &mut Header, text: &str, comment: String) {
    if let Some(opaque) = text.strip_prefix("typedef struct ") {
        let (name, same) = opaque.split_once(' ').expect("typedef struct name name");
        assert_eq!(name, same);
        header.handles.push(name.to_owned());
    } else if let Some((result, callback)) = callback_type(text) {
        let (name, parameters) = callback
            .split_once(")(")
            .expect("a callback type has parameters");
        header.callbacks.push(Function {
            name: name.to_owned(),
            result: result.to_owned(),
            parameters: read_parameters(parameters),
            comment,
        });
    } else {
        let declared = text.strip_prefix("ITERO_API ").unwrap_or_else(|| {
            panic!("neither a function with ITERO_API nor a callback with ITERO_CALL: {text}")
        });
        let (result, function) = declared
            .split_once("ITERO_CALL ")
            .unwrap_or_else(|| panic!("a function without ITERO_CALL: {text}"));
        let (name, parameters) = function.split_once('(').expect("a function has parameters");
        header.functions.push(Function {
            name: name.to_owned(),
            result: result.trim().to_owned(),
            parameters: read_parameters(parameters),
            comment,
        });
    }
}

fn read_parameters(text: &str) -> Vec<Parameter> {
    let text = text.strip_suffix(')').expect("parameters end");
    if text == "void" {
        return Vec::new();
    }
    text.split(", ")
        .map(|parameter| {
            let start = parameter
                .rfind([' ', '*'])
                .expect("a parameter has a type and a name")
                + 1;
            Parameter {
                name: parameter[start..].to_owned(),
                of_type: parameter[..start].trim().to_owned(),
            }
        })
        .collect()
}

/// A comment's text, one line for each line.
fn plain(comment: &str) -> String {
    let inside = comment
        .trim_start_matches("/**")
        .trim_start_matches("/*")
        .trim_end_matches("*/");
    let lines: Vec<&str> = inside
        .lines()
        .map(|line| line.trim().trim_start_matches('*').trim())
        .collect();
    lines.join("\n").trim().to_owned()
}
