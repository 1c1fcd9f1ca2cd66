//! The checks that a help desk would make, one after the other, each with a sentence of advice. No patient data.

use std::sync::Arc;

use url::Url;

use super::Client;
use super::config::{ApiVersion, address};
use crate::error::{Error, Result};
use crate::session::Stage;
use crate::transport::{Probe, hosts};
use crate::wire::Text;

/// How a check ended. The numbers are the C interface's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Verdict {
    Skipped = 0,
    Good = 1,
    Warning = 2,
    Failed = 3,
}

pub struct Check {
    pub name: Text,
    pub verdict: Verdict,
    pub detail: Text,
    pub advice: Text,
}

/// The clock may be off by this much before it matters to certificates and tokens.
const CLOCK_TOLERANCE: i64 = 120;

#[derive(Default)]
struct Report(Vec<Check>);

impl Report {
    fn add(&mut self, name: &str, verdict: Verdict, detail: impl Into<String>, advice: &str) {
        self.0.push(Check {
            name: Text::new(name),
            verdict,
            detail: Text::from(detail.into()),
            advice: Text::new(advice),
        });
    }

    fn good(&mut self, name: &str, detail: impl Into<String>) {
        self.add(name, Verdict::Good, detail, "Nothing to do.");
    }

    fn skipped(&mut self, name: &str, detail: &str) {
        self.add(
            name,
            Verdict::Skipped,
            detail,
            "Nothing to do for this check.",
        );
    }

    fn failed(&mut self, name: &str, error: &Error) {
        self.add(name, Verdict::Failed, error.message.clone(), error.advice);
    }
}

impl Client {
    /// Runs every check; one that fails doesn't stop the rest.
    pub async fn diagnose(
        self: Arc<Client>,
        notification_url: Option<String>,
    ) -> Result<Vec<Check>> {
        let notification_url = match notification_url.as_deref() {
            None | Some("") => None,
            Some(url) => Some(address("the notification URL", url)?),
        };
        let mut report = Report::default();
        let base = self.addresses.base_url.clone();
        let direct = self.check_way(&base, &mut report).await;
        let (seen, probed) = self.transport.probe(&base, reqwest::Method::GET).await;
        match &probed {
            Ok(probe) => report.good(
                "connection",
                format!(
                    "{} answers (HTTP {})",
                    hosts::name(&base),
                    probe.http_status
                ),
            ),
            Err(error) => report.failed("connection", error),
        }
        check_certificate(
            &base,
            seen.as_ref()
                .map(|seen| (seen.issuer.as_str(), seen.is_public)),
            probed.is_ok(),
            direct,
            &mut report,
        );
        check_clock(probed.as_ref().ok(), &mut report);
        self.check_session(&mut report).await;
        match notification_url {
            None => report.skipped("notification", "no notification URL was given"),
            Some(url) => self.check_notification(&url, &mut report).await,
        }
        Ok(report.0)
    }

    /// DNS for each host, and the proxy. True when requests go out without one.
    async fn check_way(&self, base: &Url, report: &mut Report) -> bool {
        let proxy = self.transport.proxy_for(base);
        let mut urls = vec![&self.addresses.login_page, &self.addresses.oauth_base, base];
        urls.dedup_by(|a, b| a.host() == b.host());
        for url in urls {
            match self.transport.look_up(url).await {
                Ok(count) => {
                    report.good("dns", format!("{} has {count} addresses", hosts::name(url)))
                }
                // Behind a proxy names are often looked up by the proxy alone.
                Err(error) if proxy.is_some() => {
                    report.add(
                        "dns",
                        Verdict::Warning,
                        error.into_facts().message,
                        "Only the proxy may be able to look names up; see the next checks.",
                    );
                }
                Err(error) => report.failed("dns", &error),
            }
        }
        match &proxy {
            None => report.good(
                "proxy",
                format!("requests to {} go out directly", hosts::name(base)),
            ),
            Some(proxy) => report.good(
                "proxy",
                format!("requests to {} go through {proxy}", hosts::name(base)),
            ),
        }
        proxy.is_none()
    }

