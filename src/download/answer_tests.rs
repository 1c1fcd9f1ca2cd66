use super::*;

const TAG: &str = "\"v1\"";

fn head(http_status: u16, content_range: &str, tag: &str, length: Option<u64>) -> Head {
    Head {
        http_status,
        host: "files.example.com".to_owned(),
        length,
        content_range: content_range.to_owned(),
        tag: tag.to_owned(),
        encoding: String::new(),
        chunked: length.is_none(),
        retry_after: None,
    }
}

fn asked(head: &Head) -> Result<Begin, Trouble> {
    judge(head, Some(Resume { at: 40, tag: TAG }), Some(100))
}

#[test]
fn only_the_asked_rest_of_the_same_file_is_appended() {
    let good = head(206, "bytes 40-99/100", TAG, Some(60));
    let begin = asked(&good).unwrap();
    assert_eq!((begin.start, begin.total), (40, Some(100)));
    assert!(asked(&head(206, "bytes 40-99/100", TAG, None)).is_ok());
    for bad in [
        head(206, "bytes 0-99/100", TAG, Some(100)),
        head(206, "bytes 39-99/100", TAG, Some(61)),
        head(206, "bytes 41-99/100", TAG, Some(59)),
        head(206, "bytes 40-98/100", TAG, Some(59)),
        head(206, "bytes 40-99/101", TAG, Some(60)),
        head(206, "bytes 40-100/101", TAG, Some(61)),
        head(206, "bytes 40-99/*", TAG, Some(60)),
        head(206, "bytes */100", TAG, Some(60)),
        head(206, "lines 40-99/100", TAG, Some(60)),
        head(206, "bytes 40-99", TAG, Some(60)),
        head(206, "bytes +40-99/100", TAG, Some(60)),
        head(206, "bytes 99-40/100", TAG, Some(60)),
        head(206, "bytes 18446744073709551616-99/100", TAG, None),
        head(
            206,
            "bytes 40-18446744073709551615/18446744073709551615",
            TAG,
            None,
        ),
        head(206, "", TAG, Some(60)),
        head(206, "bytes 40-99/100", TAG, Some(59)),
        head(206, "bytes 40-99/100", "W/\"v1\"", Some(60)),
        head(206, "bytes 40-99/100", "\"v2\"", Some(60)),
        head(206, "bytes 40-99/100", "", Some(60)),
        head(200, "bytes 40-99/100", TAG, Some(100)),
        head(200, "", TAG, Some(60)),
        head(416, "bytes */100", "", None),
        Head {
            encoding: "gzip".to_owned(),
            ..good
        },
    ] {
        assert!(matches!(asked(&bad), Err(Trouble::Anew(_))), "{bad:?}");
    }
}

#[test]
fn a_whole_answer_begins_anew_and_only_a_strong_tag_is_remembered() {
    for (tag, kept) in [
        (TAG, TAG),
        ("W/\"v1\"", ""),
        ("", ""),
        ("\"", ""),
        ("v1", ""),
    ] {
        let begin = asked(&head(200, "", tag, Some(100))).unwrap();
        assert_eq!((begin.start, begin.tag.as_str()), (0, kept), "{tag}");
    }
    // Without a range there is nothing left to try.
    for bad in [
        head(200, "", TAG, Some(99)),
        head(200, "bytes 0-99/100", TAG, Some(100)),
        head(206, "bytes 0-99/100", TAG, Some(100)),
        head(416, "bytes */100", "", None),
        head(404, "", "", None),
    ] {
        let outcome = judge(&bad, None, Some(100));
        assert!(matches!(outcome, Err(Trouble::Final(_))), "{bad:?}");
    }
    let endless = Head {
        chunked: false,
        ..head(200, "", TAG, None)
    };
    assert!(matches!(
        judge(&endless, None, None),
        Err(Trouble::Final(_))
    ));
    assert!(judge(&endless, None, Some(100)).is_ok());
    assert!(judge(&head(200, "", TAG, None), None, None).is_ok());
    assert!(matches!(
        judge(&head(403, "", "", None), None, None),
        Err(Trouble::Expired(_))
    ));
    assert!(matches!(
        judge(&head(503, "", "", None), None, None),
        Err(Trouble::Again(..))
    ));
}
