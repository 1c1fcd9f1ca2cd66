//! Push
//!
//! The safe way to send an Rx, in one call: the patient is matched in all permutations of the name, the patient's record
//! at the service is put in order by a rule, and the scan request is sent. Where it isn't certain who is meant, nothing is
//! changed and nothing is sent. The rows are looked at from the top; the first that fits holds. "The same person" means
//! that the name is the same in one of its permutations and no birth date speaks against it.
//!
//! at the service                                             NEVER_UPDATE   UPDATE_NAME              ASK
//! several patients have the chart number                     conflict       conflict                 ask
//! one has it, with the same name                             send           send                     send
//! one has it, with another birth date                        conflict       conflict                 ask
//! one has it, the name is a permutation                      conflict       name corrected, send     ask
//! one has it, another name, but somebody else has the name   conflict       conflict                 ask
//! one has it, first or last name or birth date the same      conflict       name corrected, send     ask
//! one has it, nothing else is the same                       conflict       conflict                 ask
//! nobody has it, and nobody has the name                     new patient    new patient              new patient
//! nobody has it, all with the name: another birth date       new patient    new patient              ask
//! nobody has it; the same person, alone, lacks one (1)       conflict       number and name, send    ask
//! nobody has it, others may be the same person               conflict       conflict                 ask
//!
//! (1) where one name is a mere part of the other, the birth date must be the same too.
//!
//! A birth date in the scan request makes fewer conflicts: it tells two people of one name apart.

use std::ffi::c_void;
use std::sync::{Arc, PoisonError};

use super::client::{client, itero_client};
use super::encoding;
use super::guard::{self, User};
use super::handle::{get, give, give_shared, take};
use super::matches::itero_matches;
use super::rx::itero_rx;
use super::scan_request::itero_scan_request;
use super::text::{out, put};
use crate::client::matches::Matches;
use crate::client::push::{Ask, NONE_OF_THEM, Policy, STOP};
use crate::error::{Error, Result};

/// The patient at the service is never changed: any difference is ITERO_E_CONFLICT.
pub const ITERO_PUSH_NEVER_UPDATE: i32 = 1;
/// The patient at the service gets the host program's name, and the chart number where it is missing.
pub const ITERO_PUSH_UPDATE_NAME: i32 = 2;
/// The callback decides wherever the patient isn't certain.
pub const ITERO_PUSH_ASK: i32 = 3;

/// The callback's answer: none of the matches is the patient; a new one is made.
pub const ITERO_PUSH_NONE_OF_THEM: i32 = -1;
/// The callback's answer: nothing is changed and nothing is sent.
pub const ITERO_PUSH_STOP: i32 = -2;

const _: () = {
    assert!(Policy::NeverUpdate as i32 == ITERO_PUSH_NEVER_UPDATE);
    assert!(Policy::UpdateName as i32 == ITERO_PUSH_UPDATE_NAME);
    assert!(Policy::Ask as i32 == ITERO_PUSH_ASK);
    assert!(NONE_OF_THEM == ITERO_PUSH_NONE_OF_THEM);
    assert!(STOP == ITERO_PUSH_STOP);
};

/// Asked who of the matches is the patient, on a thread of the library's own, while itero_rx_push waits.
///
/// matches: valid during the call only; it belongs to the library, so it is not freed.
///
/// Returns the row of the patient, whose name and chart number are then corrected to the scan request's;
/// ITERO_PUSH_NONE_OF_THEM; or ITERO_PUSH_STOP.
#[allow(non_camel_case_types)]
pub type itero_push_callback =
    Option<unsafe extern "C" fn(user: *mut c_void, matches: *const itero_matches) -> i32>;

/// The matches as the host sees them while it is asked.
struct Lent(*mut itero_matches);

impl Drop for Lent {
    fn drop(&mut self) {
        // A host that freed them against the rule has done no harm.
        let _ = take(self.0.cast_const());
    }
}

/// P1, P2 and D2 in one: searches for the patient in all permutations, corrects the patient by the policy, and sends the
/// scan request once. What each policy does is in the table above.
///
/// request: as for itero_scan_request_send; its update_patient is not used, the policy takes its place.
/// policy: ITERO_PUSH_NEVER_UPDATE, ITERO_PUSH_UPDATE_NAME or ITERO_PUSH_ASK.
/// callback: decides under ITERO_PUSH_ASK; NULL with the other policies. It may call every function. A cancel meanwhile
/// ends the push once the callback has returned, whatever it answers.
/// user: handed back to the callback; may be NULL.
/// rx_out: where the Rx goes; free it with itero_rx_free. Keep the RxID.
///
/// When a step fails, the ones behind it are not taken, and the message says what was done: a patient that was corrected
/// stays corrected. While an earlier scan request for the chart number is under way or has no known outcome, nothing is sent
/// and the call ends with ITERO_E_OUTCOME_UNKNOWN and that one's operation id, until itero_rx_resolve or itero_rx_settle
/// has ended the doubt. Until the scan request has gone out the whole push may be repeated; after ITERO_E_OUTCOME_UNKNOWN it
/// must not be.
///
/// Errors: ITERO_E_HANDLE, ITERO_E_ARGUMENT (names what is wrong in the request; also an answer of the callback that
/// is none), ITERO_E_CONFLICT (who is meant isn't certain, or the service refused; nothing was sent),
/// ITERO_E_CANCELLED (also when the callback stopped it), ITERO_E_STORE (the ledger can't be written; not sent),
/// ITERO_E_NOT_SIGNED_IN, ITERO_E_DISK_FULL, ITERO_E_NOT_PAIRED, ITERO_E_NOT_FOUND, ITERO_E_AUTH,
/// ITERO_E_OUTCOME_UNKNOWN, ITERO_E_NETWORK, ITERO_E_TIMEOUT, ITERO_E_TLS, ITERO_E_RATE_LIMIT, ITERO_E_PROTOCOL,
/// ITERO_E_SERVICE, ITERO_E_LIMIT. Uses the network.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn itero_rx_push(
    client: *mut itero_client,
    request: *const itero_scan_request,
    policy: i32,
    callback: itero_push_callback,
    user: *mut c_void,
    rx_out: *mut *mut itero_rx,
) -> i32 {
    let user = User(user);
    guard::status("itero_rx_push", || {
        let client = self::client(client)?;
        let request = get(request)?
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let policy = self::policy(policy)?;
        out("rx_out", rx_out)?;
        let page = encoding::current();
        let ask = callback.map(|callback| -> Ask {
            Box::new(move |matches: Arc<Matches>| {
                let lent = encoding::within(page, || give_shared::<itero_matches>(matches));
                let lent = Lent(lent?);
                let mut answer = ITERO_PUSH_STOP;
                guard::host(|| answer = unsafe { callback(user.pointer(), lent.0.cast_const()) });
                Ok(answer)
            })
        });
        let sent = client.rx_push(&request, policy, ask)?;
        unsafe { put(rx_out, give::<itero_rx>(sent)?) };
        Ok(())
    })
}

fn policy(policy: i32) -> Result<Policy> {
    match policy {
        ITERO_PUSH_NEVER_UPDATE => Ok(Policy::NeverUpdate),
        ITERO_PUSH_UPDATE_NAME => Ok(Policy::UpdateName),
        ITERO_PUSH_ASK => Ok(Policy::Ask),
        _ => Err(Error::argument(format!(
            "the policy {policy} is none of ITERO_PUSH_NEVER_UPDATE (1), ITERO_PUSH_UPDATE_NAME (2), ITERO_PUSH_ASK (3)"
        ))),
    }
}
