//! Sequences of calls on the whole C interface, from several threads at once.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| itero_fuzz::pool::run(input));
