//! itero: practice software talks to Align's iTero scanner cloud, in its own process, through a C interface.
//!
//! The way of a piece of data through the house is one corridor:
//!
//! ```text
//! host → ffi (text in, handle) → client (rules) → transport (send) → wire (read) → client (own types) → ffi (table)
//! ```
//!
//! * [`ffi`]: the C interface, one file for each noun; `include/itero.h` is generated from it
//! * `client`: the operations in safe Rust, with the same names
//! * `session`: the tokens of one sign-in
//! * `protect`: what is kept on disk, sealed for the user
//! * `transport`: HTTP, both ways
//! * `download`: files to disk
//! * [`wire`]: what goes over the network, with the table of what is fact and what is ours
//! * `sandbox` (feature `sandbox`): the simulated cloud
//!
//! This crate's own interface is the C interface; from Rust, the same functions are called.

mod callback;
mod client;
mod disk;
mod download;
mod encoding;
mod error;
pub mod ffi;
#[cfg(fuzzing)]
pub mod fuzzing;
mod log;
mod protect;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod session;
mod threads;
mod transport;
pub mod wire;