    async fn check_session(self: &Arc<Client>, report: &mut Report) {
        if self.config.api_version == ApiVersion::V1 {
            report.skipped("discovery", "version 1 has no discovery");
        } else {
            match self.discover().await {
                Ok(found) => report.good(
                    "discovery",
                    format!(
                        "the region is {}, {} endpoints",
                        &*found.region,
                        found.templates.len()
                    ),
                ),
                Err(error) => report.failed("discovery", &error),
            }
        }
        if self.session.stage() == Stage::SignedOut {
            report.skipped("token", "nobody is signed in");
            report.skipped("pairing", "nobody is signed in");
            return;
        }
        match self.clone().accounts().await {
            Ok(accounts) => report.good(
                "token",
                format!("the service accepts it; {} accounts", accounts.value.len()),
            ),
            Err(error) => report.failed("token", &error),
        }
        if self.session.stage() != Stage::Paired {
            return report.skipped("pairing", "the session is not paired");
        }
        match self.clone().practice().await {
            Ok(_) => report.good("pairing", "the service answers for the paired account"),
            Err(error) => report.failed("pairing", &error),
        }
    }

    /// Any answer will do: a listener answers an empty request with a refusal.
    async fn check_notification(&self, url: &Url, report: &mut Report) {
        let (_, probed) = self.transport.probe(url, reqwest::Method::POST).await;
        match probed {
            Ok(probe) if probe.http_status < 500 && probe.http_status != 404 => report.add(
                "notification",
                Verdict::Good,
                format!(
                    "{} answers from this computer (HTTP {})",
                    hosts::name(url),
                    probe.http_status
                ),
                "The service must reach it from outside as well; only a real scan shows that.",
            ),
            Ok(probe) => report.add(
                "notification",
                Verdict::Failed,
                format!(
                    "{} answers with HTTP {}",
                    hosts::name(url),
                    probe.http_status
                ),
                "Check the web server, and whether the URL is the one that the listener gave.",
            ),
            Err(error) => report.failed("notification", &error),
        }
    }
}

fn check_certificate(
    base: &Url,
    seen: Option<(&str, bool)>,
    connected: bool,
    direct: bool,
    report: &mut Report,
) {
    let Some((issuer, is_public)) = seen else {
        return report.skipped(
            "tls",
            if base.scheme() == "http" {
                "plain http on this computer"
            } else {
                "no certificate was seen"
            },
        );
    };
    let issuer = if issuer.is_empty() {
        "an unnamed authority"
    } else {
        issuer
    };
    match (connected, is_public) {
        (true, true) => report.good("tls", format!("the certificate was issued by {issuer}")),
        (true, false) => report.add(
            "tls",
            Verdict::Warning,
            format!("the certificate was issued by {issuer}, which is no public authority but trusted here"),
            if direct {
                "A virus scanner, firewall or the sandbox stands between; it works, but reads everything."
            } else {
                "The proxy inspects the connection; it works, but reads everything."
            },
        ),
        (false, _) => report.add(
            "tls",
            Verdict::Failed,
            format!("the certificate, issued by {issuer}, was not accepted"),
            "If that is the practice's own proxy or virus scanner, give its root with itero_config_set_ca_file; if not, connect from another network.",
        ),
    }
}

fn check_clock(probe: Option<&Probe>, report: &mut Report) {
    match probe.and_then(|probe| probe.clock_ahead) {
        None => report.skipped("clock", "the service didn't tell its time"),
        Some(ahead) if ahead.abs() <= CLOCK_TOLERANCE => {
            report.good("clock", "this computer's clock agrees with the service's")
        }
        Some(ahead) => report.add(
            "clock",
            Verdict::Warning,
            format!(
                "this computer's clock is {} s {} the service's",
                ahead.abs(),
                if ahead > 0 { "behind" } else { "ahead of" }
            ),
            "Set the computer's clock, or let it be set from the network.",
        ),
    }
}
