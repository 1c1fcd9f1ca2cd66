//! The library's own threads: counted, so that shutdown can wait for them; deaf to the host's signals; and never
//! started before the library is pinned in memory, because code that a live thread runs must not be unloaded.

use std::cell::Cell;
use std::sync::{Condvar, Mutex, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

static ALIVE: Mutex<usize> = Mutex::new(0);
/// Handles of threads that may still run; those that have ended leave at the next start.
static STARTED: Mutex<Vec<thread::JoinHandle<()>>> = Mutex::new(Vec::new());
static ENDED: Condvar = Condvar::new();

thread_local! {
    /// How deep this thread is in the library's code.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
    /// Whether this thread is one of those that are counted.
    static OWN: Cell<bool> = const { Cell::new(false) };
    static PANIC_PLACE: Cell<Option<String>> = const { Cell::new(None) };
}

/// Tells threads that live at the same time apart, without making the standard library's thread object on a host's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ThreadId(usize);

pub fn own_id() -> ThreadId {
    ThreadId(INSIDE.with(|place| std::ptr::from_ref(place).addr()))
}

/// Whether the calling thread is one of those that the library starts itself.
pub fn is_own() -> bool {
    OWN.get()
}

/// Counts a thread as the library's, from before it starts until it ends.
struct Presence(());

impl Presence {
    fn new() -> Presence {
        *ALIVE.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Presence(())
    }

    fn enter(&self) {
        block_signals();
        INSIDE.set(1);
        OWN.set(true);
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        *ALIVE.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ENDED.notify_all();
    }
}

pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    spawn_boxed(name, Box::new(work))
}

fn spawn_boxed(name: &str, work: Box<dyn FnOnce() + Send>) -> Result<()> {
    // Before the thread exists: a failing start must not leave it running in a library that is not pinned.
    pin();
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let presence = Presence::new();
    let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
        presence.enter();
        work();
    });
    started.retain(|thread| !thread.is_finished());
    started.push(thread.map_err(|fault| Error::io("starting a thread", &fault))?);
    Ok(())
}

/// Waits until no thread of the library is left; false when the time ran out first.
pub fn wait_for_end(limit: Duration) -> bool {
    let until = Instant::now() + limit;
    // A callback that calls itero_shutdown runs on one of these threads and can't wait for itself.
    let own = usize::from(OWN.get());
    let mut alive = ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    while *alive > own {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        alive = ENDED
            .wait_timeout(alive, left)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
    }
    drop(alive);
    while Instant::now() < until && own == 0 && count_unfinished() > 0 {
        thread::sleep(Duration::from_millis(1));
    }
    // They have done their work; joining them waits for their last instructions, so that none is left in the code.
    // Threads that another call has started meanwhile are not waited for.
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    let (ended, running) = std::mem::take(&mut *started)
        .into_iter()
        .partition(|thread| thread.is_finished());
    *started = running;
    drop(started);
    let ended: Vec<thread::JoinHandle<()>> = ended;
    for thread in ended {
        let _ = thread.join();
    }
    true
}

fn count_unfinished() -> usize {
    let alive = *ALIVE.lock().unwrap_or_else(PoisonError::into_inner);
    let started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    started
        .iter()
        .filter(|thread| !thread.is_finished())
        .count()
        .saturating_sub(alive)
}

/// Runs the library's code on a host's thread; a panic in there stays silent, as rule 10 of the interface asks.
pub fn inside<T>(work: impl FnOnce() -> T) -> T {
    struct Leave;
    impl Drop for Leave {
        fn drop(&mut self) {
            INSIDE.set(INSIDE.get().saturating_sub(1));
        }
    }
    INSIDE.set(INSIDE.get() + 1);
    let _leave = Leave;
    work()
}

/// Keeps panics inside the library away from stderr and remembers where they happened. Panics elsewhere in the process
/// (a Rust host's own) go to the hook that was there before.
pub fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if INSIDE.try_with(Cell::get).unwrap_or(0) == 0 {
                return before(info);
            }
            let place = info
                .location()
                .map(|place| format!("{}:{}", place.file(), place.line()));
            let _ = PANIC_PLACE.try_with(|slot| slot.set(place));
        }));
    });
}

/// Where the last panic on this thread happened.
pub fn panic_place() -> String {
    PANIC_PLACE
        .take()
        .unwrap_or_else(|| "an unknown place".to_owned())
}

/// A host's signal handlers run on the host's threads, as they did before it loaded the library.
#[cfg(unix)]
fn block_signals() {
    // SAFETY: the set is initialised by sigfillset before it is used, and both calls only touch this thread.
    unsafe {
        let mut all = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_BLOCK, all.as_ptr(), std::ptr::null_mut());
    }
}

#[cfg(not(unix))]
fn block_signals() {}

/// Keeps the library loaded until the process ends, whatever the host unloads.
fn pin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(pin_module);
}

#[cfg(unix)]
fn pin_module() {
    // SAFETY: dladdr only reads the address; the name it gives is used while the module is loaded. When this code is
    // linked into the program itself, dlopen finds no such library and nothing has to be pinned.
    unsafe {
        let mut info = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
        if libc::dladdr(pin as *const libc::c_void, info.as_mut_ptr()) != 0 {
            let name = info.assume_init().dli_fname;
            if !name.is_null() {
                libc::dlopen(
                    name,
                    libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE,
                );
            }
        }
    }
}

#[cfg(windows)]
fn pin_module() {
    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };
    let mut module = std::ptr::null_mut();
    // SAFETY: the address lies in this module, which is loaded while its code runs.
    unsafe {
        GetModuleHandleExW(
            GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
            pin as *const () as *const u16,
            &mut module,
        );
    }
}

#[cfg(not(any(unix, windows)))]
fn pin_module() {}
