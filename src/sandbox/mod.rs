//! The simulated cloud (feature `sandbox`): a stand-in for the scanner cloud on loopback, for tests, the examples and
//! integrators without a contract.
//!
//! It is the other side: it writes its own JSON and knows its own paths, and shares no line with the client, so that
//! a misunderstanding in one of them shows. [`Sandbox::start`] runs it inside a process, `itero-sandbox` as a program.

mod answer;
mod authorize;
mod clock;
mod control;
mod data;
mod discovery;
mod faults;
mod files;
mod login_page;
mod names;
mod notify;
mod oauth;
mod orders;
mod pairing;
mod patients;
pub mod person;
mod ports;
mod practice;
pub mod ready;
pub mod scan;
mod scan_requests;
mod scanner;
mod scanning_tool;
mod session;
mod state;
#[cfg(test)]
mod tests;
mod tls;
mod tokens;
mod trust;

pub use answer::Refusal;
pub use data::{CLIENT_ID, CLIENT_SECRET};
pub use faults::{Fault, Lie, OPERATIONS, PORTS};
pub use state::{Counters, RxRecord};

use axum::{Router, middleware};
use state::{Cloud, Region};
use std::future::Future;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

/// How the sandbox is to behave.
#[derive(Clone)]
pub struct Options {
    /// https on all ports, with an authority of its own.
    pub tls: bool,
    /// Where the authority's certificate is written; a temporary folder by default.
    pub ca_file: Option<PathBuf>,
    /// The global port; the regions us and eu and the file host take the next three. Free ports by default.
    pub port: Option<u16>,
    pub token_life: Duration,
    /// How long an exchanged refresh token is taken once more; not at all by default.
    pub refresh_grace: Duration,
    pub url_life: Duration,
    /// What links of files begin with, in place of the file host's own address: whatever stands in front of it.
    pub file_links: Option<String>,
    /// A simulated scanner takes each step of a new Rx after this time.
    pub auto_scan: Option<Duration>,
    /// Further https redirect URLs that are registered.
    pub redirect_urls: Vec<String>,
    pub triangles_per_arch: u32,
    pub seed: u64,
    pub files: FileSource,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            tls: false,
            ca_file: None,
            port: None,
            token_life: Duration::from_secs(3600),
            refresh_grace: Duration::ZERO,
            url_life: Duration::from_secs(300),
            file_links: None,
            auto_scan: None,
            redirect_urls: Vec::new(),
            triangles_per_arch: 120_000,
            seed: 1,
            files: FileSource::Generated,
        }
    }
}

/// What a scan's files are.
#[derive(Clone)]
pub enum FileSource {
    Generated,
    /// These files for every scan: small ones, or hostile ones.
    Given(Vec<scan::ScanFile>),
}

impl FileSource {
    /// The files of a folder, in the order of their names.
    pub fn folder(path: &Path) -> io::Result<FileSource> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let path = entry?.path();
            if path.is_file() {
                files.push(scan::ScanFile::read(&path)?);
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(FileSource::Given(files))
    }
}

/// Where the sandbox is reached.
#[derive(Clone, Debug)]
pub struct Addresses {
    pub login_page: String,
    pub oauth_base: String,
    pub base_url: String,
    pub us: String,
    pub eu: String,
    pub file_host: String,
    /// Stands for an integrator's hosted https redirect page.
    pub hosted_redirect: String,
}

/// A test user.
#[derive(Clone, Debug)]
pub struct TestUser {
    pub email: String,
    pub password: String,
    pub name: String,
    pub accounts: Vec<String>,
}

/// What every handler gets: the cloud, and the region whose port it stands at.
#[derive(Clone)]
struct Edge {
    cloud: Arc<Cloud>,
    region: Option<Region>,
}

/// A running sandbox. It stops when dropped.
pub struct Sandbox {
    cloud: Arc<Cloud>,
    runtime: tokio::runtime::Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    ca_file: Option<PathBuf>,
    ca_pem: Option<String>,
    /// Holds the authority's file when no path was given.
    _folder: Option<tempfile::TempDir>,
}

