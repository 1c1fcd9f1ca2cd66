// Handles: what a host holds in place of an address.
//
// A handle's bits are kind, generation and slot. It is looked up in a table, never followed, so NULL, freed, foreign and
// invented handles are all found out. The lock is held only to clone an `Arc`, never while anything else runs.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use super::encoding::{self, Shown};
use crate::encoding::CodePage;
use crate::error::{Error, Result, Status};

/// 32-bit hosts: 6 bits of kind, 12 of generation, 14 of slot. 64-bit hosts have room for more of each.
#[cfg(target_pointer_width = "32")]
const WIDTHS: (u32, u32) = (14, 12);
#[cfg(target_pointer_width = "64")]
const WIDTHS: (u32, u32) = (24, 32);

const SLOT_BITS: u32 = WIDTHS.0;
const GENERATION_BITS: u32 = WIDTHS.1;
const MOST_SLOTS: usize = 1 << SLOT_BITS;
const GENERATIONS: usize = 1 << GENERATION_BITS;
/// A freed slot rests until this many others were freed after it, so that a stale handle stays stale for long.
const RESTING: usize = 1024;

/// A kind of handle: the C type that names it and the object behind it.
pub trait Handle: Sized + 'static {
    type Object: Send + Sync + 'static;
    /// 1..=63, never reused for another type.
    const KIND: usize;
    /// What messages call it.
    const NAME: &'static str;
    fn table() -> &'static Table<Self::Object>;
}

pub struct Table<T> {
    slots: RwLock<Slots<T>>,
}

struct Slots<T> {
    used: Vec<Slot<T>>,
    free: VecDeque<usize>,
}

struct Slot<T> {
    generation: usize,
    held: Option<Held<T>>,
}

struct Held<T> {
    object: Arc<T>,
    /// None for handles in UTF-8.
    shown: Option<Arc<Shown>>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Held<T> {
        Held {
            object: self.object.clone(),
            shown: self.shown.clone(),
        }
    }
}

impl<T> Table<T> {
    pub const fn new() -> Table<T> {
        Table {
            slots: RwLock::new(Slots {
                used: Vec::new(),
                free: VecDeque::new(),
            }),
        }
    }

    fn insert(&self, held: Held<T>) -> Option<(usize, usize)> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let rested = slots.free.len() > RESTING || slots.used.len() >= MOST_SLOTS;
        let slot = match rested.then(|| slots.free.pop_front()).flatten() {
            Some(slot) => slot,
            None if slots.used.len() < MOST_SLOTS => {
                slots.used.push(Slot {
                    generation: 1,
                    held: None,
                });
                slots.used.len() - 1
            }
            None => return None,
        };
        slots.used[slot].held = Some(held);
        Some((slot, slots.used[slot].generation))
    }

    fn get(&self, slot: usize, generation: usize) -> Option<Held<T>> {
        let slots = self.slots.read().unwrap_or_else(PoisonError::into_inner);
        slots
            .used
            .get(slot)
            .filter(|slot| slot.generation == generation)?
            .held
            .clone()
    }

    fn set_code_page(&self, slot: usize, generation: usize, page: Option<CodePage>) -> Option<()> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let entry = slots.used.get_mut(slot);
        let entry = entry.filter(|slot| slot.generation == generation)?;
        entry.held.as_mut()?.shown = page.map(Shown::new);
        Some(())
    }

    fn remove(&self, slot: usize, generation: usize) -> Option<Arc<T>> {
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let entry = slots
            .used
            .get_mut(slot)
            .filter(|slot| slot.generation == generation)?;
        let held = entry.held.take()?;
        entry.generation = (entry.generation + 1) % GENERATIONS;
        slots.free.push_back(slot);
        Some(held.object)
    }
}

