//! The host that is killed: it signs in, watches, tells what it was told, and acknowledges some of it.

use std::io::Write;
use std::path::Path;
use std::ptr::null_mut;
use std::time::Duration;

use itero::ffi::*;
use itero::sandbox::{Addresses, Sandbox, person};

use crate::Dice;
use crate::host::*;

pub const TASK: &str = "ITERO_CRASH_TASK";

/// What the child needs to know, in one line.
pub fn task(sandbox: &Sandbox, state: &Path, seed: u64, last: bool) -> String {
    let (addresses, user) = (sandbox.addresses(), &sandbox.users()[ADA]);
    serde_json::json!([
        addresses.login_page,
        addresses.oauth_base,
        addresses.base_url,
        user.email,
        user.password,
        state,
        seed.to_string(),
        if last { "last" } else { "" },
    ])
    .to_string()
}

/// One write for each line: a kill cuts it off or leaves it whole.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

pub fn watch(client: &Client, state: &Path) -> Outcome<Owned<itero_watch>> {
    let state = c(state.to_str().unwrap());
    take(itero_watch_free, |at| unsafe {
        let (client, state) = (client.at(), state.as_ptr());
        itero_watch_start(
            client,
            state,
            std::ptr::null(),
            null_mut(),
            3,
            None,
            null_mut(),
            at,
        )
    })
}

/// Does nothing when the whole crate is tested; the parent starts it with a task.
#[test]
fn watches() {
    let Ok(task) = std::env::var(TASK) else {
        return;
    };
    // The harness leaves its own line open.
    say("");
    let task: [String; 8] = serde_json::from_str(&task).unwrap();
    let [
        login_page,
        oauth_base,
        base_url,
        email,
        password,
        state,
        seed,
        last,
    ] = task;
    let addresses = Addresses {
        login_page,
        oauth_base,
        base_url,
        us: String::new(),
        eu: String::new(),
        file_host: String::new(),
        hosted_redirect: String::new(),
    };
    let client = Client::of(&config_at(&addresses, None, V2));
    let login = client.begin().unwrap();
    let url = person::sign_in(&text(itero_login_url(login.at)), &email, &password).unwrap();
    complete(&login, &url).unwrap();
    client.pair(HARBOR, None).unwrap();
    let watch = watch(&client, Path::new(&state)).unwrap();
    say("@watching");
    let mut dice = Dice::new(seed.parse().unwrap());
    let patience = if last.is_empty() { 60_000 } else { 1000 };
    loop {
        let event = take(itero_event_free, |at| unsafe {
            itero_watch_wait(watch.at, patience, at)
        });
        let event = match event {
            Ok(event) => event,
            Err(failure) => {
                assert_eq!(failure.status, ITERO_E_PENDING, "{failure:?}");
                return;
            }
        };
        let orders = take(itero_orders_free, |at| unsafe {
            itero_event_orders(event.at, at)
        })
        .unwrap();
        let (order, version) = (
            itero_event_order_id(event.at),
            itero_event_version(event.at),
        );
        let sha256 = text(itero_orders_file_sha256(orders.at, 0, 0));
        say(&format!("@told {} {} {sha256}", text(order), text(version)));
        if !last.is_empty() || dice.below(3) > 0 {
            std::thread::sleep(Duration::from_micros(dice.below(3000)));
            outcome(unsafe { itero_watch_ack(watch.at, order, version) }).unwrap();
            say(&format!("@acked {} {sha256}", text(order)));
        }
    }
}
