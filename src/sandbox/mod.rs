//! The simulated cloud (feature `sandbox`): a stand-in for the scanner cloud on loopback.

pub mod scan;
