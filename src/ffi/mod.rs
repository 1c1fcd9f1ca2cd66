//! The C interface. `include/itero.h` is generated from the files of this folder, in the order below: each file's
//! `//!` lines become the introduction of its section, so they speak to C programmers.
//!
//! Nothing is decided here. Each function turns text and handles into Rust values, calls the operation of the same name
//! in `client`, and turns the result into a handle or a status.
//!
//! # Safety
//!
//! What holds for every function with pointers: a `const char *` is NULL or NUL-terminated, an out-parameter is NULL or
//! points to a place for its type. Handles need no promise at all; they are looked up, never followed.

#![allow(
    clippy::missing_safety_doc,
    reason = "the promise is the same for all functions and stands above"
)]

mod encoding;
mod guard;
mod handle;
mod text;

pub mod status;

pub mod library;

pub mod last_error;

pub mod config;

pub mod config_network;

pub mod text_encoding;

pub mod token_store;

pub mod client;

pub mod login;

pub mod accounts;

pub mod warnings;

pub mod practice;

pub mod patients;

pub mod matches;

pub mod scan_request;

pub mod rx;

pub mod push;

pub mod ledger;

pub mod resolution;

pub mod outbox;

pub mod outbox_job;

pub mod outbox_items;

pub mod order_query;

pub mod orders;

pub mod order_cursor;

pub mod download;

pub mod download_files;

pub mod notification;

pub mod watch;

pub mod diagnosis;

pub use accounts::*;
pub use client::*;
pub use config::*;
pub use config_network::*;
pub use diagnosis::*;
pub use download::*;
pub use download_files::*;
pub use last_error::*;
pub use ledger::*;
pub use library::*;
pub use login::*;
pub use matches::*;
pub use notification::*;
pub use order_cursor::*;
pub use order_query::*;
pub use orders::*;
pub use outbox::*;
pub use outbox_items::*;
pub use outbox_job::*;
pub use patients::*;
pub use practice::*;
pub use push::*;
pub use resolution::*;
pub use rx::*;
pub use scan_request::*;
pub use status::*;
pub use text_encoding::*;
pub use token_store::*;
pub use warnings::*;
pub use watch::*;
