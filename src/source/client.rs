//! A connected source: what it answers, and what can be changed at it.
//!
//! The one seam between those who ask (polling, `stanch check`) and the kinds of sources. A client knows nothing of
//! intervals, of panes or of who wants to know, and decides nothing about times: all that is in the [`Request`].

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{Failure, dashboard_server::DashboardServer, http::Http, request::Request};
use crate::signal::{Data, Fault, FaultKind, Operation, Receipt, WriteKind};

/// What a source says, and what a person should know about that.
pub(super) type Content = (Data, Vec<String>);

/// One source of some kind. Made by its kind's `connect`, once, and shared by all who ask it.
pub(super) trait Client: Send + Sync {
    /// Asks once.
    fn read<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Content, Failure>>;

    /// Whether the source is there, where nothing is asked of it. How many series, rows or lines came of finding out.
    fn probe(&self, now: Timestamp) -> BoxFuture<'_, Result<usize, Failure>>;

    /// Changes something at the source, once. It is not tried again: that it failed says nothing about what was done.
    fn write<'a>(&'a self, operation: &'a Operation) -> BoxFuture<'a, Result<Receipt, Failure>> {
        Box::pin(async move { Err(cannot_write(operation.kind())) })
    }

    /// The server behind it: what it was sent must not be quoted, and its clock may be off.
    fn http(&self) -> Option<&Http> {
        None
    }

    /// What else it can be asked, where it has dashboards.
    fn dashboard_server(&self) -> Option<&dyn DashboardServer> {
        None
    }
}

/// That a client was asked for something its kind does not give.
pub(super) fn cannot() -> Failure {
    Fault::new(FaultKind::BadQuery, "a source of this kind cannot be asked that").into()
}

/// That a client was told to write what its kind does not take.
pub(super) fn cannot_write(what: WriteKind) -> Failure {
    Fault::new(FaultKind::BadQuery, format!("nothing can be {} at a source of this kind", what.done())).into()
}
