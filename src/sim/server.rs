//! The thread that serves the simulator, and what its handlers share.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    alertmanager,
    feeds::Deployment,
    params::Params,
    prometheus,
    world::{Refused, World},
};

/// The state that all handlers share.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    prometheus_url: String,
}

impl Shared {
    /// The world as it is now, and the time in milliseconds since the epoch.
    pub fn present(&self) -> (MutexGuard<'_, World>, i64) {
        let mut world = self.0.world.lock().unwrap_or_else(PoisonError::into_inner);
        let now = world.clock.now_ms();
        let story = world.clock.story(now);
        world.catch_up(story);
        (world, now)
    }

    pub fn prometheus_url(&self) -> &str {
        &self.0.prometheus_url
    }
}

/// Where the servers listen, and how to end them.
pub(super) struct Servers {
    pub prometheus: SocketAddr,
    pub alertmanager: SocketAddr,
    pub shop: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Servers {
    /// Binds three ports on loopback and serves the world from a thread of its own.
    pub fn start(world: World) -> io::Result<Self> {
        let listeners = [bind()?, bind()?, bind()?];
        let [prometheus, alertmanager, shop] = &listeners;
        let (prometheus, alertmanager, shop) =
            (prometheus.local_addr()?, alertmanager.local_addr()?, shop.local_addr()?);
        let shared =
            Shared(Arc::new(Inner { world: Mutex::new(world), prometheus_url: format!("http://{prometheus}") }));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("sim".into()).spawn(move || {
            runtime.block_on(async {
                let routers =
                    [prometheus::router(shared.clone()), alertmanager::router(shared.clone()), router(shared)];
                for (listener, router) in listeners.into_iter().zip(routers) {
                    // Cannot fail for a listener that is bound and does not block; a port without a server is refused.
                    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { continue };
                    tokio::spawn(async move { axum::serve(listener, router).await });
                }
                // Ends when asked to, and when the handle is gone.
                let _ = stopped.await;
            });
            runtime.shutdown_background();
        })?;
        Ok(Self { prometheus, alertmanager, shop, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has been reported already.
            let _ = thread.join();
        }
    }
}

fn bind() -> io::Result<TcpListener> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The shop's own feeds: deployments, logs, and a door for those who act.
fn router(shared: Shared) -> Router {
    Router::new()
        .route("/api/deployments", get(deployments))
        .route("/api/logs", get(logs))
        .route("/act/{action}", post(act))
        .with_state(shared)
}

async fn deployments(State(shared): State<Shared>) -> impl IntoResponse {
    let (world, now) = shared.present();
    let now = world.clock.story(now);
    let mut all: Vec<&super::feeds::Change> = world.changes.iter().collect();
    all.sort_by(|a, b| b.started.total_cmp(&a.started));
    let all: Vec<Deployment> = all.into_iter().map(|change| change.deployment(world.clock, now)).collect();
    Json(json!({ "deployments": all }))
}

/// `?service=checkout&level=error&limit=100`; `?format=jsonl` answers one JSON object a line.
async fn logs(State(shared): State<Shared>, params: Params) -> impl IntoResponse {
    let (world, _) = shared.present();
    let limit = params.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(100);
    let lines = world.logs.newest(params.get("service"), params.get("level"), limit);
    if params.get("format") == Some("jsonl") {
        let lines = lines.iter().filter_map(|line| serde_json::to_string(line).ok());
        let body: String = lines.map(|line| line + "\n").collect();
        return ([("content-type", "application/x-ndjson")], body).into_response();
    }
    Json(json!({ "lines": lines })).into_response()
}

async fn act(State(shared): State<Shared>, Path(action): Path<String>) -> impl IntoResponse {
    let (mut world, now) = shared.present();
    let now = world.clock.story(now);
    match world.act(&action, now) {
        Ok(text) => (StatusCode::OK, text + "\n"),
        Err(Refused::Pointless(why)) => (StatusCode::CONFLICT, format!("{why}\n")),
        Err(Refused::Unknown) => (StatusCode::NOT_FOUND, format!("no such action: {action}\n")),
    }
}
