//! D3 Get Orders: whole lists and page by page.

use itero::ffi::*;

use crate::host::*;

fn query() -> Owned<itero_order_query> {
    take(itero_order_query_free, |at| unsafe {
        itero_order_query_new(at)
    })
    .unwrap()
}

fn ids(orders: &Owned<itero_orders>) -> Vec<String> {
    (0..itero_orders_count(orders.at))
        .map(|i| text(itero_orders_id(orders.at, i)))
        .collect()
}

#[test]
fn d3_all_pages_by_date_and_by_chart_number() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        assert_eq!(itero_orders_count(client.list(None).unwrap().at), 0);
        for _ in 0..4 {
            sandbox
                .scan(&client.rx("Maria", "Gonzalez Ferreira", "10023"))
                .unwrap();
        }
        sandbox
            .scan(&client.rx("Aylin", "Yıldız", "10031/A #2"))
            .unwrap();
        client.rx("Zoë", "Müller-Łukasz", "10024");

        let all = client.list(None).unwrap();
        assert_eq!(
            itero_orders_count(all.at),
            5,
            "only what was scanned is ready"
        );
        let query = query();
        outcome(itero_order_query_set_page_size(query.at, 2)).unwrap();
        let paged = client.list(Some(&query)).unwrap();
        assert_eq!(ids(&paged), ids(&all));
        assert_eq!(sandbox.counters().requests["orders"], 5);
        let json: serde_json::Value =
            serde_json::from_str(&text(itero_orders_json(paged.at))).unwrap();
        assert_eq!(json.as_array().unwrap().len(), 3);

        outcome(unsafe { itero_order_query_set_chart_number(query.at, c"10031/A #2".as_ptr()) })
            .unwrap();
        let one = client.list(Some(&query)).unwrap();
        assert_eq!(text(itero_orders_patient_last_name(one.at, 0)), "Yıldız");
        assert_eq!(itero_orders_count(one.at), 1);
        outcome(unsafe { itero_order_query_set_chart_number(query.at, c"".as_ptr()) }).unwrap();

        // From is inclusive, to is exclusive.
        let times: Vec<i64> = (0..5)
            .map(|i| itero_orders_updated_time(all.at, i))
            .collect();
        assert!(
            times.is_sorted() && times[0] > 1_700_000_000_000,
            "{times:?}"
        );
        let date = |i| text(itero_orders_updated_date(all.at, i));
        outcome(unsafe { itero_order_query_set_from(query.at, c(&date(1)).as_ptr()) }).unwrap();
        outcome(unsafe { itero_order_query_set_to(query.at, c(&date(3)).as_ptr()) }).unwrap();
        assert_eq!(ids(&client.list(Some(&query)).unwrap()), ids(&all)[1..3]);
        outcome(unsafe { itero_order_query_set_to(query.at, c(&date(1)).as_ptr()) }).unwrap();
        let failure = client.list(Some(&query)).err().unwrap();
        assert_eq!(failure.status, ITERO_E_ARGUMENT);
        assert!(
            failure.message.contains("from is not before its to"),
            "{failure:?}"
        );
    });
}

#[test]
fn d3_a_query_refuses_what_it_cannot_ask() {
    let query = query();
    for (status, words) in [
        (
            unsafe { itero_order_query_set_from(query.at, c"31.3.2026".as_ptr()) },
            "from is not a date",
        ),
        (
            unsafe { itero_order_query_set_to(query.at, c"2026-02-30".as_ptr()) },
            "to is not a date",
        ),
        (itero_order_query_set_page_size(query.at, -1), "page_size"),
        (itero_order_query_set_page_size(query.at, 101), "page_size"),
    ] {
        assert_eq!(status, ITERO_E_ARGUMENT, "{words}");
    }
    for good in [
        c"2026-03-31",
        c"03/31/2026",
        c"2026-03-31T09:00:00Z",
        c"2026-03-31T09:00:00+02:00",
        c"",
    ] {
        outcome(unsafe { itero_order_query_set_from(query.at, good.as_ptr()) }).unwrap();
    }
}

#[test]
fn d3_page_by_page() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        for _ in 0..5 {
            sandbox
                .scan(&client.rx("Maria", "Gonzalez Ferreira", "10023"))
                .unwrap();
        }
        let query = query();
        outcome(itero_order_query_set_page_size(query.at, 2)).unwrap();
        let cursor = take(itero_order_cursor_free, |at| unsafe {
            itero_orders_open(client.at(), query.at, at)
        })
        .unwrap();
        assert_eq!(
            sandbox.counters().requests.get("orders"),
            None,
            "nothing is asked before the first page"
        );
        let next = || {
            take(itero_orders_free, |at| unsafe {
                itero_orders_next(cursor.at, at)
            })
        };
        let mut seen = Vec::new();
        let first = next().unwrap();
        seen.extend(ids(&first));
        // A page that fails is asked for again; no order is lost or seen twice.
        sandbox
            .fault("orders", 3, itero::sandbox::Fault::DropBefore)
            .unwrap();
        assert_eq!(next().err().unwrap().status, ITERO_E_NETWORK);
        let mut sizes = vec![seen.len()];
        loop {
            let page = next().unwrap();
            sizes.push(ids(&page).len());
            if itero_orders_count(page.at) == 0 {
                break;
            }
            seen.extend(ids(&page));
        }
        assert_eq!(sizes, [2, 2, 1, 0]);
        assert_eq!(
            itero_orders_count(next().unwrap().at),
            0,
            "the end stays the end"
        );
        assert_eq!(seen, ids(&client.list(None).unwrap()));
        assert!(text(itero_orders_json(first.at)).contains("nextPageToken"));
        // A cursor outlives its client's handle, and the session with it ends.
        let other = take(itero_order_cursor_free, |at| unsafe {
            itero_orders_open(client.at(), std::ptr::null(), at)
        })
        .unwrap();
        outcome(itero_client_revoke(client.at())).unwrap();
        let failure = take(itero_orders_free, |at| unsafe {
            itero_orders_next(other.at, at)
        })
        .err()
        .unwrap();
        assert_eq!(failure.status, ITERO_E_NOT_SIGNED_IN);
    });
}
