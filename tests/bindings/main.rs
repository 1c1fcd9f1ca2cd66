//! The wrappers keep their promises: each declares what the header declares, tells the same journey as the C program, and
//! feels native in its language without losing anything of the library's.

#![cfg(target_os = "linux")]

mod cpp;
mod csharp;
mod delphi;
#[allow(dead_code, reason = "the tests of the C interface use the rest")]
#[path = "../abi/header.rs"]
mod header;
mod parity_cpp;
mod parity_csharp;
mod parity_delphi;
#[allow(dead_code, reason = "the tests of the C interface use the rest")]
#[path = "../abi/places.rs"]
mod places;
#[path = "../host/program.rs"]
mod program;
