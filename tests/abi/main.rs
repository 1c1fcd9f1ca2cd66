//! The C interface keeps its promises: what the source says, the header says and the built library exports are the same,
//! it only ever grows, the header compiles everywhere, and no misuse, unloading or crowd of threads can harm the host.
//!
//! What a C program must prove is proved by one: the `.c` files beside this one are compiled against the header and
//! linked with the built shared library, then run as children with a time limit. They look into `/proc` and load an ELF library, so this is Linux's part.

#![cfg(target_os = "linux")]

mod exports_only_grow;
mod header;
mod header_compiles;
mod header_is_current;
mod misuse;
mod misuse_table;
mod places;
mod same_functions_everywhere;
mod source;
mod threads;
mod unload;
