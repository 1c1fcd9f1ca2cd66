//! Reads the exported functions and callback types from the Rust source of `src/ffi`, and says each type in C's words.

use std::fs;

use syn::{
    Attribute, Expr, FnArg, GenericArgument, Item, Lit, Meta, Pat, PathArguments, ReturnType, Type,
};

use super::header::{Function, Parameter};
use super::places;

pub struct Source {
    pub functions: Vec<Function>,
    pub callbacks: Vec<Function>,
}

pub fn read() -> Source {
    let mut source = Source {
        functions: Vec::new(),
        callbacks: Vec::new(),
    };
    let folder = fs::read_dir(places::root().join("src/ffi")).expect("src/ffi is readable");
    for file in folder {
        let path = file.expect("src/ffi is readable").path();
        let text = fs::read_to_string(&path).expect("the source is readable");
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        for item in &parsed.items {
            match item {
                Item::Fn(item) if is_exported(&item.attrs) => source.functions.push(function(item)),
                Item::Type(item) if item.ident.to_string().ends_with("_callback") => {
                    source.callbacks.push(callback(item));
                }
                _ => {}
            }
        }
        let written = text.matches("no_mangle").count();
        let found = parsed
            .items
            .iter()
            .filter(|item| matches!(item, Item::Fn(item) if is_exported(&item.attrs)))
            .count();
        assert_eq!(
            written,
            found,
            "{}: an export that is no plain function of the file",
            path.display()
        );
    }
    source
}

fn is_exported(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("unsafe") && list.tokens.to_string() == "no_mangle",
        other => other.path().is_ident("no_mangle") || other.path().is_ident("export_name"),
    })
}

fn function(item: &syn::ItemFn) -> Function {
    let name = item.sig.ident.to_string();
    let abi = item
        .sig
        .abi
        .as_ref()
        .and_then(|abi| abi.name.as_ref())
        .map(syn::LitStr::value);
    assert_eq!(abi.as_deref(), Some("C"), "{name} is not extern \"C\"");
    assert!(
        matches!(item.vis, syn::Visibility::Public(_)),
        "{name} is not pub"
    );
    assert!(item.sig.generics.params.is_empty(), "{name} is generic");
    let parameters = item.sig.inputs.iter().map(|input| {
        let FnArg::Typed(input) = input else {
            panic!("{name} has a self")
        };
        let Pat::Ident(pattern) = &*input.pat else {
            panic!("{name} has a parameter without a name")
        };
        Parameter {
            name: pattern.ident.to_string(),
            of_type: c_type(&input.ty),
        }
    });
    Function {
        parameters: parameters.collect(),
        result: c_result(&item.sig.output),
        comment: comment(&item.attrs),
        name,
    }
}

/// `Option<unsafe extern "C" fn(user: *mut c_void, …)>`.
fn callback(item: &syn::ItemType) -> Function {
    let name = item.ident.to_string();
    let Type::Path(path) = &*item.ty else {
        panic!("{name} is not an Option")
    };
    let PathArguments::AngleBracketed(inside) = &path.path.segments[0].arguments else {
        panic!("{name} is not an Option")
    };
    let Some(GenericArgument::Type(Type::BareFn(bare))) = inside.args.first() else {
        panic!("{name} is not a function type")
    };
    let abi = bare
        .abi
        .as_ref()
        .and_then(|abi| abi.name.as_ref())
        .map(syn::LitStr::value);
    assert_eq!(abi.as_deref(), Some("C"), "{name} is not extern \"C\"");
    let parameters = bare.inputs.iter().map(|input| Parameter {
        name: input
            .name
            .as_ref()
            .expect("a callback's parameters have names")
            .0
            .to_string(),
        of_type: c_type(&input.ty),
    });
    Function {
        parameters: parameters.collect(),
        result: c_result(&bare.output),
        comment: comment(&item.attrs),
        name,
    }
}

fn c_result(output: &ReturnType) -> String {
    match output {
        ReturnType::Default => "void".to_owned(),
        ReturnType::Type(_, of_type) => c_type(of_type),
    }
}

/// A Rust type in C's words. A type that rule 1 of the interface doesn't allow has none.
fn c_type(of_type: &Type) -> String {
    match of_type {
        Type::Path(path) => {
            let name = path
                .path
                .segments
                .last()
                .expect("a path has a name")
                .ident
                .to_string();
            match name.as_str() {
                "u16" => "uint16_t".to_owned(),
                "i32" => "int32_t".to_owned(),
                "u32" => "uint32_t".to_owned(),
                "i64" => "int64_t".to_owned(),
                "u64" => "uint64_t".to_owned(),
                "f64" => "double".to_owned(),
                "c_char" => "char".to_owned(),
                "c_void" => "void".to_owned(),
                name if name.starts_with("itero_") => name.to_owned(),
                other => panic!("the type {other} may not cross the boundary"),
            }
        }
        Type::Ptr(pointer) => {
            let target = c_type(&pointer.elem);
            let constant = if pointer.const_token.is_some() {
                "const "
            } else {
                ""
            };
            match target.ends_with('*') {
                true => format!("{constant}{target}*"),
                false => format!("{constant}{target} *"),
            }
        }
        other => panic!("a type that may not cross the boundary: {}", kind(other)),
    }
}

fn kind(of_type: &Type) -> &'static str {
    match of_type {
        Type::Reference(_) => "a reference",
        Type::Tuple(_) => "a tuple",
        Type::Array(_) | Type::Slice(_) => "an array",
        _ => "neither a name nor a pointer",
    }
}

/// The doc comment, one line for each line.
fn comment(attributes: &[Attribute]) -> String {
    let lines: Vec<String> = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(value) => match &value.lit {
                    Lit::Str(text) => Some(text.value().trim().to_owned()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .collect();
    lines.join("\n")
}
