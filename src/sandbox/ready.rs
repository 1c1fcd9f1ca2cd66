//! The facts that a host program needs to work with a running sandbox, as a file and as a short text.

use super::Sandbox;
use super::data::{CLIENT_ID, CLIENT_SECRET};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

pub fn facts(sandbox: &Sandbox) -> Value {
    let addresses = sandbox.addresses();
    let users = sandbox.users();
    let tool = users
        .first()
        .map(|user| json!({"user": user.email, "password": user.password}));
    json!({
        "loginPage": addresses.login_page,
        "oauthBase": addresses.oauth_base,
        "baseUrl": addresses.base_url,
        "regions": {"us": addresses.us, "eu": addresses.eu},
        "fileHost": addresses.file_host,
        "clientId": CLIENT_ID,
        "clientSecret": CLIENT_SECRET,
        "redirectUrls": sandbox.redirect_urls(),
        "users": users.iter().map(|user| json!({
            "email": user.email,
            "password": user.password,
            "name": user.name,
            "accounts": user.accounts,
        })).collect::<Vec<_>>(),
        "scanningTool": tool,
        "caFile": sandbox.ca_file(),
        "pid": std::process::id(),
    })
}

/// Writes the file whole or not at all, so that a program that waits for it never reads half of it.
pub fn write_file(sandbox: &Sandbox, path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer_pretty(&mut file, &facts(sandbox))?;
    file.write_all(b"\n")?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

pub fn text(sandbox: &Sandbox) -> String {
    let addresses = sandbox.addresses();
    let mut text = String::from(
        "itero sandbox: a simulated cloud; all people and practices in it are invented\n\n",
    );
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<14} {value}");
    };
    line("login page", &addresses.login_page);
    line("oauth base", &addresses.oauth_base);
    line("base URL", &addresses.base_url);
    line("region us", &addresses.us);
    line("region eu", &addresses.eu);
    line("file host", &addresses.file_host);
    line("client id", CLIENT_ID);
    line("client secret", CLIENT_SECRET);
    for url in sandbox.redirect_urls() {
        line("redirect URL", &url);
    }
    for user in sandbox.users() {
        line(
            "user",
            &format!(
                "{}  {}  (accounts {})",
                user.email,
                user.password,
                user.accounts.join(", ")
            ),
        );
    }
    if let Some(file) = sandbox.ca_file() {
        line("authority", &file.display().to_string());
    }
    text
}
