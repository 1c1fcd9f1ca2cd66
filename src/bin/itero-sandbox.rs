//! The simulated cloud as a program. With a login URL as its only argument it plays the person at the browser instead.

use itero::sandbox::{FileSource, Options, Sandbox, person, ready};
use lexopt::prelude::{Long, Short, Value, ValueExt};
use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

type Failure = Box<dyn std::error::Error>;

const HELP: &str = "\
itero-sandbox: a simulated iTero cloud on loopback, for tests and for integrators without a contract

usage: itero-sandbox [options]
       itero-sandbox LOGIN-URL      sign in there as a test user would, follow the redirects, and exit

  --http                    serve http (the default)
  --tls                     serve https, with an authority made at start
  --ca-file PATH            where the authority's certificate is written (default: beside the ready file, or a
                            temporary folder)
  --port N                  the global port; regions us and eu and the file host take N+1, N+2, N+3 (default: free ones)
  --token-life SECONDS      life of access tokens (default 3600)
  --refresh-grace SECONDS   a refresh token is taken once more for so long after it was exchanged (default 0)
  --url-life SECONDS        life of file links (default 300)
  --file-links URL          links of files begin with this: a proxy in front of the file host
  --files FOLDER            scans bring the files of this folder in place of generated ones
  --auto-scan MS            a simulated scanner takes each step of a new Rx after this many milliseconds
  --triangles N             triangles in each arch (default 120000)
  --seed N                  seed of the generated scans (default 1)
  --redirect-url URL        a further https redirect URL that is registered (repeatable)
  --ready-file PATH         write all addresses and test users there as JSON once everything answers
  --until-stdin-closes      stop when standard input closes
  --help, --version

Faults are planned while it runs: POST {base URL}/sandbox/faults {\"operation\": NAME, \"count\": N,
\"fault\": {\"kind\": KIND, ...}}, and DELETE forgets those still to come. KIND with its members:
  status (status, retryAfter)   body (status, contentType, text)   delay (ms)   drop_before   drop_after   reset   hang
  cut (bytes, reset)   dribble (bytesPerSecond, after)   redirect (to)   expired   clock (seconds)   lie (lie: whole,
  whole_with_range, wrong_start, shifted_bytes, wrong_total, no_content_range, weak_tag, changed_tag, no_tag,
  not_satisfiable, gzip, short, long, no_length)
NAME is that of an endpoint (accounts, orderFiles, ...), token, discovery, file, or for hang and reset a port: globalPort,
usPort, euPort, filePort.

LOGIN-URL signs in as the first test user that the page lists, or as ITERO_SANDBOX_EMAIL with ITERO_SANDBOX_PASSWORD.
It takes any certificate on loopback; elsewhere also those of ITERO_SANDBOX_CA_FILE.
";

enum Command {
    Print(String),
    SignIn(String),
    Serve(Serve),
}

#[derive(Default)]
struct Serve {
    options: Options,
    ready_file: Option<PathBuf>,
    until_stdin_closes: bool,
}

fn main() -> ExitCode {
    let done = parse(std::env::args_os().skip(1).collect()).and_then(|command| match command {
        Command::Print(text) => {
            say(&text);
            Ok(())
        }
        Command::SignIn(url) => sign_in(&url),
        Command::Serve(serve) => run(serve),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("itero-sandbox: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: Vec<OsString>) -> Result<Command, Failure> {
    let mut serve = Serve::default();
    let options = &mut serve.options;
    let mut url = None;
    let count = arguments.len();
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("http") => options.tls = false,
            Long("tls") => options.tls = true,
            Long("ca-file") => options.ca_file = Some(parser.value()?.into()),
            Long("port") => options.port = Some(parser.value()?.parse()?),
            Long("token-life") => {
                options.token_life = Duration::from_secs(parser.value()?.parse()?)
            }
            Long("refresh-grace") => {
                options.refresh_grace = Duration::from_secs(parser.value()?.parse()?)
            }
            Long("url-life") => options.url_life = Duration::from_secs(parser.value()?.parse()?),
            Long("file-links") => options.file_links = Some(parser.value()?.string()?),
            Long("files") => {
                let folder = PathBuf::from(parser.value()?);
                let cannot = |fault| format!("{}: {fault}", folder.display());
                options.files = FileSource::folder(&folder).map_err(cannot)?;
            }
            Long("auto-scan") => {
                options.auto_scan = Some(Duration::from_millis(parser.value()?.parse()?))
            }
            Long("triangles") => options.triangles_per_arch = parser.value()?.parse()?,
            Long("seed") => options.seed = parser.value()?.parse()?,
            Long("redirect-url") => options
                .redirect_urls
                .push(redirect_url(parser.value()?.string()?)?),
            Long("ready-file") => serve.ready_file = Some(parser.value()?.into()),
            Long("until-stdin-closes") => serve.until_stdin_closes = true,
            Long("help") | Short('h') => return Ok(Command::Print(HELP.to_owned())),
            Long("version") | Short('V') => {
                return Ok(Command::Print(format!(
                    "itero-sandbox {}\n",
                    env!("CARGO_PKG_VERSION")
                )));
            }
            Value(text) if count == 1 => url = Some(text.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match url {
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            Ok(Command::SignIn(url))
        }
        Some(_) => Err("the only argument must be an http or https URL".into()),
        None => Ok(Command::Serve(serve)),
    }
}

fn redirect_url(url: String) -> Result<String, Failure> {
    match url.starts_with("https://") && !url.contains('#') {
        true => Ok(url),
        false => Err("a redirect URL must be https and hold no #".into()),
    }
}

fn sign_in(url: &str) -> Result<(), Failure> {
    let user = (
        std::env::var("ITERO_SANDBOX_EMAIL"),
        std::env::var("ITERO_SANDBOX_PASSWORD"),
    );
    match user {
        (Ok(email), Ok(password)) => person::sign_in_and_follow(url, &email, &password)?,
        _ => person::sign_in_as_listed(url)?,
    };
    Ok(())
}

fn run(mut serve: Serve) -> Result<(), Failure> {
    if let (None, Some(ready)) = (&serve.options.ca_file, &serve.ready_file) {
        serve.options.ca_file = Some(ready.with_file_name("itero-sandbox-ca.pem"));
    }
    let sandbox = Sandbox::start(serve.options)?;
    say(&ready::text(&sandbox));
    if let Some(path) = &serve.ready_file {
        ready::write_file(&sandbox, path)?;
    }
    wait(serve.until_stdin_closes)?;
    sandbox.stop();
    Ok(())
}

/// A host may have closed standard output; that is no reason to fail.
fn say(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Waits for Ctrl-C, and for the end of standard input if asked to.
fn wait(until_stdin_closes: bool) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (closed, end) = tokio::sync::oneshot::channel();
    if until_stdin_closes {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
            let _ = closed.send(());
        });
        runtime.block_on(async {
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => interrupted,
                _ = end => Ok(()),
            }
        })?;
    } else {
        runtime.block_on(tokio::signal::ctrl_c())?;
    }
    Ok(())
}
