//! What follows from what, and in which order it is brought up to date: after each message one [`refresh`] walks
//! [`ORDER`] and works out anew what is old.
//!
//! Most values are of a state. The stamp that tells it from other states is kept beside the value, not here: whoever asks
//! in the middle of a message sees by it that the value is old. What the cursors are on follows what has happened, its
//! [`Cause`], instead. Nothing here decides anything, and nothing is a fact about the incident.

use crate::{
    app::{
        App, Effect, Msg, Overlay, attention, coach,
        commands::{around, verify},
        screen::log,
        selections::{self, lists},
        task,
        world::{closest_alert, comparison, rows::cache, runbooks, smells, storm, worst_alert},
    },
    dashboard::QueryId,
};

/// What nothing else is behind: it changes with a message only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Given {
    /// Facts as the journal has them.
    Incident,
    /// What the journal has not confirmed.
    Outbox,
    /// What the sources answered, and how long ago.
    Signals,
    /// Views, filters, overlays.
    Screen,
}

/// A value that is worked out of others and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Value {
    /// How often each panel of a dashboard is asked.
    Attention,
    /// Who is asked for the past that charts are compared with.
    Comparison,
    /// The rows of each pane.
    Rows,
    /// The lines of Log.
    Timeline,
    /// The row that the cursor of a pane is put on as soon as there is one.
    FirstCursors,
    /// What the cursors that are seen are on, and what has vanished from under them.
    Held,
    /// How many alerts fire, and in how many symptoms.
    StormSize,
    /// The alert that matters most.
    WorstAlert,
    /// The alert that is closest to the cause.
    ClosestAlert,
    /// The runbooks that what fires is about.
    Runbooks,
    /// Which curves smell.
    Smells,
    /// What follows from the board, beyond the ranking.
    Judgement,
    /// The steps that were offered and left.
    Dismissed,
    /// The lines of a question that follow what goes on while it is open.
    Question,
    /// The advice that the next frame shows.
    Offer,
}

/// Something of which a value is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Input {
    Given(Given),
    Derived(Value),
}

/// When a value is brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum When {
    /// After each message.
    Message,
    /// Before a frame is drawn. What the person saw, and since when, is known of frames only: of advice that came and
    /// went between two of them nobody has seen anything.
    Frame,
}

/// What has just happened, for values that follow a happening and not a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Cause {
    /// A key, a paste or the mouse. What vanishes by it is not missed, and the keys have seen to that.
    Input,
    /// A query has come back.
    Polled(QueryId),
    /// The journal has said something of what it was given. What vanishes by it is told to the keys that waited for it.
    Journal,
    Other,
    /// Nothing since the last refresh.
    Nothing,
}

/// One derived value.
pub(in crate::app) struct Derived {
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the order against it"))]
    pub(in crate::app) value: Value,
    /// What it is worked out of.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the order against it"))]
    pub(in crate::app) from: &'static [Input],
    pub(in crate::app) when: When,
    /// Whether its stamp is the one that what it follows from has now.
    pub(in crate::app) is_current: fn(&App, Cause) -> bool,
    pub(in crate::app) refresh: fn(&mut App, Cause) -> Vec<Effect>,
}

use Given::{Incident, Outbox, Screen, Signals};
use Input::Given as G;

