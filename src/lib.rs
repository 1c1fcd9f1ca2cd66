//! itero: practice software talks to Align's iTero scanner cloud through a C interface.

#[cfg(feature = "sandbox")]
pub mod sandbox;
