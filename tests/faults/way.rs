//! A source that fails in one way, heals, and fails again, at the same address all the time.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream as Stream},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::server::{Server, Step, json, reply};

/// How a source fails.
#[derive(Clone, Copy)]
pub enum Way {
    /// Its name has no address. The only one that does not heal.
    NoSuchName,
    /// Nobody listens.
    Closed,
    /// What is sent there is lost.
    Partitioned,
    /// It answers so.
    Says(fn() -> Vec<Step>),
    /// It sends to another host to sign in.
    Login,
    /// It shows this certificate.
    Certificate(&'static str),
    /// It speaks plain HTTP where TLS was expected.
    NoTls,
}

/// One source.
pub struct Faulty {
    pub url: String,
    way: Way,
    body: Arc<str>,
    healed: Arc<AtomicBool>,
    /// What serves now, where that is one thing or another.
    server: Option<Server>,
    full: Option<Full>,
}

impl Faulty {
    /// Starts one that fails. Healed, it answers with `body`; `login` is the other host.
    pub async fn start(way: Way, body: String, login: &str) -> Self {
        let (body, healed): (Arc<str>, _) = (body.into(), Arc::<AtomicBool>::default());
        let (answer, is_healed, login) = (Arc::clone(&body), Arc::clone(&healed), format!("{login}/login?next=5ecret"));
        let says = async |fault: Box<dyn Fn() -> Vec<Step> + Send + Sync>| {
            Server::start(move |_| if is_healed.load(Ordering::SeqCst) { json(answer.as_ref()) } else { fault() }).await
        };
        let (mut server, mut full) = (None, None);
        let url = match way {
            Way::NoSuchName => "http://no-such-host.invalid:9090".into(),
            Way::Closed => format!("http://{}", free().await),
            Way::Partitioned => {
                let full = full.insert(Full::on(free().await).await);
                format!("http://{}", full.address)
            }
            Way::Says(steps) => server.insert(says(Box::new(steps)).await).url.clone(),
            Way::Login => {
                let to = move || reply(302, &[("location", &login)], "");
                server.insert(says(Box::new(to)).await).url.clone()
            }
            Way::Certificate(certificate) => serve_tls(Some(certificate), &body, &healed),
            Way::NoTls => serve_tls(None, &body, &healed),
        };
        Self { url, way, body, healed, server, full }
    }

    /// Heals it, or lets it fail again.
    pub async fn heal(&mut self, healed: bool) {
        self.healed.store(healed, Ordering::SeqCst);
        let address = self.url.trim_start_matches("http://").to_owned();
        match (self.way, healed) {
            (Way::Closed, false) => self.server = None,
            (Way::Partitioned, false) => {
                self.server = None;
                self.full = Some(Full::on(address.parse().expect("an address")).await);
            }
            (Way::Closed | Way::Partitioned, true) => {
                self.full = None;
                let body = Arc::clone(&self.body);
                self.server = Some(Server::on(&address, move |_| json(body.as_ref())).await);
            }
            _ => {}
        }
    }
}

/// A place nobody listens at.
async fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.and_then(|listener| listener.local_addr()).expect("a port")
}

/// A listener whose queue is full, so that the kernel drops whoever else comes: as near to a network that loses everything
/// as loopback gets.
struct Full {
    address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl Full {
    async fn on(address: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("an option");
        // What served there before lets go of the port in a moment.
        let mut bound = socket.bind(address);
        for _ in 0..100 {
            if bound.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
            bound = socket.bind(address);
        }
        bound.expect("the port");
        let listener = socket.listen(1).expect("listening");
        let mut queued = Vec::new();
        while let Ok(Ok(stream)) = tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
            queued.push(stream);
        }
        Self { address, _listener: listener, _queued: queued }
    }
}

/// Serves TLS, each connection on a thread: the certificate until it is healed, a good one from then on.
fn serve_tls(certificate: Option<&'static str>, body: &Arc<str>, healed: &Arc<AtomicBool>) -> String {
    let _already = rustls::crypto::ring::default_provider().install_default();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let (bad, good) = (certificate.map(showing), showing("server.pem"));
    let (body, healed) = (Arc::clone(body), Arc::clone(healed));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = if healed.load(Ordering::SeqCst) { Some(Arc::clone(&good)) } else { bad.clone() };
            let body = Arc::clone(&body);
            // One that does not like the certificate goes away.
            std::thread::spawn(move || answer(stream, config, &body));
        }
    });
    url
}

fn answer(mut stream: Stream, config: Option<Arc<ServerConfig>>, body: &str) -> std::io::Result<()> {
    let Some(config) = config else {
        let _count = stream.read(&mut [0; 4096])?;
        return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\nClient sent no TLS");
    };
    let mut stream = StreamOwned::new(ServerConnection::new(config).map_err(std::io::Error::other)?, stream);
    let _count = stream.read(&mut [0; 4096])?;
    write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    stream.conn.send_close_notify();
    stream.flush()
}

fn showing(certificate: &str) -> Arc<ServerConfig> {
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/tls")).join(certificate);
    let chain = CertificateDer::pem_file_iter(&file).expect("PEM").map(|one| one.expect("one")).collect();
    let key = PrivateKeyDer::from_pem_file(&file).expect("a key");
    let builder = ServerConfig::builder().with_no_client_auth();
    Arc::new(builder.with_single_cert(chain, key).expect("a configuration"))
}
