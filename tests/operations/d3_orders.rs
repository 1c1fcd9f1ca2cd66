//! D3 Get Orders and D6 Get Order By RxID.

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
fn d6_the_order_of_one_rx_with_all_members() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("さくら", "山本", "10027");
        let failure = client.by_rx(&rx_id).err().unwrap();
        assert_eq!(
            (failure.status, failure.http_status),
            (ITERO_E_NOT_FOUND, 404)
        );
        assert!(
            failure.advice.contains("Nothing was scanned"),
            "{failure:?}"
        );
        assert_eq!(client.by_rx("  ").err().unwrap().status, ITERO_E_ARGUMENT);

        let order_id = sandbox.scan(&rx_id).unwrap().to_string();
        let orders = client.by_rx(&rx_id).unwrap();
        let at = orders.at;
        assert_eq!(itero_orders_count(at), 1);
        for (found, expected) in [
            (itero_orders_id(at, 0), order_id.as_str()),
            (itero_orders_rx_id(at, 0), &rx_id),
            (itero_orders_account_id(at, 0), HARBOR),
            (itero_orders_status(at, 0), "Completed"),
            (itero_orders_patient_first_name(at, 0), "さくら"),
            (itero_orders_patient_last_name(at, 0), "山本"),
            (itero_orders_patient_chart_number(at, 0), "10027"),
            (itero_orders_doctor_id(at, 0), "7001"),
            (itero_orders_doctor_last_name(at, 0), "Lindqvist"),
            (itero_orders_file_kind(at, 0, 0), "IDE"),
            (itero_orders_file_name(at, 0, 1), "77_shell_occlusion_u.stl"),
        ] {
            assert_eq!(text(found), expected);
        }
        assert!(
            !text(itero_orders_code(at, 0)).is_empty()
                && !text(itero_orders_case_type(at, 0)).is_empty()
        );
        assert!(itero_orders_scan_time(at, 0) > 1_700_000_000_000);
        assert_eq!(itero_orders_file_count(at, 0), 4);
        assert_eq!(itero_orders_file_size(at, 0, 1), small_stl().len() as i64);
        assert_eq!(text(itero_orders_file_sha256(at, 0, 1)).len(), 64);
        assert_eq!(itero_orders_file_size(at, 0, 4), -1);
        assert_eq!(itero_orders_file_size(at, 1, 0), -1);
        assert_eq!(itero_last_error_status(), ITERO_E_ARGUMENT);
    });
}

#[test]
fn d6_unknown_statuses_are_kept_as_text() {
    both(|sandbox, version| {
        let client = Client::paired(sandbox, version, HARBOR);
        let rx_id = client.rx("Maria", "Gonzalez Ferreira", "10023");
        sandbox.scan(&rx_id).unwrap();
        let fault = itero::sandbox::Fault::Body {
            status: 200,
            content_type: "application/json".into(),
            text: r#"{"ORDERID":5,"Status":"Polishing","scanDate":"03/31/2026","files":[{"fileId":1,"size":"12","kind":"HOLOGRAM"}]}"#.into(),
        };
        sandbox.fault("orderByRx", 1, fault).unwrap();
        let orders = client.by_rx(&rx_id).unwrap();
        assert_eq!(text(itero_orders_status(orders.at, 0)), "Polishing");
        assert_eq!(text(itero_orders_file_kind(orders.at, 0, 0)), "HOLOGRAM");
        assert_eq!(itero_orders_file_size(orders.at, 0, 0), 12);
        assert_eq!(text(itero_orders_patient_id(orders.at, 0)), "");
        assert_eq!(itero_orders_scan_time(orders.at, 0), 1_774_915_200_000);
        assert_eq!(itero_orders_updated_time(orders.at, 0), -1);
    });
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
            .fault("orders", 1, itero::sandbox::Fault::DropBefore)
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
