//! What each action does, first those that work everywhere, then those of the view.

use super::{
    App, Effect, Overlay, View,
    action::{Action, Scope, TABLE},
    field::Field,
    overlay::{Fill, Palette, Picker, Prompt, Purpose},
};
use crate::incident::{Event, ranking::RowId};

impl App {
    /// The actions that apply in this view, in the order of the table; those of the view come first.
    pub fn actions_here(&self) -> Vec<Action> {
        let of = |scope: Scope| TABLE.iter().filter(move |spec| spec.scope == scope).map(|spec| spec.action);
        of(Scope::In(self.view)).chain(of(Scope::Everywhere)).collect()
    }

    /// Those that would do something, and below them those of the other views, for the palette.
    pub(super) fn actions_anywhere(&self) -> Vec<Action> {
        let here = self.actions_here();
        let others = TABLE.iter().map(|spec| spec.action).filter(|action| !here.contains(action)).collect::<Vec<_>>();
        let possible = here.into_iter().filter(|action| self.can(*action));
        possible.chain(others.into_iter().filter(|action| self.can(*action))).collect()
    }

    /// Does an action of any view; one of another view is done there.
    pub(super) fn perform_anywhere(&mut self, action: Action) -> Vec<Effect> {
        if let Scope::In(view) = action.spec().scope {
            self.show(view);
            self.hold(false);
        }
        self.perform(action)
    }

    /// Does an action, unless what it would be done to is there no more: that is said first.
    pub(super) fn perform(&mut self, action: Action) -> Vec<Effect> {
        if self.acts_on_selection(action) && self.tell_gone() {
            // What was typed behind it was meant for what is gone, too.
            self.refused();
            return Vec::new();
        }
        self.perform_now(action)
    }

