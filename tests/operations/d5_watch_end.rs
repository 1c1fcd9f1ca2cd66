//! D5: how a watch ends, and what its callback may do.

use std::ffi::c_void;
use std::ptr::null_mut;
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use itero::ffi::*;

use crate::d5_watch::*;
use crate::host::*;

#[test]
fn d5_watch_stop_and_free_end_every_wait() {
    let sandbox = small_sandbox();
    let folder = tempfile::tempdir().unwrap();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for freed in [false, true] {
        let watch = watch(&client, &state(&folder));
        let at = watch.at.addr();
        let waiting = std::thread::spawn(move || {
            let mut event = null_mut();
            let watch = std::ptr::without_provenance_mut(at);
            unsafe { itero_watch_wait(watch, -1, &raw mut event) }
        });
        std::thread::sleep(Duration::from_millis(100));
        let began = Instant::now();
        if freed {
            drop(watch);
        } else {
            outcome(itero_watch_stop(watch.at)).unwrap();
            outcome(itero_watch_stop(watch.at)).unwrap();
        }
        assert_eq!(waiting.join().unwrap(), ITERO_E_CANCELLED);
        assert!(began.elapsed() < Duration::from_millis(250));
    }
    assert_eq!(itero_watch_free(null_mut()), ITERO_OK);
    assert_eq!(itero_event_free(null_mut()), ITERO_OK);
    assert_eq!(text(itero_event_version(null_mut())), "");
    assert_eq!(itero_watch_stop(null_mut()), ITERO_E_HANDLE);
}

/// What a callback does with each event, and where it reports.
struct Ear {
    heard: mpsc::Sender<Heard>,
    watch: Mutex<usize>,
    deed: fn(*mut itero_watch, *const itero_event),
}

unsafe extern "C" fn hear(user: *mut c_void, event: *const itero_event) {
    // SAFETY: the tests keep the ear until the watch is stopped.
    let ear = unsafe { &*user.cast::<Ear>() };
    let watch = std::ptr::without_provenance_mut(*ear.watch.lock().unwrap());
    let told = told(event);
    (ear.deed)(watch, event);
    ear.heard.send(told).unwrap();
}

fn acknowledge(watch: *mut itero_watch, event: *const itero_event) {
    let (order_id, version) = (itero_event_order_id(event), itero_event_version(event));
    outcome(unsafe { itero_watch_ack(watch, order_id, version) }).unwrap();
}

fn stop(watch: *mut itero_watch, event: *const itero_event) {
    acknowledge(watch, event);
    outcome(itero_watch_stop(watch)).unwrap();
}

fn free_both(watch: *mut itero_watch, event: *const itero_event) {
    outcome(itero_watch_free(watch)).unwrap();
    assert_eq!(itero_event_free(event.cast_mut()), ITERO_OK);
}

#[test]
fn d5_watch_a_callback_may_acknowledge_stop_and_free() {
    let sandbox = small_sandbox();
    let client = Client::paired(&sandbox, V2, HARBOR);
    for (deed, again) in [
        (acknowledge as fn(*mut itero_watch, *const itero_event), 0),
        (stop, 1),
        (free_both, 2),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (heard, ears) = mpsc::channel();
        let ear = Box::new(Ear {
            heard,
            watch: Mutex::new(0),
            deed,
        });
        let user = std::ptr::from_ref(&*ear).cast_mut().cast::<c_void>();
        let place = c(state(&folder).to_str().unwrap());
        let since = c(&itero_now());
        let mut at: *mut itero_watch = null_mut();
        {
            let mut known = ear.watch.lock().unwrap();
            outcome(unsafe {
                let (client, out) = (client.at(), &raw mut at);
                itero_watch_start(
                    client,
                    place.as_ptr(),
                    since.as_ptr(),
                    null_mut(),
                    FAST,
                    Some(hear),
                    user,
                    out,
                )
            })
            .unwrap();
            *known = at.addr();
        }
        let mut event = null_mut();
        if again < 2 {
            let waited = unsafe { itero_watch_wait(at, 0, &raw mut event) };
            assert_eq!(waited, ITERO_E_STATE);
        }
        let one = scan(&sandbox, &client);
        let told = ears.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(told.rx_id, one);
        let two = scan(&sandbox, &client);
        match again {
            0 => assert_eq!(
                ears.recv_timeout(Duration::from_secs(10)).unwrap().rx_id,
                two
            ),
            _ => assert!(ears.recv_timeout(Duration::from_millis(400)).is_err()),
        }
        if again < 2 {
            outcome(itero_watch_free(at)).unwrap();
        }
        drop(ear);
        // What was not acknowledged is told by the next watch.
        let next_watch = watch(&client, &state(&folder));
        for _ in 0..again {
            next(&next_watch, SOON).unwrap();
        }
        quiet(&next_watch);
    }
}
