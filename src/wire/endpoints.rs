//! The endpoints: their names, methods, V1 paths, and the rule that fills a URL template.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::error::{Error, Result};

/// An operation of the service. Its name is the key in discovery's answer and in `itero_config_set_endpoint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    Token,
    Revoke,
    Accounts,
    Pair,
    Unpair,
    PairingWarnings,
    Practice,
    ScanRequest,
    ScanRequestDelete,
    ScanRequests,
    Orders,
    OrderByRx,
    OrderFiles,
    PatientSearch,
    PatientUpdate,
    PatientUpdateByChart,
}

/// How a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

use Endpoint::*;

/// Name, method, V1 path below `{baseUrl}/api/v1` (sign-in: below `{oauthBase}`).
const TABLE: [(Endpoint, &str, Method, &str); 16] = [
    (Token, "token", Method::Post, "/oauth/token"),
    (Revoke, "revoke", Method::Post, "/oauth/revoke"),
    (Accounts, "accounts", Method::Get, "/accounts"),
    (Pair, "pair", Method::Post, "/pairing"),
    (Unpair, "unpair", Method::Delete, "/pairing"),
    (
        PairingWarnings,
        "pairingWarnings",
        Method::Get,
        "/pairing/warnings",
    ),
    (Practice, "practice", Method::Get, "/practice"),
    (ScanRequest, "scanRequest", Method::Post, "/scan-requests"),
    (
        ScanRequestDelete,
        "scanRequestDelete",
        Method::Delete,
        "/scan-requests/{rxId}",
    ),
    (ScanRequests, "scanRequests", Method::Get, "/scan-requests"),
    (Orders, "orders", Method::Get, "/orders"),
    (OrderByRx, "orderByRx", Method::Get, "/orders/rx/{rxId}"),
    (
        OrderFiles,
        "orderFiles",
        Method::Get,
        "/orders/{orderId}/files",
    ),
    (PatientSearch, "patientSearch", Method::Get, "/patients"),
    (
        PatientUpdate,
        "patientUpdate",
        Method::Patch,
        "/patients/{patientId}",
    ),
    (
        PatientUpdateByChart,
        "patientUpdateByChart",
        Method::Patch,
        "/patients/by-chart/{chartNumber}",
    ),
];

/// RFC 3986's unreserved characters stay, everything else is escaped.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

impl Endpoint {
    fn row(self) -> &'static (Endpoint, &'static str, Method, &'static str) {
        &TABLE[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.row().1
    }

    pub fn method(self) -> Method {
        self.row().2
    }

    /// Whether sending it twice has the same effect as sending it once: reads; corrections, which set what they name;
    /// the withdrawal of an Rx.
    pub fn is_idempotent(self) -> bool {
        match self.method() {
            Method::Get | Method::Patch => true,
            Method::Delete => self != Unpair,
            Method::Post => false,
        }
    }

    pub fn named(name: &str) -> Option<Endpoint> {
        TABLE
            .iter()
            .find(|row| row.1.eq_ignore_ascii_case(name))
            .map(|row| row.0)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.1)
    }

    /// Whether the endpoint belongs to the sign-in server, which gets no bearer token.
    pub fn is_sign_in(self) -> bool {
        matches!(self, Token | Revoke)
    }

    /// The URL template of the fixed table: V1's, and V2's sign-in before the first discovery.
    pub fn fixed(self, base_url: &str, oauth_base: &str) -> String {
        if self.is_sign_in() {
            format!("{}{}", oauth_base.trim_end_matches('/'), self.row().3)
        } else {
            format!("{}/api/v1{}", base_url.trim_end_matches('/'), self.row().3)
        }
    }

    /// Fills the template's variables (RFC 6570, level 1) and parses the result.
    pub fn url(self, template: &str, variables: &[(&str, &str)]) -> Result<Url> {
        let mut text = String::with_capacity(template.len() + 64);
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            text.push_str(&rest[..start]);
            let end = rest[start..].find('}').map(|length| start + length);
            let end = end.ok_or_else(|| self.bad_template("has a '{' without '}'"))?;
            let name = &rest[start + 1..end];
            let value = variables
                .iter()
                .find(|(variable, _)| variable.eq_ignore_ascii_case(name));
            let (_, value) = value.ok_or_else(|| {
                self.bad_template(&format!(
                    "names a variable {{{name}}} that this operation has not"
                ))
            })?;
            text.extend(utf8_percent_encode(value, VALUE));
            rest = &rest[end + 1..];
        }
        text.push_str(rest);
        // A value such as ".." would be taken for a step up in the path even when it is written as "%2E%2E".
        if variables
            .iter()
            .any(|(_, value)| matches!(*value, "." | ".."))
        {
            return Err(Error::argument(
                "an id or chart number of only one or two dots can't be put into a URL",
            ));
        }
        Url::parse(&text).map_err(|fault| self.bad_template(&format!("is not a URL ({fault})")))
    }

    fn bad_template(self, fault: &str) -> Error {
        Error::protocol(format!("the URL template of the endpoint {} {fault}", self.name()))
            .advise("Correct it with itero_config_set_endpoint, or report it to Align when it comes from discovery.")
    }
}

/// Where V2 asks for the region's endpoints.
pub fn discovery(base_url: &str, client_id: &str) -> Result<Url> {
    let text = format!("{}/api/v2/discovery", base_url.trim_end_matches('/'));
    let mut url = Url::parse(&text)
        .map_err(|fault| Error::argument(format!("the base URL is not a URL ({fault})")))?;
    url.query_pairs_mut().append_pair("clientId", client_id);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_enum() {
        for row in &TABLE {
            assert_eq!(row.0.row().1, row.1);
            assert_eq!(Endpoint::named(&row.1.to_uppercase()), Some(row.0));
        }
    }

    #[test]
    fn values_are_escaped_and_cannot_leave_their_segment() {
        let template = "https://a.example/api/v1/patients/by-chart/{chartNumber}";
        let url = |value: &str| PatientUpdateByChart.url(template, &[("chartNumber", value)]);
        assert_eq!(
            url("A/1 #2?x=ü").unwrap().as_str(),
            "https://a.example/api/v1/patients/by-chart/A%2F1%20%232%3Fx%3D%C3%BC"
        );
        assert!(url("..").is_err());
        assert!(
            PatientUpdateByChart
                .url("https://a.example/{other}", &[("chartNumber", "1")])
                .is_err()
        );
        assert!(
            PatientUpdateByChart
                .url("https://a.example/{chartNumber", &[("chartNumber", "1")])
                .is_err()
        );
    }
}
