//! Certificates: an own authority, a client's, a wrong name, and no TLS at all.

use std::{
    io::{Read, Write},
    net::TcpListener,
    path::PathBuf,
    sync::Arc,
};

use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};
use stanch::{
    config::Source,
    signal::{Data, Fault, FaultKind},
};

use crate::{ask, instant, prometheus};

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls")).join(name)
}

/// Serves one connection with the certificate; gives its address.
fn serve(certificate: &str, wants_client: bool) -> String {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let chain: Vec<_> =
        CertificateDer::pem_file_iter(file(certificate)).expect("PEM").map(|c| c.expect("one")).collect();
    let key = PrivateKeyDer::from_pem_file(file(certificate)).expect("a key");
    let builder = match wants_client {
        true => {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_file(file("ca.pem")).expect("PEM")).expect("a root");
            ServerConfig::builder()
                .with_client_cert_verifier(WebPkiClientVerifier::builder(Arc::new(roots)).build().expect("a verifier"))
        }
        false => ServerConfig::builder().with_no_client_auth(),
    };
    let config = Arc::new(builder.with_single_cert(chain, key).expect("a configuration"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (stream, _) = listener.accept()?;
        let mut stream = StreamOwned::new(ServerConnection::new(config).expect("a connection"), stream);
        let mut request = [0; 4096];
        let _count = stream.read(&mut request)?;
        let body = r#"{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}"#;
        write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
        stream.conn.send_close_notify();
        stream.flush()
    });
    url
}

async fn get(url: &str, ca: Option<&str>, client: Option<&str>) -> Result<Data, Fault> {
    let mut source: Source = prometheus(url);
    if let Some(http) = &mut source.settings.http {
        http.ca_file = ca.map(file);
        http.client_cert = client.map(file);
    }
    ask(source, instant("up")).await.map(|reading| reading.data.clone())
}

#[tokio::test]
async fn an_own_authority_is_trusted_when_named() {
    assert_eq!(get(&serve("server.pem", false), Some("ca.pem"), None).await, Ok(Data::Number(1.0)));
}

#[tokio::test]
async fn a_client_certificate_is_shown() {
    assert_eq!(get(&serve("server.pem", true), Some("ca.pem"), Some("client.pem")).await, Ok(Data::Number(1.0)));
    let fault = get(&serve("server.pem", true), Some("ca.pem"), None).await.expect_err("none shown");
    assert!(matches!(fault.kind, FaultKind::Tls | FaultKind::Unreachable), "{fault}");
}

#[tokio::test]
async fn certificates_that_do_not_hold() {
    let fault = get(&serve("other.pem", false), Some("ca.pem"), None).await.expect_err("another name");
    assert_eq!(fault.to_string(), "TLS failed: its certificate is for another name: other.example, not 127.0.0.1");
    let fault = get(&serve("expired.pem", false), Some("ca.pem"), None).await.expect_err("expired");
    assert!(fault.detail.starts_with("its certificate has expired: "), "{fault}");
    assert!(fault.detail.ends_with(" ago, on 2021-01-01 00:00 UTC"), "{fault}");
    let fault = get("https://127.0.0.1:9", Some("no-such.pem"), None).await.expect_err("no file");
    assert!(fault.to_string().contains("no-such.pem: it does not exist"), "{fault}");
    let fault = get("https://127.0.0.1:9", Some("../zeros-20mb.gz"), None).await.expect_err("no PEM");
    assert_eq!(fault.kind, FaultKind::Tls, "{fault}");
}

#[tokio::test]
async fn one_that_signs_itself_is_trusted_when_exactly_it_is_named() {
    assert_eq!(get(&serve("self.pem", false), Some("self.pem"), None).await, Ok(Data::Number(1.0)));
    // For the names it bears and while it holds, and no other that looks like it.
    let fault = get(&serve("self-other.pem", false), Some("self-other.pem"), None).await.expect_err("another name");
    assert_eq!(fault.detail, "its certificate is for another name: other.example, not 127.0.0.1");
    let fault = get(&serve("self-expired.pem", false), Some("self-expired.pem"), None).await.expect_err("expired");
    assert!(fault.detail.starts_with("its certificate has expired: "), "{fault}");
    let fault = get(&serve("self.pem", false), Some("self-other.pem"), None).await.expect_err("not named");
    assert_eq!(fault.detail, "its certificate signs itself and is not in `ca_file`; add it there");
}

#[tokio::test]
async fn a_server_that_leaves_out_its_intermediate_certificate() {
    assert_eq!(get(&serve("chained.pem", false), Some("third-ca.pem"), None).await, Ok(Data::Number(1.0)));
    assert_eq!(get(&serve("alone.pem", false), Some("alone.pem"), None).await, Ok(Data::Number(1.0)), "named itself");
    let fault = get(&serve("alone.pem", false), Some("third-ca.pem"), None).await.expect_err("a gap");
    let expected = "no authority in `ca_file` has signed its certificate; maybe an intermediate one is missing: have the \
                    server send it, or add it to `ca_file`";
    assert_eq!(fault.detail, expected);
    let fault = get(&serve("chained.pem", false), Some("ca.pem"), None).await.expect_err("another authority");
    assert_eq!(fault.detail, "no authority in `ca_file` has signed its certificate, nor those it sent with it");
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let fault = get(&serve("server.pem", false), None, None).await.expect_err("unknown");
    // A machine without certificates of its own cannot even begin.
    assert_eq!(fault.kind, FaultKind::Tls);
    assert!(fault.detail.contains("set `ca_file`"), "{fault}");
}

#[tokio::test]
async fn plain_http_where_tls_was_expected() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept()?;
        let _count = stream.read(&mut [0; 4096])?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\nClient sent no TLS")
    });
    let fault = get(&url, Some("ca.pem"), None).await.expect_err("no TLS");
    assert_eq!(fault.to_string(), "TLS failed: there is no TLS there; is it http?");
}
