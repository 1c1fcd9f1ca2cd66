//! What the fuzz targets share. `calls` plays sequences of calls on the whole C interface from several threads.

#![allow(
    clippy::missing_safety_doc,
    reason = "the C interface's own promise holds"
)]

mod cast;
mod counts;
mod mode;
mod player;
pub mod pool;
mod roles;
mod table;
mod texts;
mod values;
