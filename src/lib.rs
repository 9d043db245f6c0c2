//! A terminal cockpit that one responder keeps open during an outage. It polls the team's dashboards and alerts into
//! panes, holds a board of hypotheses and the symptoms each one explains, says what to do next, and leaves notes that
//! paste into the postmortem.
//!
//! # Four nouns
//!
//! The program is told in them:
//!
//! - [`Event`](incident::Event): a fact about the incident that is on disk, in the past tense. With a number, an id, a
//!   time and an author it is an [`Entry`](incident::Entry).
//! - [`Msg`](app::Msg): something that just happened to the running program: a key, a poll that came back, a tick of the
//!   clock, entries that are now recorded.
//! - [`Action`](app::Action): what a person intends: one row of [`app::action`] has its name, its words, its keys, where
//!   it applies and the function that does it.
//! - [`Effect`](app::Effect): something the program asks of the outside, as data.
//!
//! # Layers
//!
//! ```text
//!  cli                              one file a command: reads its options, calls what does it
//!  ───────────────────────────────
//!  runtime                          the loop, its tasks and threads, and what a person sits before: a terminal, or lines
//!  ───────────────────────────────
//!  failure                          why the program ends without its answer
//!  ───────────────────────────────
//!  ui   source   journal   sim      draw a frame, or say it in sentences; ask a system; keep the log; play a shop
//!  ───────────────────────────────
//!  app                              update(&mut self, Msg) -> Vec<Effect>
//!  ───────────────────────────────
//!  dashboard                        which queries follow, for whom and how often they are asked; variables
//!  ───────────────────────────────
//!  config                           stanch.toml as data, and what each kind of source can
//!  ───────────────────────────────
//!  runbook                          Markdown files as teams have them, and which of them an alert is about
//!  incident                         facts and judgement: board, ranking, checks, timeline, report
//!  signal                           what sources can say, free of wire formats, and what follows from that alone
//!  grafana                          dashboards: what each panel asks, and what it shows of the answers
//!  ───────────────────────────────
//!  base   files                     text made harmless, ages in words, TOML with positions, secrets struck out; files
//!                                   written whole or not at all, and read without waiting
//! ```
//!
//! A layer imports from below, never from above, and those side by side do not know each other: [`ui`] cannot poll,
//! [`source`] cannot draw, [`journal`] knows no screen, and [`sim`] is reached by HTTP only. [`base`], [`grafana`], [`signal`],
//! [`incident`], [`runbook`], [`dashboard`], [`app`] and [`ui`] do no I/O, wait for nothing, and read no clock: time comes in as
//! [`Msg::Tick`](app::Msg::Tick). `tests/architecture.rs` holds this, and fails with file and line.
//!
//! # Six ways through it
//!
//! **From a poll to the screen.** One task a [source] asks, decodes and sorts, off the thread that draws. What comes back
//! is a [`Reading`](signal::Reading) or a [`Fault`](signal::Fault), as [`Msg::Polled`](app::Msg::Polled): a failure is a
//! state of a pane, not an error path. Only turns become events: an alert group fired, a vital left its range, a source
//! was lost; and of each source so many an hour, the rest is counted. Raw samples are never recorded; a pinned reading is.
//!
//! **From a key to the screen.** [`Msg::Key`](app::Msg::Key) becomes an action by way of the
//! [`Keymap`](app::Keymap), or the answer to the dialog that is open (`app::dialogs`); [`App::update`](app::App::update) answers [`Effect::Record`](app::Effect::Record) and leaves
//! the incident as it is. The [journal] is submitted to, [`Msg::Recorded`](app::Msg::Recorded) comes back, and only then
//! [`Incident::apply`](incident::Incident::apply) changes the facts and the ranking. When nothing comes for a while, what
//! the person did is shown as pending and the keys go on. A frame is the
//! [`patches`](ui::patches) that differ from the one before.
//!
//! **From a check to the ranking.** Running one records [`CheckStarted`](incident::Event::CheckStarted); that it runs is a
//! fact, so whoever resumes asks the same; of sources that may do more than be read, once that person says so.
//! [`app::world::checks`] follows the facts with [`Effect::Subscribe`](app::Effect::Subscribe), and the
//! answers come back as any poll. [`signal::verdict`] says what the condition comes to on the curve itself; only a turn
//! becomes an event, and what it does to its column is said in [`incident::check`].
//!
//! **From a dashboard to the screen.** [`runtime::dashboards`] reads the file, or asks Grafana for it; [`grafana::model`] makes
//! of it what today's Grafana would have written; its variables are asked in rounds. Each panel is one query,
//! [`Ask::Panel`](dashboard::Ask::Panel): each of its queries goes the way that [`grafana::routes`] knows, straight to a source
//! or through Grafana, and [`grafana::evaluate`] says what Grafana would show. What comes back is a
//! [`Reading`](signal::Reading) as any other.
//!
//! **From a storm to a symptom.** [`signal::storm::fold`] is a pure function from alerts to at most twelve proposals, each
//! with why its alerts belong together. [`app::screen::overlay::storm`] keeps the list still while a person takes, splits
//! or drops; what is taken is one observation of one origin, and a [`Folded`](incident::Folded) keeps what it stood for.
//!
//! **From quitting to the notes.** [`report::markdown`](incident::report::markdown) is a pure function of the incident.
//! The runtime writes what it answers, leaves the screen, and prints where the notes are. `stanch export` on the replayed
//! journal gives the same bytes.
//!
//! # Invariants
//!
//! - The screen shows no fact that the journal does not hold, but for what is pending: submitted by this cockpit, not
//!   confirmed yet, and marked so. Once all is confirmed, live state equals replayed state.
//! - `apply` cannot fail. An entry that makes no sense, or that a later version wrote, is kept and changes nothing.
//! - Whatever comes from outside is scrubbed where it enters, by [`base::text`], and what stands in a journal when it is
//!   read, because anyone may have edited it: no control character, escape sequence or reversed text reaches the terminal,
//!   the journal or the notes.
//! - A vital that is stale, empty or NaN is unknown, never healthy. An alert that vanished while its source failed is lost
//!   from sight, not resolved.
//! - A check that runs never takes a present back, and a person's word stands until it shows something new; see
//!   [`incident::check`].
//! - A row's number is exactly the sum of the reasons it shows, in tenths of a bit; see [`incident::ranking`].
//! - Nothing that changes the world runs until a person has seen the command whole and typed its name.
//! - `>` does the step that was on the screen long enough to be read, or nothing.
//! - The log for bug reports is written by the runtime alone: it says what became of polls and appends, not what was typed
//!   or recorded, and no library can write there.
//! - Drawing takes `&App` and returns nothing that can fail, at any size.
//!
//! # Where to look
//!
//! | for | look into |
//! |---|---|
//! | what is under the mouse, and what it does there | [`ui::hit`], [`app::mouse`], `app::input::pointer` |
//! | where a key becomes an action, and an action something done | [`app::input`], [`app::action`], [`app::commands`] |
//! | where a poll's answer is kept | [`app::world::signals`] |
//! | what decides which query is asked, and how often | [`dashboard::Plan`], [`dashboard::Subscriptions`]; `source::poll` keeps to them |
//! | whether a source is heard, and since when it is not | [`signal::health`] |
//! | where the selection of each list lives | a `screen::cursor` in the file of its view, as `app::screen::watch` |
//! | how a key is kept from what took the place of a row that vanished | `app::screen::selection`, and [`app::selections`] |
//! | what was submitted and is not in the log yet | [`app::outbox`], and `runtime::journal_link` |
//! | how much of what a source shows is written, and what is said of the rest | `app::world::transitions::flood` |
//! | where an incident's status is decided | [`incident::summary`] |
//! | what ran when, and whether a change went back | [`incident::rollouts`] |
//! | where a secret is struck out | [`base::redact`] |
//! | which kinds of sources there are, and what each can | [`config::kinds`], and `source::registry` |
//! | what follows from what after a message, in which order | `app::derived` |
//! | what a person sits before: the full screen, or lines | `runtime::front_end` |
//! | how one incident is left for another | [`app::another`], `runtime::event_loop::switch` |
//! | what a panel of a dashboard asks and shows | [`grafana::plan`], [`grafana::evaluate`]; as which pane: `app::world::dashboards`; where it stands: `app::screen::layout` |
//! | who is asked what a dashboard asks | [`grafana::routes`], made in [`runtime::dashboards`]; a Grafana: `source::grafana` |
//! | what a variable can be set to, and what follows from it | [`grafana::variable`]; the list: [`app::screen::overlay::variables`] |
//! | which panels are asked how often | `app::attention`; what of them is asked once: `source::shared` |
//! | which log lines are one row | [`signal::log_pattern`] |
//! | which curves smell fishy, and why | [`signal::anomaly`]; when that is worked out: `app::smelling`; what is shown: `app::world::smells` |
//! | what is changed at a source, and what came of it | [`signal::Operation`], `app::commands::silence`, `source::alertmanager::silence` |
//! | what charts are compared with | `app::world::comparison`; how it is asked: `source::earlier` |
//! | where a panel leads to | `grafana::links`, `app::commands::links` |
//! | which runbook an alert gets, and why | [`runbook`]; read from disk: [`runtime::runbooks`] |
//! | how lines of Loki are followed from poll to poll | `source::loki::tail` |
//! | what a query of Loki gives, and which lines are around a moment | [`signal::logql`], `app::world::moment` |
//! | which characters and links a terminal has | [`ui::glyphs`], `runtime::tty::links` |
//! | what is said to a screen reader, and what a typed line means | [`ui::plain`], [`app::typed`] |
//!
//! And to begin with: [`incident::Event`] and [`incident::Incident`] for what can be known; [`app::Msg`], [`app::Effect`]
//! and [`app::App::update`] for what can happen; [`incident::ranking::weight`] for the one table of weights; [`app::coach`]
//! for what the program thinks a person should do next; [`runtime`] for where it all meets the terminal.

pub mod app;
pub mod base;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod failure;
pub mod files;
pub mod grafana;
pub mod incident;
pub mod journal;
pub mod runbook;
pub mod runtime;
pub mod signal;
pub mod sim;
pub mod source;
pub mod ui;
