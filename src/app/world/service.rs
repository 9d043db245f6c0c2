//! Which service a text speaks of.

use crate::base::words;

/// Whether a text names a service as a word of its own: `checkout` stands in `rollback-checkout`, not in `checkouts`.
pub(in crate::app) fn names(text: &str, service: &str) -> bool {
    words::has(text, service)
}