impl Sandbox {
    /// Starts the sandbox on a thread of its own; when this returns, all ports answer.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        let (listeners, addresses) = bind_all(&options)?;
        let authority = options.tls.then(tls::Authority::new).transpose()?;
        let ca_pem = authority.as_ref().map(|authority| authority.pem.clone());
        let (ca_file, folder) = place_certificate(&options, ca_pem.as_deref())?;
        let cloud = Arc::new(Cloud::new(options, addresses, trust::client(None)?));
        let acceptor = authority.map(|authority| authority.acceptor);
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let shared = cloud.clone();
        let run = move || run(shared, listeners, acceptor, stopped, &ready);
        let thread = std::thread::Builder::new()
            .name("itero-sandbox".to_owned())
            .spawn(run)?;
        let runtime = started
            .recv()
            .map_err(|_| io::Error::other("the sandbox's thread ended"))??;
        Ok(Sandbox {
            cloud,
            runtime,
            stop: Some(stop),
            thread: Some(thread),
            ca_file,
            ca_pem,
            _folder: folder,
        })
    }

    pub fn stop(self) {}

    pub fn addresses(&self) -> &Addresses {
        &self.cloud.addresses
    }

    /// The redirect URLs that are registered beside plain loopback.
    pub fn redirect_urls(&self) -> Vec<String> {
        let mut urls = vec![self.cloud.addresses.hosted_redirect.clone()];
        urls.extend(self.cloud.options.redirect_urls.iter().cloned());
        urls
    }

    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_deref()
    }

    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The test users; the first one sees all accounts.
    pub fn users(&self) -> Vec<TestUser> {
        let test_user = |user: &state::User| TestUser {
            email: user.email.to_owned(),
            password: user.password.to_owned(),
            name: user.name.to_owned(),
            accounts: user.accounts.iter().map(|id| (*id).to_owned()).collect(),
        };
        self.cloud.store().users.iter().map(test_user).collect()
    }

    pub fn counters(&self) -> Counters {
        self.cloud.store().counters.clone()
    }

    /// Every Rx since the start, deleted ones included.
    pub fn rxs(&self) -> Vec<RxRecord> {
        self.cloud.store().ledger()
    }

    /// Expires all access tokens now.
    pub fn expire_tokens(&self) {
        self.cloud.store().tokens.expire_all();
    }

    pub fn set_features(
        &self,
        account: &str,
        pairing_warnings: Option<bool>,
        update_patient: Option<bool>,
    ) -> Result<(), Refusal> {
        self.cloud
            .store()
            .set_features(account, pairing_warnings, update_patient)
    }

    /// What the next scans' files are.
    pub fn set_files(&self, files: FileSource) {
        self.cloud.store().files = Arc::new(files);
    }

    /// Lets the next `count` requests of an operation, or connections to a port, go wrong.
    pub fn fault(&self, operation: &str, count: u32, fault: Fault) -> Result<(), Refusal> {
        self.cloud.store().faults.plan(operation, count, fault)
    }

    pub fn clear_faults(&self) {
        self.cloud.store().faults.clear();
    }

    /// Scans an Rx for the first time and returns the order's id. The files exist then; the notification is on its way.
    pub fn scan(&self, rx_id: &str) -> Result<u64, Refusal> {
        let (cloud, rx_id) = (self.cloud.clone(), rx_id.to_owned());
        self.wait(async move { scanner::first_scan(&cloud, &rx_id).await })
    }

    /// Scans an Rx again: the same order, new versions of its files.
    pub fn rescan(&self, rx_id: &str) -> Result<u64, Refusal> {
        let (cloud, rx_id) = (self.cloud.clone(), rx_id.to_owned());
        self.wait(async move { scanner::rescan(&cloud, &rx_id).await })
    }

    /// Moves an Rx to a status as the vendor's portal shows it.
    pub fn set_status(&self, rx_id: &str, status: &str) -> Result<(), Refusal> {
        let (cloud, rx_id, status) = (self.cloud.clone(), rx_id.to_owned(), status.to_owned());
        self.wait(async move { scanner::move_to(&cloud, &rx_id, &status).await })
    }

    fn wait<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (sender, receiver) = mpsc::channel();
        self.runtime.spawn(async move {
            let _ = sender.send(work.await);
        });
        let stopped = |_| Refusal::new(503, "Stopped", "the sandbox has stopped");
        receiver.recv().map_err(stopped)?
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type Listeners = [TcpListener; 4];

