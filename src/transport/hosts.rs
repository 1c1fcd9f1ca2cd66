//! Which hosts may be talked to, and which may see a token.

use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, Result, Status};

/// Whether the URL points to this computer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The host for messages: no path, no query.
pub fn name(url: &Url) -> &str {
    url.host_str().unwrap_or("the host")
}

/// https everywhere, plain http only to this computer; no user name or password in the URL.
pub fn check_scheme(url: &Url, what: &str) -> Result<()> {
    let plain = url.scheme() == "http" && is_loopback(url);
    if url.scheme() != "https" && !plain {
        return Err(Error::argument(format!(
            "{what} must be an https URL (http only to 127.0.0.1 or localhost)"
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::argument(format!(
            "{what} must not hold a user name or password"
        )));
    }
    Ok(())
}

/// The domain that may see the bearer token.
#[derive(Clone, Debug)]
pub enum Allowed {
    Loopback,
    /// This name and all below it.
    Domain(String),
    /// This very host, an address.
    Host(String),
}

impl Allowed {
    /// The domain of `base_url`, or the one the host program set.
    ///
    /// The domain is the last two labels of the host's name, or three where the last two look like a country's public
    /// suffix (`co.uk`): a list of all public suffixes would make the library bigger and out of date one day, so the
    /// doubtful cases come out narrower, never wider.
    pub fn new(base_url: &Url, domain: &str) -> Allowed {
        if !domain.is_empty() {
            return Allowed::Domain(domain.trim_start_matches('.').to_ascii_lowercase());
        }
        if is_loopback(base_url) {
            return Allowed::Loopback;
        }
        let host = name(base_url).to_ascii_lowercase();
        if matches!(base_url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_))) {
            return Allowed::Host(host);
        }
        let labels: Vec<&str> = host.split('.').collect();
        let doubtful = |pair: &[&str]| pair[1].len() == 2 && pair[0].len() <= 3;
        let keep = match labels.len() {
            0..=2 => labels.len(),
            n if doubtful(&labels[n - 2..]) => 3,
            _ => 2,
        };
        Allowed::Domain(labels[labels.len() - keep..].join("."))
    }

    pub fn contains(&self, url: &Url) -> bool {
        let host = name(url).to_ascii_lowercase();
        let is_address = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
        match self {
            Allowed::Loopback => is_loopback(url),
            Allowed::Host(own) => *own == host,
            Allowed::Domain(domain) => {
                host == *domain
                    || (!is_address
                        && host
                            .strip_suffix(domain.as_str())
                            .is_some_and(|rest| rest.ends_with('.')))
            }
        }
    }

    /// Refuses a URL that must not see a token.
    pub fn check(&self, url: &Url, what: &str) -> Result<()> {
        check_scheme(url, what)?;
        if self.contains(url) {
            return Ok(());
        }
        let host = name(url);
        Err(Error::new(Status::Forbidden, format!("{what} points to {host}, which is outside the allowed domain; nothing was sent"))
            .advise("If the host is Align's, allow its domain with itero_config_set_allowed_domain; otherwise report this."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(base: &str, domain: &str, url: &str) -> bool {
        Allowed::new(&Url::parse(base).unwrap(), domain)
            .check(&Url::parse(url).unwrap(), "the URL")
            .is_ok()
    }

    #[test]
    fn only_the_own_domain_over_https_is_allowed() {
        let base = "https://api.cloud.example.com";
        for good in [
            "https://eu.example.com/x",
            "https://example.com",
            "https://EU.Example.COM:8443/",
        ] {
            assert!(allowed(base, "", good), "{good}");
        }
        for bad in [
            "http://eu.example.com/",
            "https://example.com.evil.org/",
            "https://notexample.com/",
            "https://user:pw@eu.example.com/",
            "ftp://example.com/",
            "https://127.0.0.1/",
        ] {
            assert!(!allowed(base, "", bad), "{bad}");
        }
        assert!(!allowed("https://a.shop.co.uk", "", "https://other.co.uk/"));
        assert!(allowed("https://a.shop.co.uk", "", "https://b.shop.co.uk/"));
        assert!(!allowed("https://10.0.0.1", "", "https://20.0.0.1/"));
        assert!(allowed(
            "https://a.example.com",
            "example.org",
            "https://b.example.org/"
        ));
    }

    #[test]
    fn loopback_allows_plain_http_to_loopback_alone() {
        for good in [
            "http://127.0.0.1:9/",
            "http://localhost:9/",
            "http://[::1]:9/",
            "https://127.0.0.2/",
        ] {
            assert!(allowed("http://127.0.0.1:1", "", good), "{good}");
        }
        for bad in [
            "http://192.168.1.1/",
            "http://localhost.evil.org/",
            "https://example.com/",
        ] {
            assert!(!allowed("http://127.0.0.1:1", "", bad), "{bad}");
        }
    }
}
