//! A small web server on 127.0.0.1: for the redirect of a sign-in and for notifications.
//!
//! It hears this computer alone, takes small requests only, answers one at a time on each connection and closes slow
//! ones. A request must name the server by its own address, so that a web page from elsewhere can't reach it by way of
//! a name that it controls (DNS rebinding).

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::error::{Error, Result, Status};

const LARGEST_BODY: usize = 64 << 10;
const MOST_CONNECTIONS: usize = 32;
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Received {
    pub method: hyper::Method,
    /// Path and query as sent.
    pub target: String,
    pub body: Vec<u8>,
}

pub struct Reply {
    pub http_status: u16,
    pub content_type: &'static str,
    pub body: String,
}

impl Reply {
    pub fn text(http_status: u16, body: &str) -> Reply {
        Reply {
            http_status,
            content_type: "text/plain; charset=utf-8",
            body: body.to_owned(),
        }
    }
}

/// A socket on 127.0.0.1; port 0 lets the system choose.
pub async fn listen(port: u16) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|fault| {
        if fault.kind() == std::io::ErrorKind::AddrInUse {
            Error::new(
                Status::Io,
                format!("port {port} on 127.0.0.1 is in use by another program"),
            )
            .advise("Choose another port, or 0 to let the system choose.")
        } else {
            Error::io("listening on 127.0.0.1", &fault)
        }
    })?;
    let address = listener
        .local_addr()
        .map_err(|fault| Error::io("listening on 127.0.0.1", &fault))?;
    Ok((listener, address))
}

/// Behind a pointer, so that there is one web server and not one for each that uses it.
type Handle = Arc<dyn Fn(Received) -> Pin<Box<dyn Future<Output = Reply> + Send>> + Send + Sync>;

/// Serves until it is dropped.
pub async fn serve<F>(
    listener: TcpListener,
    port: u16,
    handle: impl Fn(Received) -> F + Send + Sync + 'static,
) where
    F: Future<Output = Reply> + Send + 'static,
{
    serve_boxed(
        listener,
        port,
        Arc::new(move |received| Box::pin(handle(received))),
    )
    .await;
}

async fn serve_boxed(listener: TcpListener, port: u16, handle: Handle) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let Ok((socket, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let handle = handle.clone();
        connections.spawn(async move {
            let _place = place;
            let service = service_fn(|request| answer(request, port, handle.clone()));
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(PATIENCE)
                .keep_alive(false)
                .max_buf_size(32 << 10)
                .serve_connection(TokioIo::new(socket), service);
            // A broken connection is the other side's loss; the next one is served all the same.
            let _ = connection.await;
        });
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    port: u16,
    handle: Handle,
) -> std::result::Result<Response<Full<Bytes>>, Infallible> {
    let reply = match receive(request, port).await {
        Ok(received) => handle(received).await,
        Err(reply) => reply,
    };
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.http_status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in [
        (header::CONTENT_TYPE, reply.content_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

async fn receive(
    request: hyper::Request<Incoming>,
    port: u16,
) -> std::result::Result<Received, Reply> {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    if ![format!("127.0.0.1:{port}"), format!("localhost:{port}")]
        .iter()
        .any(|own| own.eq_ignore_ascii_case(host))
    {
        return Err(Reply::text(421, "This address serves 127.0.0.1 only."));
    }
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(PATIENCE, Limited::new(body, LARGEST_BODY).collect()).await;
    match body {
        Ok(Ok(body)) => Ok(Received {
            method: parts.method,
            target: parts
                .uri
                .path_and_query()
                .map(|target| target.as_str().to_owned())
                .unwrap_or_default(),
            body: body.to_bytes().to_vec(),
        }),
        Ok(Err(_)) => Err(Reply::text(413, "The body is too large.")),
        Err(_) => Err(Reply::text(408, "The body came too slowly.")),
    }
}
