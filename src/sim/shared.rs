//! What the handlers of all servers share: the world, brought up to the present whenever someone looks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::world::World;

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    world: Mutex<World>,
    prometheus_url: String,
}

impl Shared {
    /// This world, whose alerts link to the Prometheus at `prometheus_url`.
    pub fn new(world: World, prometheus_url: String) -> Self {
        Self(Arc::new(Inner { world: Mutex::new(world), prometheus_url }))
    }

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
