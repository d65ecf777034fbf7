//! Opens the connections of the HTTP client, to checked addresses only, and records when.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower_layer::Layer;
use tower_service::Service;

use crate::fetch::tracker::RequestTracker;
use crate::observation::Phase;

/// Resolves every name to the checked addresses. Without addresses, it looks the name up, which is then that of a
/// proxy.
pub(super) struct PinnedResolver(pub(super) Option<Arc<[IpAddr]>>);

/// The maximum number of addresses tried per family: each needs its share of the ten seconds.
const MAX_ADDRESSES_PER_FAMILY: usize = 4;

impl Resolve for PinnedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Some(addresses) = &self.0 else {
            return Box::pin(async move {
                let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
                Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
            });
        };
        let of_family =
            |v4: bool| addresses.iter().filter(move |address| address.is_ipv4() == v4).take(MAX_ADDRESSES_PER_FAMILY);
        let first_v4 = addresses.first().is_some_and(IpAddr::is_ipv4);
        let tried = of_family(first_v4).chain(of_family(!first_v4));
        let tried: Vec<_> = tried.map(|address| SocketAddr::new(*address, 0)).collect();
        Box::pin(std::future::ready(Ok(Box::new(tried.into_iter()) as Addrs)))
    }
}

/// Records when a connection attempt starts and when the connection is ready for a request.
#[derive(Clone, Copy)]
pub(super) struct ConnectTimingLayer;

impl<S> Layer<S> for ConnectTimingLayer {
    type Service = TimedConnector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        TimedConnector(inner)
    }
}

/// The connector of the HTTP client, timed.
#[derive(Clone)]
pub(super) struct TimedConnector<S>(S);

impl<S, Target> Service<Target> for TimedConnector<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        RequestTracker::current(|tracker| tracker.reach(Phase::Connect));
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connected = connecting.await;
            if connected.is_ok() {
                RequestTracker::current(|tracker| tracker.reach(Phase::FirstByte));
            }
            connected
        })
    }
}
