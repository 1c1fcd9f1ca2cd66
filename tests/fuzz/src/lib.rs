//! What the fuzz targets share. `calls` plays sequences of calls on the whole C interface from several threads.

#![allow(
    clippy::missing_safety_doc,
    reason = "the C interface's own promise holds"
)]

mod cast;
pub mod counts;
mod player;
pub mod pool;
mod table;
mod texts;
mod values;

pub use cast::scratch;
