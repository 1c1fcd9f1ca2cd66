//! Accounts, pairing, un-pairing, and the patients that make pairing risky.

use super::Edge;
use super::answer::{Body, Refusal};
use super::names::fold;
use super::oauth::token_set;
use super::patients::patient_json;
use super::session::{Caller, Paired};
use super::state::{Account, Callback, Patient};
use super::trust::is_loopback;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

pub async fn accounts(State(edge): State<Edge>, caller: Caller) -> Result<Json<Value>, Refusal> {
    let store = edge.cloud.store();
    let session = store.tokens.session(caller.session);
    let (user, paired) = session.map_or((0, None), |session| {
        (session.user, session.account.as_deref())
    });
    let seen = store.users[user]
        .accounts
        .iter()
        .filter_map(|id| store.accounts.get(*id));
    let list: Vec<Value> = seen
        .map(|account| account_json(account, paired == Some(account.id.as_str())))
        .collect();
    Ok(Json(json!({"accounts": list})))
}

pub async fn pair(
    State(edge): State<Edge>,
    caller: Caller,
    Body(body): Body,
) -> Result<Json<Value>, Refusal> {
    let id = body.needed("accountId")?;
    let callback = body.filled("callbackUrl")?;
    if callback.as_deref().is_some_and(|url| !acceptable(url)) {
        return Err(Refusal::malformed(
            "callbackUrl",
            "must be an https URL, or http on loopback",
        ));
    }
    let mut store = edge.cloud.store();
    let user = store
        .tokens
        .session(caller.session)
        .map_or(0, |session| session.user);
    // One answer for accounts that don't exist and for those of others: an id can't be probed.
    if !store.users[user].accounts.contains(&id.as_str()) {
        return Err(Refusal::new(403, "Forbidden", "the user has no such account").on("accountId"));
    }
    let session = store.tokens.session_mut(caller.session);
    let session =
        session.ok_or_else(|| Refusal::new(401, "TokenInvalid", "the sign-in is over"))?;
    session.account = Some(id.clone());
    let issued = store.tokens.replace(caller.session);
    store.counters.tokens_issued += 1;
    forget_callback(&mut store.accounts, caller.session);
    let account = store.account_mut(&id)?;
    if let Some(url) = callback {
        account.callback = Some(Callback {
            session: caller.session,
            url,
        });
    }
    let mut answer = token_set(&issued);
    answer["account"] = account_json(account, true);
    Ok(Json(answer))
}

pub async fn unpair(State(edge): State<Edge>, caller: Caller) -> Result<StatusCode, Refusal> {
    let mut store = edge.cloud.store();
    let session = store.tokens.session_mut(caller.session);
    if session.and_then(|session| session.account.take()).is_none() {
        return Err(Refusal::new(403, "NotPaired", "the sign-in is not paired"));
    }
    forget_callback(&mut store.accounts, caller.session);
    Ok(StatusCode::NO_CONTENT)
}

pub async fn warnings(State(edge): State<Edge>, paired: Paired) -> Result<Json<Value>, Refusal> {
    let store = edge.cloud.store();
    if !store.account(&paired.account)?.pairing_warnings {
        return Err(Refusal::new(
            403,
            "FeatureNotEnabled",
            "pairing warnings are not enabled for this account",
        ));
    }
    let mut by_chart: BTreeMap<String, Vec<&Patient>> = BTreeMap::new();
    let mut missing = Vec::new();
    for patient in store
        .patients
        .iter()
        .filter(|patient| patient.account == paired.account)
    {
        match &patient.chart_number {
            Some(number) => by_chart.entry(fold(number)).or_default().push(patient),
            None => missing.push(patient_json(patient)),
        }
    }
    let shared = by_chart.values().filter(|patients| patients.len() > 1);
    let duplicates = shared.map(|patients| {
        let list: Vec<Value> = patients
            .iter()
            .map(|patient| patient_json(patient))
            .collect();
        json!({"chartNumber": patients[0].chart_number, "patients": list})
    });
    Ok(Json(
        json!({"duplicates": duplicates.collect::<Vec<_>>(), "missingChartNumber": missing}),
    ))
}

fn forget_callback(accounts: &mut BTreeMap<String, Account>, session: u64) {
    for account in accounts.values_mut() {
        if account
            .callback
            .as_ref()
            .is_some_and(|callback| callback.session == session)
        {
            account.callback = None;
        }
    }
}

fn acceptable(callback: &str) -> bool {
    let Ok(url) = Url::parse(callback) else {
        return false;
    };
    let plain = url.scheme() == "http" && url.host_str().is_some_and(is_loopback);
    (url.scheme() == "https" || plain) && url.host_str().is_some() && url.fragment().is_none()
}

fn account_json(account: &Account, paired: bool) -> Value {
    json!({
        "accountId": account.id,
        "name": account.name,
        "type": "Clinic",
        "address": account.address,
        "isPaired": paired,
    })
}