/// Slot and generation of a handle of this kind.
fn parts<H: Handle>(handle: *const H) -> Result<(usize, usize)> {
    let bits = handle as usize;
    if bits == 0 {
        return Err(Error::new(
            Status::Handle,
            format!("the {} is NULL", H::NAME),
        ));
    }
    if bits >> (SLOT_BITS + GENERATION_BITS) != H::KIND {
        return Err(Error::new(
            Status::Handle,
            format!("the handle is not a {}", H::NAME),
        ));
    }
    Ok((
        bits & (MOST_SLOTS - 1),
        bits >> SLOT_BITS & (GENERATIONS - 1),
    ))
}

fn stale<H: Handle>() -> Error {
    Error::new(
        Status::Handle,
        format!("the {} was freed already, or never existed", H::NAME),
    )
}

/// The object behind a handle.
pub fn get<H: Handle>(handle: *const H) -> Result<Arc<H::Object>> {
    let held = held(handle)?;
    encoding::met(held.shown.map(|shown| shown.page));
    Ok(held.object)
}

fn held<H: Handle>(handle: *const H) -> Result<Held<H::Object>> {
    let (slot, generation) = parts(handle)?;
    H::table().get(slot, generation).ok_or_else(stale::<H>)
}

/// What the handle keeps of its code page; none for UTF-8.
pub fn shown<H: Handle>(handle: *const H) -> Result<Option<Arc<Shown>>> {
    Ok(held(handle)?.shown)
}

/// Sets the code page of a handle that takes text but shows none: what was shown would end here.
pub fn set_code_page<H: Handle>(handle: *const H, number: i32) -> Result<()> {
    held(handle)?;
    let (slot, generation) = parts(handle)?;
    let page = crate::encoding::code_page(number)?;
    H::table()
        .set_code_page(slot, generation, page)
        .ok_or_else(stale::<H>)
}

/// A new handle for an object, in the code page of the call under way.
pub fn give<H: Handle>(object: H::Object) -> Result<*mut H> {
    give_shared(Arc::new(object))
}

pub fn give_shared<H: Handle>(object: Arc<H::Object>) -> Result<*mut H> {
    let shown = encoding::current().map(Shown::new);
    let (slot, generation) = H::table().insert(Held { object, shown }).ok_or_else(|| {
        Error::new(
            Status::Limit,
            format!(
                "there are {MOST_SLOTS} handles of the kind {} already",
                H::NAME
            ),
        )
    })?;
    let bits = H::KIND << (SLOT_BITS + GENERATION_BITS) | generation << SLOT_BITS | slot;
    Ok(std::ptr::without_provenance_mut(bits))
}

/// Takes the object out of the table; every later use of the handle fails. NULL is nothing to free.
pub fn take<H: Handle>(handle: *const H) -> Result<Option<Arc<H::Object>>> {
    if handle.is_null() {
        return Ok(None);
    }
    let (slot, generation) = parts(handle)?;
    H::table()
        .remove(slot, generation)
        .map(Some)
        .ok_or_else(stale::<H>)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing;
    static THINGS: Table<u32> = Table::new();
    impl Handle for Thing {
        type Object = u32;
        const KIND: usize = 63;
        const NAME: &'static str = "thing";
        fn table() -> &'static Table<u32> {
            &THINGS
        }
    }

    #[test]
    fn a_stale_handle_stays_stale_while_slots_are_reused() {
        let first = give::<Thing>(1).unwrap();
        assert_eq!(*get(first).unwrap(), 1);
        assert!(take(first).unwrap().is_some());
        for i in 0..5_000 {
            let other = give::<Thing>(i).unwrap();
            assert_ne!(other, first);
            assert_eq!(get(first).unwrap_err().status, Status::Handle);
            assert_eq!(*take(other).unwrap().unwrap(), i);
        }
        assert!(THINGS.slots.read().unwrap().used.len() <= RESTING + 3);
        assert_eq!(take(first).unwrap_err().status, Status::Handle);
        assert!(take::<Thing>(std::ptr::null()).unwrap().is_none());
    }
}