/// All derived values, each behind what it follows from.
pub(in crate::app) const ORDER: &[Derived] = &[
    Derived {
        value: Value::Attention,
        from: &[G(Screen)],
        when: When::Message,
        // The view, the focus, the size, the panels there are.
        is_current: |app, _| attention::is_current(app),
        refresh: |app, _| attention::follow(app),
    },
    Derived {
        value: Value::Comparison,
        from: &[G(Screen), Input::Derived(Value::Attention)],
        when: When::Message,
        // How much earlier, the window, the panes, the panels that were seen.
        is_current: |app, _| comparison::is_current(app),
        refresh: |app, _| comparison::follow(app),
    },
    Derived {
        value: Value::Rows,
        from: &[G(Signals), G(Screen)],
        when: When::Message,
        // Stamps of the readings, the filter, the zoom.
        is_current: |app, _| cache::is_current(app),
        refresh: |app, _| {
            cache::keep_rows(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::Timeline,
        from: &[G(Incident), G(Outbox), G(Screen)],
        when: When::Message,
        // The version of the incident, in the view that shows it.
        is_current: |app, _| log::is_told(app),
        refresh: |app, _| {
            log::tell(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::FirstCursors,
        from: &[G(Signals), Input::Derived(Value::Rows)],
        when: When::Message,
        // A pane that nobody moved in gets its cursor when it is told something.
        is_current: |_, cause| cause.polled().is_none(),
        refresh: |app, cause| {
            if let Some(query) = cause.polled() {
                lists::begin(app, query);
                around::begin(app, query);
            }
            Vec::new()
        },
    },
    Derived {
        value: Value::Held,
        from: &[
            G(Incident),
            G(Outbox),
            G(Screen),
            Input::Derived(Value::Rows),
            Input::Derived(Value::Timeline),
            Input::Derived(Value::FirstCursors),
        ],
        when: When::Message,
        // What keys and the journal have changed was seen to at once: a key that follows must find it.
        is_current: |_, cause| matches!(cause, Cause::Input | Cause::Journal | Cause::Nothing),
        refresh: |app, _| {
            selections::hold(app, false);
            Vec::new()
        },
    },
    Derived {
        value: Value::StormSize,
        from: &[G(Signals), Input::Derived(Value::Rows)],
        when: When::Message,
        // Stamps of the readings of alerts.
        is_current: |app, _| storm::is_watched(app),
        refresh: |app, _| {
            storm::watch_storm(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::WorstAlert,
        from: &[G(Signals), Input::Derived(Value::Rows)],
        when: When::Message,
        // Stamps of the readings of alerts, the vital that hurts.
        is_current: |app, _| worst_alert::is_current(app.facts()),
        refresh: |app, _| {
            worst_alert::refresh(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::Runbooks,
        from: &[G(Signals), Input::Derived(Value::Rows)],
        when: When::Message,
        // Stamps of the readings of alerts; forgotten when the files have changed.
        is_current: |app, _| runbooks::is_current(app),
        refresh: |app, _| {
            runbooks::refresh(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::Smells,
        from: &[G(Incident), G(Signals)],
        when: When::Message,
        // How many answers there are, and the onset; not while it is being worked out, nor just after.
        is_current: |app, _| smells::is_current(app),
        refresh: |app, _| {
            let question = smells::ask(app).map(|question| task::Task::Smell(Box::new(question)));
            question.map(Effect::Compute).into_iter().collect()
        },
    },
    Derived {
        value: Value::Judgement,
        from: &[G(Incident), G(Outbox)],
        when: When::Message,
        // The newest entry that may have changed what the ranking says, and how often what is pending was put on top anew.
        is_current: |app, _| task::is_judged_or_asked(app),
        refresh: |app, _| task::judge(app).map(Effect::Compute).into_iter().collect(),
    },
    Derived {
        value: Value::Dismissed,
        from: &[G(Outbox), G(Screen)],
        when: When::Message,
        is_current: |app, _| !app.coach.dismissed.is_open() || app.screen.overlay.is_some() || app.outbox.keys_wait(),
        refresh: |app, _| {
            app.coach.dismissed.close();
            Vec::new()
        },
    },
    Derived {
        value: Value::Question,
        from: &[G(Incident), G(Signals), G(Screen), Input::Derived(Value::WorstAlert)],
        when: When::Message,
        is_current: |app, _| !matches!(&app.screen.overlay, Some(Overlay::Choice(choice)) if choice.follows.is_some()),
        refresh: |app, _| {
            verify::tell_on(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::ClosestAlert,
        from: &[G(Incident), G(Outbox), G(Signals), Input::Derived(Value::Rows)],
        when: When::Frame,
        // Stamps of the readings of alerts, the vital that hurts, onset, changes, board; while the coach may name it.
        is_current: |app, _| !coach::symptom::wants_alert(app.case()) || closest_alert::is_current(app.facts()),
        refresh: |app, _| {
            closest_alert::refresh(app);
            Vec::new()
        },
    },
    Derived {
        value: Value::Offer,
        from: &[
            G(Incident),
            G(Signals),
            G(Screen),
            Input::Derived(Value::StormSize),
            Input::Derived(Value::WorstAlert),
            Input::Derived(Value::ClosestAlert),
            Input::Derived(Value::Judgement),
            Input::Derived(Value::Dismissed),
        ],
        when: When::Frame,
        // Old after each message.
        is_current: |app, _| !app.coach.offer.is_stale(),
        refresh: |app, _| {
            let advice = coach::advise(app.case());
            match app.facts().judgement {
                Some(_) => app.coach.offer.show(advice, app.session.now),
                None => app.coach.offer.show_meanwhile(advice),
            }
            Vec::new()
        },
    },
];

/// Brings up to date what follows from what has happened.
pub(in crate::app) fn refresh(app: &mut App, cause: Cause) -> Vec<Effect> {
    app.coach.offer.stale();
    walk(app, When::Message, cause)
}

/// Brings up to date what only a frame needs.
pub(in crate::app) fn before_frame(app: &mut App) {
    // Nothing that is worked out for a frame asks for anything.
    drop(walk(app, When::Frame, Cause::Nothing));
}

fn walk(app: &mut App, when: When, cause: Cause) -> Vec<Effect> {
    let mut effects = Vec::new();
    for derived in ORDER.iter().filter(|derived| derived.when == when) {
        if !(derived.is_current)(app, cause) {
            effects.extend((derived.refresh)(app, cause));
        }
    }
    effects
}

impl Cause {
    pub(in crate::app) fn of(msg: &Msg) -> Self {
        match msg {
            Msg::Key(_) | Msg::Paste(_) | Msg::Line(_) | Msg::Mouse(_) => Self::Input,
            Msg::Polled { query, .. } => Self::Polled(*query),
            Msg::Recorded(_) | Msg::Rebased(_) | Msg::Confirmed(_) | Msg::Unconfirmed | Msg::NotRecorded(..) => {
                Self::Journal
            }
            _ => Self::Other,
        }
    }

    fn polled(self) -> Option<QueryId> {
        match self {
            Self::Polled(query) => Some(query),
            _ => None,
        }
    }
}
