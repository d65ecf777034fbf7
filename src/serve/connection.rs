//! Accepts connections, and limits the resources of each.

mod stall;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use self::stall::StallTimeout;
use super::handler::{CloseConnection, RequestHandler};
use super::limits::{CONNECTION_BUFFER, HEAD_TIMEOUT, MAX_CONNECTIONS, SHUTDOWN_TIMEOUT};

/// Serves until `stop` completes, then gives the requests in flight a short time to finish.
pub(super) async fn serve(listener: TcpListener, handler: RequestHandler, stop: impl Future<Output = ()>) {
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let open = GracefulShutdown::new();
    let protocol = protocol();
    let accept = async {
        loop {
            let Ok(permit) = Arc::clone(&free).acquire_owned().await else { break };
            match listener.accept().await {
                Ok((stream, _)) => {
                    // Responses are small and written in one call.
                    let _ = stream.set_nodelay(true);
                    let handler = handler.clone();
                    let service = service_fn(move |request| answer(handler.clone(), request));
                    let stream = TokioIo::new(StallTimeout::new(stream));
                    let connection = open.watch(protocol.serve_connection(stream, service));
                    tokio::spawn(async move {
                        // Errors of a connection concern only its client.
                        let _ = connection.await;
                        drop(permit);
                    });
                }
                // No file descriptors are left, or the client has already disconnected.
                Err(_) => sleep(Duration::from_millis(50)).await,
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    let _ = timeout(SHUTDOWN_TIMEOUT, open.shutdown()).await;
}

/// Returns the HTTP settings of connections.
fn protocol() -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(CONNECTION_BUFFER);
    protocol
}

/// Handles a request. An error closes the connection without a response.
async fn answer(handler: RequestHandler, request: hyper::Request<hyper::body::Incoming>) -> io::Result<Response> {
    let request: Request = request.map(Body::new);
    let response = handler.handle(request).await;
    if response.extensions().get::<CloseConnection>().is_some() {
        return Err(io::ErrorKind::ConnectionAborted.into());
    }
    Ok(response)
}