    pub(super) fn perform_now(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Watch => self.show(View::Watch),
            Action::Board => self.show(View::Board),
            Action::Act => self.show(View::Act),
            Action::Log => self.show(View::Log),
            Action::Learn => self.show(View::Learn),
            Action::Coach => return self.take_advice(),
            Action::Note => self.open_note(),
            Action::TakeSymptom => return self.take_symptom(),
            Action::AddHypotheses => self.open_picker(),
            Action::FoldStorm => self.open_storm(),
            Action::Acknowledge => return self.acknowledge(),
            Action::ParkWhy => self.ask(Purpose::ParkWhy),
            Action::Filter => {
                let filter = self.watch.filter.clone();
                self.ask_with(Purpose::Filter, &filter);
            }
            Action::Palette => self.open_palette(),
            Action::Help => self.overlay = Some(Overlay::Help { scroll: 0 }),
            Action::Pin => return self.pin(),
            Action::Copy => return self.copy(),
            Action::Undo => return self.undo(),
            Action::Redo => return self.redo(),
            Action::Refresh => return vec![Effect::PollNow, Effect::Redraw],
            Action::Zone => {
                self.utc = !self.utc;
                self.say(if self.utc { "times are UTC" } else { "times are local" });
            }
            Action::Title => {
                let title = self.incident.summary.title.clone();
                self.ask_with(Purpose::Title, &title);
            }
            Action::Severity => self.ask(Purpose::Severity),
            Action::Onset => {
                if let Some(onset) = self.incident.onset() {
                    let time = super::clock::time(onset, &self.zone, self.utc);
                    self.say(format!("the onset is {time}"));
                }
                self.ask(Purpose::Onset);
            }
            Action::Load => self.ask(Purpose::LoadBoard),
            Action::Save => self.ask_where_to_save(),
            Action::Quit | Action::QuitNow => return self.quit(),
            _ => return self.perform_in_view(action),
        }
        Vec::new()
    }

    fn perform_in_view(&mut self, action: Action) -> Vec<Effect> {
        match self.view {
            View::Watch => self.watch_action(action),
            View::Board => self.board_action(action),
            View::Act => self.act_action(action),
            View::Log => {
                self.log_action(action);
                Vec::new()
            }
            View::Learn => self.learn_action(action),
        }
    }

    pub(super) fn show(&mut self, view: View) {
        self.view = view;
    }

    /// Opens a field; what was left in it before stands there again.
    pub(super) fn ask(&mut self, purpose: Purpose) {
        self.ask_with(purpose, "");
    }

    /// The same, saying `text` when nothing was left in it.
    pub(super) fn ask_with(&mut self, purpose: Purpose, text: &str) {
        if self.read_only && purpose != Purpose::Filter {
            return self.complain("read-only: nothing is written");
        }
        let draft = purpose.draft_name().and_then(|name| self.my_draft(&name).map(str::to_owned));
        let aside = || purpose.aside_name().and_then(|name| self.left.get(name).cloned());
        let text = draft.or_else(aside).unwrap_or_else(|| text.to_owned());
        self.overlay = Some(Overlay::Prompt(Prompt::new(purpose, &text)));
    }

    pub(super) fn open_note(&mut self) {
        if self.read_only {
            return self.complain("read-only: nothing is written");
        }
        self.overlay = Some(Overlay::Note(Field::block(self.my_draft("note").unwrap_or_default())));
    }

    fn open_palette(&mut self) {
        self.overlay = Some(Overlay::Palette(Palette { field: Field::line(""), found: Vec::new(), cursor: 0 }));
        self.search_palette();
    }

    /// Offers hypotheses to add.
    pub(super) fn open_picker(&mut self) {
        if self.read_only {
            return self.complain("read-only: nothing is written");
        }
        let typed = self.my_draft("hypothesis").unwrap_or_default().to_owned();
        let mut picker = Picker::new(self.candidates(), &typed);
        picker.mark_again(&self.board.marked);
        self.overlay = Some(Overlay::Picker(picker));
    }

    /// The selection becomes a symptom; with nothing selected, or outside of the panes, one is typed.
    pub(super) fn take_symptom(&mut self) -> Vec<Effect> {
        let taken = if self.view == View::Watch { self.selection_as_symptom() } else { None };
        match taken {
            Some(event) => self.record_symptom(event),
            None => {
                self.ask(Purpose::Symptom);
                Vec::new()
            }
        }
    }

    pub(super) fn record_symptom(&mut self, event: Event) -> Vec<Effect> {
        if let Event::ObservationAdded { text, origin, .. } = &event {
            let same = |column: &&crate::incident::Observation| {
                column.text == *text || (origin.is_some() && column.origin == *origin && column.cleared.is_none())
            };
            if let Some(column) = self.incident.board.observations.iter().find(same) {
                let said = format!("already on the board as {}", column.label);
                self.say(said);
                return Vec::new();
            }
            if !self.read_only {
                self.say(format!("symptom: {}", crate::signal::scrub::clipped(text, 40)));
            }
        }
        let draft = self.draft(event);
        self.board.column = Some(draft.id);
        self.record_drafts(vec![draft])
    }

    fn acknowledge(&mut self) -> Vec<Effect> {
        self.say("noted: you are on it");
        self.record(vec![Event::Acknowledged { what: String::new() }])
    }

    fn pin(&mut self) -> Vec<Effect> {
        let evidence = match self.selection_as_symptom() {
            Some(Event::ObservationAdded { evidence: Some(evidence), .. }) if self.view == View::Watch => evidence,
            _ => {
                self.complain("select a pane in Watch to pin its reading");
                return Vec::new();
            }
        };
        self.say(format!("pinned: {} {}", evidence.title, evidence.value));
        self.record(vec![Event::Pinned { evidence }])
    }

    fn copy(&mut self) -> Vec<Effect> {
        let text = match self.view {
            View::Watch => self.selection_as_symptom().map(|event| match event {
                Event::ObservationAdded { text, .. } => text,
                _ => String::new(),
            }),
            View::Board => {
                let row = self.selected_hypothesis().and_then(|id| self.incident.board.hypothesis(id));
                let row = row.map(|row| format!("{} {}", row.label, row.text));
                let parts: Vec<String> = row.into_iter().chain(self.column_line()).collect();
                Some(parts.join(" · "))
            }
            View::Act => self.selected_act().map(|item| match item {
                super::ActItem::Mitigation(m) => m.text.clone(),
                super::ActItem::Command(at) => self.config.commands[at].argv.join(" "),
                super::ActItem::Change(record) => record.change.title.clone(),
            }),
            View::Log => self.selected_log_line(),
            View::Learn => self.selected_learning().line(self),
        };
        match text.filter(|text| !text.is_empty()) {
            Some(text) => {
                self.say("copied, if the terminal takes OSC 52");
                vec![Effect::Copy(text)]
            }
            None => {
                self.complain("nothing selected to copy");
                Vec::new()
            }
        }
    }

    /// The column the cursor was put on, with its state and what was seen there.
    fn column_line(&self) -> Option<String> {
        let column = self.board.column.and_then(|id| self.incident.board.observation(id))?;
        let note = if column.note.trim().is_empty() { String::new() } else { format!(" ({})", column.note) };
        let line = format!("{} {}: {}{note}", column.label, column.text, column.state.word());
        Some(line.lines().map(str::trim).collect::<Vec<_>>().join(" "))
    }

    /// Takes back what the last keystroke of this author recorded: all entries of one append belong together.
    fn undo(&mut self) -> Vec<Effect> {
        let group = self.incident.last_undoable(&self.author);
        if group.is_empty() {
            self.say("nothing of yours to undo");
            return Vec::new();
        }
        if let Some(other) = group.iter().find_map(|id| self.written_since(*id)) {
            self.complain(format!("not undone: {other} has written there since"));
            return Vec::new();
        }
        let redo = self.keymap.key(Action::Redo);
        self.say(format!("undone; {redo} brings it back"));
        self.record(group.into_iter().map(|entry| Event::Undone { entry }).collect())
    }

    fn redo(&mut self) -> Vec<Effect> {
        let group = self.incident.last_undone(&self.author);
        if group.is_empty() {
            self.say("nothing to redo");
            return Vec::new();
        }
        self.record(group.into_iter().map(|entry| Event::Redone { entry }).collect())
    }

    /// Someone else who has since written to what an entry of ours added or changed.
    fn written_since(&self, id: crate::incident::Id) -> Option<String> {
        let entries = self.incident.entries();
        let at = entries.iter().position(|entry| entry.id == id)?;
        let ours = &entries[at].event;
        let foreign = entries[at + 1..].iter().filter(|e| e.by != self.author && !self.incident.is_undone(e.id));
        let mut touching = foreign.filter(|e| e.event.concerns(id) || e.event.overwrites(ours));
        touching.next().map(|entry| entry.by.clone())
    }

    /// Opens the fill strip for rows just added, once the journal has them.
    pub(super) fn open_fill(&mut self) {
        if self.awaited.rows.is_empty()
            || self.awaited.rows.iter().any(|id| self.incident.board.hypothesis(*id).is_none())
        {
            return;
        }
        let rows = &std::mem::take(&mut self.awaited.rows);
        self.board.row = rows.first().copied().map(RowId::Named);
        if self.overlay.is_some() {
            return;
        }
        if let Some(fill) = Fill::of(&self.incident.board, rows) {
            self.show(View::Board);
            self.overlay = Some(Overlay::Fill(fill));
        }
    }
}
