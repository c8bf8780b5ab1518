//! Takes connections in and serves HTTP/1 on each. What axum's own loop has no setting for: a client that takes its time over a request's
//! head, or keeps an idle connection, is cut off.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// Serves until `stop` resolves, then lets running requests finish. A request's head must be whole `patience` after the connection was
/// opened or the answer before it was sent; an answer may take as long as it likes.
pub async fn serve(listener: TcpListener, router: Router, patience: Duration, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, caller)) => { connections.spawn(serve_one(stream, caller, router.clone(), patience, stopped.clone())); }
                Err(error) => rest_after(&error).await,
            },
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
        }
    }
    drop(listener);
    let _ = stopping.send(true);
    while connections.join_next().await.is_some() {}
}

/// A caller that went away again is nothing; when there are no more files to open, others have to close first.
async fn rest_after(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be taken in");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn serve_one(stream: TcpStream, caller: SocketAddr, router: Router, patience: Duration, mut stopped: watch::Receiver<bool>) {
    // An event is a small write that must not wait for another.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(router.clone(), caller, request));
    let connection = http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(patience).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let served = tokio::select! {
        served = connection.as_mut() => served,
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

async fn answer(router: Router, caller: SocketAddr, request: hyper::Request<Incoming>) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(caller));
    router.oneshot(request).await
}
