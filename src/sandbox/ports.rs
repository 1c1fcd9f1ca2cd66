//! The sandbox's front doors: sockets on loopback, plain or TLS, and lines that can be cut in mid-conversation.

use super::state::Cloud;
use super::{Edge, Fault};
use axum::Router;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

const HANDSHAKE: Duration = Duration::from_secs(10);

/// Binds a port of 127.0.0.1; 0 takes a free one.
pub fn bind(port: u16) -> io::Result<(StdListener, u16)> {
    let taken = |error: io::Error| io::Error::new(error.kind(), format!("port {port}: {error}"));
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(taken)?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

/// Serves one port until the runtime ends.
pub fn serve(
    listener: StdListener,
    tls: Option<TlsAcceptor>,
    router: Router<Edge>,
    edge: Edge,
    name: &'static str,
) -> io::Result<()> {
    let door = Door::open(listener, tls, edge.cloud.clone(), name)?;
    let app = router
        .with_state(edge)
        .into_make_service_with_connect_info::<Line>();
    tokio::spawn(async move { axum::serve(door, app).await });
    Ok(())
}

/// A handle on one connection, for whoever wants it to break.
#[derive(Clone, Default)]
pub struct Line(Arc<AtomicU8>);

const CUT: u8 = 1;
const RESET: u8 = 2;

impl Line {
    /// From now on nothing is sent; the connection closes when the next byte would have left.
    pub fn cut(&self) {
        self.0.store(CUT, Ordering::Release);
    }

    /// As [`cut`](Line::cut), with a TCP reset instead of an orderly end.
    pub fn reset(&self) {
        self.0.store(RESET, Ordering::Release);
    }
}

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().line.clone()
    }
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Wire for TlsStream<TcpStream> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// One accepted connection. It breaks above TLS, so that not even a TLS farewell leaves after the cut.
pub struct Connection {
    wire: Box<dyn Wire>,
    line: Line,
}

impl Connection {
    fn check(&self) -> io::Result<()> {
        match self.line.0.load(Ordering::Acquire) {
            0 => return Ok(()),
            // The close that follows then is a reset.
            RESET => self.wire.socket().set_zero_linger()?,
            _ => {}
        }
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.wire).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        Pin::new(&mut self.wire).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.wire).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        Pin::new(&mut self.wire).poll_shutdown(cx)
    }
}

/// A listening port. Handshakes run beside the accept loop, so a slow one keeps nobody else waiting.
pub struct Door {
    arrivals: mpsc::Receiver<(Connection, SocketAddr)>,
    address: SocketAddr,
    porter: JoinHandle<()>,
}

impl Door {
    fn open(
        listener: StdListener,
        tls: Option<TlsAcceptor>,
        cloud: Arc<Cloud>,
        name: &'static str,
    ) -> io::Result<Self> {
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let (sender, arrivals) = mpsc::channel(64);
        let porter = tokio::spawn(welcome(listener, tls, sender, cloud, name));
        Ok(Door {
            arrivals,
            address,
            porter,
        })
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.porter.abort();
    }
}

async fn welcome(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    arrivals: mpsc::Sender<(Connection, SocketAddr)>,
    cloud: Arc<Cloud>,
    name: &'static str,
) {
    // Connections that are taken and never spoken on.
    let mut hung = Vec::new();
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file handles, most likely: wait for some to close.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let fault = cloud.store().faults.strike(name);
        match fault {
            None => {}
            Some(Fault::Hang) => {
                hung.push(stream);
                continue;
            }
            Some(_) => {
                let _ = stream.set_zero_linger();
                continue;
            }
        }
        let (tls, arrivals) = (tls.clone(), arrivals.clone());
        tokio::spawn(async move {
            if let Some(wire) = greet(stream, tls).await {
                let line = Line::default();
                // The door may be closing; then the connection just ends.
                let _ = arrivals.send((Connection { wire, line }, peer)).await;
            }
        });
    }
}

async fn greet(stream: TcpStream, tls: Option<TlsAcceptor>) -> Option<Box<dyn Wire>> {
    stream.set_nodelay(true).ok()?;
    let Some(tls) = tls else {
        return Some(Box::new(stream));
    };
    let shaken = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await;
    Some(Box::new(shaken.ok()?.ok()?))
}

impl Listener for Door {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            // The porter only ends with the door.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
