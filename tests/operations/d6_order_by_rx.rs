//! D6 Get Order By RxID.

use itero::ffi::*;

use crate::host::*;

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
