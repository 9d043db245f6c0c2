//! The journal as other programs and other processes meet it: on a real file system, with real locks.
//!
//! What a single line or a single part may look like is tested beside the code that reads it.
#![expect(clippy::disallowed_methods, reason = "these tests damage files, set clocks and start processes")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests may panic")]

#[path = "journal/broken.rs"]
mod broken;
#[path = "journal/fixture.rs"]
mod fixture;
#[path = "journal/form.rs"]
mod form;
#[path = "journal/full.rs"]
mod full;
#[path = "journal/listing.rs"]
mod listing;
#[path = "journal/replaced.rs"]
mod replaced;
#[path = "journal/replay.rs"]
mod replay;
#[path = "journal/several.rs"]
mod several;
#[path = "journal/spill.rs"]
mod spill;
#[path = "journal/stopped.rs"]
mod stopped;
#[path = "journal/thread.rs"]
mod thread;

use std::{
    collections::VecDeque,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader, Write},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    time::{Duration, Instant},
};

use fixture::*;
use jiff::{SignedDuration, Timestamp};
use stanch::{
    incident::{
        AlertTurn, Draft, Entry, Event, Id, Incident, ObservationState, Status,
        board::{CheckQuery, CheckSpec},
    },
    journal::{self, Access, Home, Journal, JournalError, Listing, News, Spilled, Stall, Store, Tail, Warning, Worker},
    signal::Severity,
};
use tempfile::TempDir;

const AUTHOR: &str = "alice@host";
