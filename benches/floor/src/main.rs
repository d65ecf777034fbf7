//! The minimum that any program of this kind must do: `floor ROOT.pem head|header|full LIST JOBS` sends the requests with
//! one reqwest client, counts the bytes of the bodies, and prints the number of good responses. It checks nothing else.

use std::error::Error;
use std::sync::Arc;

use futures_util::StreamExt as _;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, root, depth, list, jobs] = arguments.as_slice() else { return Err("ROOT DEPTH LIST JOBS".into()) };
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(root)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let settings = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let settings = settings.with_root_certificates(roots).with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(settings).no_proxy().http1_only().build()?;
    let urls = std::fs::read_to_string(list)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let good = runtime.block_on(async {
        let requests = urls.lines().map(|url| fetch(&client, depth, url));
        let results = futures_util::stream::iter(requests).buffer_unordered(jobs.parse().unwrap_or(16));
        results.filter(|good| std::future::ready(*good)).count().await
    });
    println!("{good}");
    Ok(())
}

async fn fetch(client: &reqwest::Client, depth: &str, url: &str) -> bool {
    let head = client.head(url).send().await.is_ok_and(|response| response.status() == 200);
    let get = match depth {
        "header" => client.get(url).header("Range", "bytes=0-65535"),
        "full" => client.get(url),
        _ => return head,
    };
    let Ok(mut response) = get.send().await else { return false };
    let mut bytes = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes += chunk.len();
    }
    head && bytes > 0
}
