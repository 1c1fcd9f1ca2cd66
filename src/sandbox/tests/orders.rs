//! The list of orders: which, in which order, page by page.

use super::*;

fn ids(page: &Value) -> Vec<u64> {
    let orders = page["orders"].as_array().expect("orders");
    orders
        .iter()
        .filter_map(|order| order["orderId"].as_u64())
        .collect()
}

#[test]
fn pages_follow_the_order_of_updates() {
    let peer = Peer::paired(small());
    let scanned: Vec<u64> = (0..5)
        .map(|_| peer.sandbox.scan(&peer.new_rx()).expect("an order"))
        .collect();
    peer.new_rx();
    assert_eq!(
        ids(&peer.get(&peer.v1("/orders")).json()),
        scanned,
        "only ready ones, oldest first"
    );

    let first = peer.get(&peer.v1("/orders?pageSize=2")).json();
    assert_eq!(ids(&first), scanned[..2]);
    // An order of the first page moves to the end while the pages are read: it comes again, nothing is left out.
    let moved = text(&first["orders"][0]["rxId"]);
    peer.sandbox.rescan(&moved).expect("a rescan");
    let mut rest = Vec::new();
    let mut token = first["nextPageToken"].as_str().map(str::to_owned);
    while let Some(place) = token {
        let page = peer
            .get(&peer.v1(&format!("/orders?pageSize=2&pageToken={place}")))
            .json();
        rest.extend(ids(&page));
        token = page["nextPageToken"].as_str().map(str::to_owned);
    }
    assert_eq!(rest, [scanned[2], scanned[3], scanned[4], scanned[0]]);
}

#[test]
fn from_is_inclusive_and_to_exclusive() {
    let peer = Peer::paired(small());
    for _ in 0..3 {
        peer.sandbox.scan(&peer.new_rx()).expect("an order");
    }
    let all = peer.get(&peer.v1("/orders")).json();
    let date = |index: usize| text(&all["orders"][index]["updatedDate"]);
    let list = |query: String| ids(&peer.get(&peer.v1(&format!("/orders?{query}"))).json());
    assert_eq!(list(format!("from={}", date(1))), ids(&all)[1..]);
    assert_eq!(list(format!("to={}", date(1))), ids(&all)[..1]);
    assert_eq!(
        list(format!("from={}&to={}", date(1), date(2))),
        ids(&all)[1..2]
    );
    assert_eq!(list("chartNumber=10024".to_owned()).len(), 3);
    assert_eq!(list("chartNumber=10025".to_owned()).len(), 0);
    for (query, field) in [
        ("from=yesterday", "from"),
        ("pageSize=0", "pageSize"),
        ("pageSize=101", "pageSize"),
        ("pageToken=x", "pageToken"),
        ("from=2026-02-01&to=2026-01-01", "to"),
    ] {
        let answer = peer.get(&peer.v1(&format!("/orders?{query}")));
        assert_eq!(
            (answer.status, answer.json()["field"].as_str()),
            (400, Some(field)),
            "{query}"
        );
    }
}

#[test]
fn an_order_that_is_scanned_again_is_not_ready_meanwhile() {
    let peer = Peer::paired(small());
    let rx = peer.new_rx();
    let by_rx = peer.v1(&format!("/orders/rx/{rx}"));
    peer.sandbox.set_status(&rx, "Scanning").expect("a move");
    assert_eq!(peer.get(&by_rx).status, 404, "nothing has arrived yet");
    peer.sandbox.set_status(&rx, "Sending").expect("a move");
    let sending = peer.get(&by_rx).json();
    assert_eq!(
        (&sending["status"], &sending["files"]),
        (&json!("Sending"), &json!([]))
    );
    let files = peer.v1(&format!("/orders/{}/files", sending["orderId"]));
    assert_eq!(peer.get(&files).code(), "OrderNotReady");
    assert_eq!(
        peer.sandbox
            .set_status(&rx, "Lab Review")
            .map_err(|refusal| refusal.code),
        Err("NotScanned")
    );
    peer.sandbox.set_status(&rx, "Completed").expect("a move");
    assert_eq!(ids(&peer.get(&peer.v1("/orders")).json()).len(), 1);
    peer.sandbox.set_status(&rx, "Scanning").expect("a move");
    assert_eq!(ids(&peer.get(&peer.v1("/orders")).json()).len(), 0);
    assert_eq!(peer.get(&by_rx).json()["status"], "Scanning");
    assert_eq!(peer.get(&files).status, 200, "the old files remain");
}
