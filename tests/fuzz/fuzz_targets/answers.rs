//! What a service, or whoever answers in its place, sends: each shape of JSON, error bodies, dates, URL templates.

#![no_main]

use itero::wire::{
    Endpoint, date, notification, order, pairing, patient, practice, problem, scan_request, sign_in,
};

/// Stands in the seeds where patients and secrets stand. It is no plain word, as a service's code is, which may be told.
const MARK: &str = "z\u{e9}bra";

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((shape, body)) = input.split_first() else {
        return;
    };
    let text = String::from_utf8_lossy(body);
    let error = match shape % 18 {
        0 => order::page(body).err(),
        1 => order::rows(body).err(),
        2 => order::one(body).err(),
        3 => order::files(body).err(),
        4 => pairing::accounts(body).err(),
        5 => pairing::paired(body).err(),
        6 => pairing::warnings(body).err(),
        7 => patient::patients(body).err(),
        8 => patient::updated(body).err(),
        9 => practice::practice(body).err(),
        10 => scan_request::rx(body).err(),
        11 => sign_in::tokens(body).err(),
        12 => sign_in::discovered(body).err(),
        13 => notification::notification(body).err(),
        14 => Some(problem::error(
            400 + u16::from(shape / 18) * 8,
            body,
            "id",
            "host",
        )),
        15 => Some(sign_in::refusal(400, body)),
        16 => {
            let moment = date::milliseconds(&text);
            if let Some(again) = moment.and_then(date::rfc3339) {
                assert_eq!(
                    date::milliseconds(&again),
                    moment,
                    "a moment that changes when it is written"
                );
            }
            None
        }
        _ => {
            let variables = [
                ("rxId", &*text),
                ("orderId", "../a b#"),
                ("chartNumber", "\u{202e}/?"),
            ];
            for name in ["orderByRx", "orderFiles", "patientUpdateByChart"] {
                let endpoint = Endpoint::named(name).expect("the endpoint is known");
                let _ = endpoint.url(&text, &variables);
                let url = endpoint.url(
                    "https://a.example/x/{rxId}/{orderId}/{chartNumber}",
                    &variables,
                );
                if let Ok(url) = url {
                    assert_eq!(
                        url.host_str(),
                        Some("a.example"),
                        "a value that leads to another host"
                    );
                    assert!(
                        url.path().starts_with("/x/"),
                        "a value that leads out of its path"
                    );
                }
            }
            None
        }
    };
    if let Some(error) = error {
        assert!(
            !error.message.contains(MARK),
            "a message repeats the answer: {}",
            error.message
        );
    }
});
