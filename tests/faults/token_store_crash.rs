//! R2: a program is killed while it replaces the tokens. The next one reads the old ones or the new ones, never nothing
//! and never rubbish.
//!
//! The whole figure, 1,000 random kills: `ITERO_FULL=1 cargo test --test faults r2_ -- --nocapture`.

use std::path::Path;
use std::time::{Duration, Instant};

use itero::ffi::ITERO_E_NOT_SIGNED_IN;
use itero::sandbox::{Options, Sandbox};

use crate::host::*;
use crate::token_store_child::Program;

/// A refresh token that was exchanged by a program that was killed before it could save the new one still works here:
/// whether the tokens are readable is asked, not how strict the service is.
fn forgiving_sandbox() -> Sandbox {
    start(Options {
        refresh_grace: Duration::from_secs(3600),
        ..Options::default()
    })
}

/// Kills and lost sign-ins leave the store's three files and the key, and nothing else.
fn assert_no_litter(state: &Path) {
    let mut names: Vec<String> = std::fs::read_dir(state.join("itero"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "protect.key")
        .map(|name| {
            name.split_once(".sealed")
                .map_or(name.clone(), |(_, end)| end.to_owned())
        })
        .collect();
    names.sort();
    let expected = ["", ".lock", ".new"];
    assert!(
        names.iter().all(|name| expected.contains(&name.as_str())),
        "{names:?}"
    );
}

#[test]
fn r2_killed_at_every_step_of_a_save() {
    let sandbox = forgiving_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    let mut first = Program::start(&sandbox, state, None, 0);
    assert_eq!(first.ask("sign in").unwrap(), "signed in");
    assert!(first.finish().success());
    let mut steps = 0;
    loop {
        let mut killed = Program::start(&sandbox, state, None, steps + 1);
        assert_eq!(killed.ask("state").unwrap(), "1", "after step {steps}");
        if let Some(answer) = killed.ask("refresh") {
            assert_eq!(answer, "refreshed");
            assert!(killed.finish().success());
            break;
        }
        assert!(!killed.finish().success());
        steps += 1;
        let mut next = Program::start(&sandbox, state, None, 0);
        assert_eq!(next.ask("state").unwrap(), "1", "killed at step {steps}");
        assert_eq!(next.ask("accounts").unwrap(), "accounts");
        assert!(next.finish().success());
    }
    assert_no_litter(state);
    println!("R2: killed at each of {steps} steps of a save, tokens readable after each");
    assert!(steps >= 8, "only {steps} steps");
}

#[test]
fn r2_killed_at_every_step_of_the_first_sign_in() {
    let sandbox = forgiving_sandbox();
    for step in 1.. {
        let folder = tempfile::tempdir().unwrap();
        let mut killed = Program::start(&sandbox, folder.path(), None, step);
        let ended = killed.ask("sign in").is_some();
        assert_eq!(killed.finish().success(), ended);
        let mut next = Program::start(&sandbox, folder.path(), None, 0);
        let answer = next.ask("accounts").unwrap();
        let nobody = format!("failed {ITERO_E_NOT_SIGNED_IN} ");
        assert!(
            answer == "accounts" || answer.starts_with(&nobody),
            "step {step}: {answer}"
        );
        assert_eq!(next.ask("sign in").unwrap(), "signed in");
        assert!(next.finish().success());
        if ended {
            println!("R2: killed at each of {} steps of a sign-in", step - 1);
            break;
        }
    }
}

#[test]
fn r2_killed_at_random_moments() {
    let kills = match std::env::var_os("ITERO_FULL") {
        Some(_) => 1000,
        None => 25,
    };
    let sandbox = forgiving_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path();
    let mut first = Program::start(&sandbox, state, None, 0);
    assert_eq!(first.ask("sign in").unwrap(), "signed in");
    assert!(first.finish().success());
    let began = Instant::now();
    // Small, repeatable random numbers (xorshift64*).
    let mut dice = 20_260_301u64;
    let mut unreadable = Vec::new();
    for _ in 0..kills {
        let mut program = Program::start(&sandbox, state, None, 0);
        let found = program.ask("state").unwrap();
        if found != "1" {
            unreadable.push(found);
        }
        // Somewhere in the next two refreshes, however busy this computer is.
        let refresh = Instant::now();
        assert_eq!(program.ask("refresh").unwrap(), "refreshed");
        let took = refresh.elapsed();
        program.tell("refresh for ever");
        dice ^= dice >> 12;
        dice ^= dice << 25;
        dice ^= dice >> 27;
        let share = (dice.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as f64 / f64::from(u32::MAX);
        std::thread::sleep(took.mul_f64(2.0 * share));
        program.kill();
    }
    let mut last = Program::start(&sandbox, state, None, 0);
    let answer = last.ask("accounts").unwrap();
    assert!(last.finish().success());
    println!(
        "R2: {kills} random kills in {} refreshes, {} times unreadable, {:.1} s",
        sandbox.counters().refreshes,
        unreadable.len(),
        began.elapsed().as_secs_f64()
    );
    assert!(unreadable.is_empty(), "{unreadable:?}");
    assert_eq!(answer, "accounts");
    assert_no_litter(state);
}