fn bind_all(options: &Options) -> io::Result<(Listeners, Addresses)> {
    let at = |offset: u16| match options.port {
        None | Some(0) => Ok(0),
        Some(port) => port
            .checked_add(offset)
            .ok_or_else(|| io::Error::other("the port is too high")),
    };
    let scheme = if options.tls { "https" } else { "http" };
    let bind = |offset| {
        let (listener, port) = ports::bind(at(offset)?)?;
        io::Result::Ok((listener, format!("{scheme}://127.0.0.1:{port}")))
    };
    let ((global, base_url), (us_port, us), (eu_port, eu), (file_port, file_host)) =
        (bind(0)?, bind(1)?, bind(2)?, bind(3)?);
    let addresses = Addresses {
        login_page: format!("{base_url}/authorize"),
        oauth_base: base_url.clone(),
        hosted_redirect: format!("{base_url}/hosted-redirect"),
        base_url,
        us,
        eu,
        file_host,
    };
    Ok(([global, us_port, eu_port, file_port], addresses))
}

fn place_certificate(
    options: &Options,
    pem: Option<&str>,
) -> io::Result<(Option<PathBuf>, Option<tempfile::TempDir>)> {
    let Some(pem) = pem else {
        return Ok((None, None));
    };
    let (path, folder) = match &options.ca_file {
        Some(path) => (path.clone(), None),
        None => {
            let folder = tempfile::tempdir()?;
            (folder.path().join("itero-sandbox-ca.pem"), Some(folder))
        }
    };
    std::fs::write(&path, pem)?;
    Ok((Some(path), folder))
}

type Ready = mpsc::Sender<io::Result<tokio::runtime::Handle>>;

fn run(
    cloud: Arc<Cloud>,
    listeners: Listeners,
    tls: Option<TlsAcceptor>,
    stopped: oneshot::Receiver<()>,
    ready: &Ready,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    runtime.block_on(async {
        let opened = open(&cloud, listeners, tls).map(|()| tokio::runtime::Handle::current());
        let failed = opened.is_err();
        let _ = ready.send(opened);
        if !failed {
            // A dropped sender means the same as a message: stop.
            let _ = stopped.await;
        }
    });
    // Meshes that are being made can't be interrupted; they end by themselves and nobody waits.
    runtime.shutdown_timeout(Duration::from_millis(200));
}

fn open(cloud: &Arc<Cloud>, listeners: Listeners, tls: Option<TlsAcceptor>) -> io::Result<()> {
    let edge = |region| Edge {
        cloud: cloud.clone(),
        region,
    };
    let [global, us, eu, file_host] = listeners;
    let (global_edge, us_edge, eu_edge) =
        (edge(None), edge(Some(Region::Us)), edge(Some(Region::Eu)));
    let doors = [
        (global, discovery::global(&global_edge), global_edge.clone()),
        (us, discovery::regional(&us_edge, Region::Us), us_edge),
        (eu, discovery::regional(&eu_edge, Region::Eu), eu_edge),
        (file_host, discovery::file_host(&global_edge), global_edge),
    ];
    for ((listener, router, edge), name) in doors.into_iter().zip(PORTS) {
        ports::serve(listener, tls.clone(), finished(router), edge, name)?;
    }
    Ok(())
}

/// What all ports share: refusals for unknown paths and methods, and the request id.
fn finished(router: Router<Edge>) -> Router<Edge> {
    let router = router
        .fallback(answer::no_such_path)
        .method_not_allowed_fallback(answer::no_such_method);
    router.layer(middleware::from_fn(answer::finish))
}
