//! No core dump: it would hold every secret that sources were asked with.

/// Sees to it that this process leaves none when it crashes. The commands it starts keep what their user has set.
#[cfg(target_os = "linux")]
pub fn forbid() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    // It ends with the next `exec`, unlike a limit, and holds for dumps that go into a pipe as well.
    if set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err() {
        limit();
    }
}

/// Sees to it that this process leaves none when it crashes. The commands it starts may ask for theirs again.
#[cfg(not(target_os = "linux"))]
pub fn forbid() {
    limit();
}

fn limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Core).maximum;
    let _unlimited = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
}
