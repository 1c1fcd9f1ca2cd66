//! R1: many programs share a sign-in whose refresh tokens work once. Each expiry leads to one refresh, no token is used
//! twice, and nobody loses the sign-in.
//!
//! The whole figure, 16 programs and 200 expiries: `ITERO_FULL=1 cargo test --test faults r1_ -- --nocapture`.

use std::time::Instant;

use crate::host::*;
use crate::token_store_child::Program;

#[test]
fn r1_many_programs_refresh_once_for_each_expiry() {
    let (programs, expiries) = match std::env::var_os("ITERO_FULL") {
        Some(_) => (16, 200),
        None => (4, 10),
    };
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    let mut all: Vec<Program> = (0..programs)
        .map(|_| Program::start(&sandbox, state, None, 0))
        .collect();
    assert_eq!(all[0].ask("state").unwrap(), "0");
    assert_eq!(all[0].ask("sign in").unwrap(), "signed in");
    assert_eq!(all[0].ask("pair").unwrap(), "paired");
    for program in &mut all {
        assert_eq!(
            program.ask("state").unwrap(),
            "2",
            "every program sees the sign-in"
        );
        assert_eq!(program.ask("account").unwrap(), HARBOR);
    }
    let (before, began) = (sandbox.counters(), Instant::now());
    let mut lost = Vec::new();
    for _ in 0..expiries {
        sandbox.expire_tokens();
        all.iter_mut().for_each(|program| program.tell("accounts"));
        for program in &mut all {
            let answer = program.hear().unwrap();
            if answer != "accounts" {
                lost.push(answer);
            }
        }
    }
    let after = sandbox.counters();
    let refreshes = after.refreshes - before.refreshes;
    println!(
        "R1: {programs} programs, {expiries} expiries: {refreshes} refreshes, {} reuse events, {} failed calls, {:.1} s",
        after.reuse_events,
        lost.len(),
        began.elapsed().as_secs_f64()
    );
    assert_eq!((refreshes, after.reuse_events), (expiries, 0));
    assert!(lost.is_empty(), "{lost:?}");
    assert!(all.into_iter().all(|program| program.finish().success()));
}

#[test]
fn programs_that_start_at_once_agree_on_one_key() {
    let sandbox = small_sandbox();
    for _ in 0..4 {
        let state = tempfile::tempdir().unwrap();
        let files: Vec<_> = (0..6)
            .map(|i| state.path().join(format!("{i}.sealed")))
            .collect();
        let mut all: Vec<Program> = files
            .iter()
            .map(|file| Program::start(&sandbox, state.path(), Some(file), 0))
            .collect();
        all.iter_mut().for_each(|program| program.tell("sign in"));
        for mut program in all {
            assert_eq!(program.hear().unwrap(), "signed in");
            assert!(program.finish().success());
        }
        for file in &files {
            let mut next = Program::start(&sandbox, state.path(), Some(file), 0);
            assert_eq!(next.ask("state").unwrap(), "1");
            assert!(next.finish().success());
        }
    }
}
