//! From a key to an action.

use std::collections::{BTreeMap, HashMap};

use jiff::SignedDuration;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::app::{
    action::{Action, MOVES, Scope, TABLE},
    view::View,
};

/// Keys that follow each other faster belong together: nobody reads a new screen and decides in less.
pub(in crate::app) const TOGETHER: SignedDuration = SignedDuration::from_millis(300);

/// A key with its modifiers, in the form they are compared in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stroke {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// One stroke, or two in a row (`g g`).
type Strokes = (Stroke, Option<Stroke>);

/// What each key means in each view.
#[derive(Clone, Debug)]
pub struct Keymap {
    bound: HashMap<(Scope, Strokes), Action>,
    keys: Vec<(Action, Vec<String>)>,
    /// Whether arrows are named in words: as ASCII they would look like the keys `<` and `>`.
    in_words: bool,
    /// Whether actions are called by the names that are typed for them, where no key is read.
    is_typed: bool,
}

/// What a stroke comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It is the key of this action.
    Action(Action),
    /// The first of two strokes; wait for the second.
    Prefix(Stroke),
    /// It is no key of any action here.
    Unbound,
}

/// Why a keymap could not be made; reads after the name of the configuration file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// A key in the configuration has no such name.
    #[error(
        "[keys] {action}: `{key}` is not a key; write `n`, `F2`, `ctrl-r`, `alt-up`, `shift-tab`, `space` or `g g`"
    )]
    NoSuchKey {
        /// The action's name.
        action: String,
        /// What was written.
        key: String,
    },
    /// An action in the configuration has no such name.
    #[error("[keys] `{0}` is not an action; `:` in the cockpit lists them")]
    NoSuchAction(String),
    /// Two actions want one key in one place.
    #[error("[keys] `{key}` is wanted by both `{first}` and `{second}`")]
    Conflict {
        /// The key.
        key: String,
        /// The action that has it.
        first: &'static str,
        /// The action that wants it too.
        second: &'static str,
    },
}

impl Keymap {
    /// The table's keys, changed by what the configuration says: an action named there has just the keys given there.
    pub fn new(changes: &BTreeMap<String, Vec<String>>) -> Result<Self, KeymapError> {
        if let Some(name) = changes.keys().find(|name| TABLE.iter().all(|spec| spec.name != name.as_str())) {
            return Err(KeymapError::NoSuchAction(name.clone()));
        }
        let mut map = Self { bound: HashMap::new(), keys: Vec::new(), in_words: false, is_typed: false };
        for spec in TABLE {
            let keys: Vec<String> = match changes.get(spec.name) {
                Some(keys) => keys.clone(),
                None => spec.keys.iter().map(|key| (*key).to_owned()).collect(),
            };
            for key in &keys {
                let no_such_key = || KeymapError::NoSuchKey { action: spec.name.to_owned(), key: key.clone() };
                let strokes = parse(key).ok_or_else(no_such_key)?;
                if let Some(first) = map.bound.insert((spec.scope, strokes), spec.action) {
                    let (first, second) = (first.spec().name, spec.name);
                    return Err(KeymapError::Conflict { key: key.clone(), first, second });
                }
            }
            map.keys.push((spec.action, keys));
        }
        Ok(map)
    }

    /// The same keys, with arrows named in words.
    #[must_use]
    pub fn in_words(self) -> Self {
        Self { in_words: true, ..self }
    }

    /// The same keys for a front end that reads lines: an action is shown by what is typed for it.
    #[must_use]
    pub fn typed(self) -> Self {
        Self { is_typed: true, ..self }
    }

    /// What a key means in a view, after an earlier first stroke if there was one.
    pub(in crate::app) fn look_up(&self, view: View, before: Option<Stroke>, key: KeyEvent) -> Lookup {
        let stroke = Stroke::of(key);
        let scopes = [Scope::In(view), Scope::Everywhere];
        let find = |strokes: Strokes| scopes.iter().find_map(|scope| self.bound.get(&(*scope, strokes)));
        let pair = before.and_then(|first| find((first, Some(stroke))));
        if let Some(action) = pair.or_else(|| find((stroke, None))) {
            return Lookup::Action(*action);
        }
        let begins = |((scope, strokes), _): (&(Scope, Strokes), _)| {
            scopes.contains(scope) && strokes.0 == stroke && strokes.1.is_some()
        };
        if self.bound.iter().any(begins) { Lookup::Prefix(stroke) } else { Lookup::Unbound }
    }

    /// The actions of two strokes of which this key is the first, with both as they are shown to people.
    pub(in crate::app) fn begun_by(&self, view: View, key: KeyEvent) -> Vec<(String, Action)> {
        let stroke = Stroke::of(key);
        let begins =
            |written: &&String| parse(written).is_some_and(|(first, second)| first == stroke && second.is_some());
        let here = |action: Action| [Scope::In(view), Scope::Everywhere].contains(&action.spec().scope);
        let of_view = self.keys.iter().filter(|(action, _)| here(*action));
        of_view.flat_map(|(action, keys)| keys.iter().filter(begins).map(|keys| (shown(keys), *action))).collect()
    }

    /// The first key of an action, as it is shown to people; empty when it has none.
    pub fn key(&self, action: Action) -> String {
        if let Some(name) = typed_name(action).filter(|_| self.is_typed) {
            return format!("`{name}`");
        }
        self.strokes_of(action).first().map(|stroke| self.name_of(stroke)).unwrap_or_default()
    }

    /// Whether actions are called by the names that are typed for them.
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// The key of an action as it stands in a sentence: `` `s` ``; what finds it by name where it has none.
    pub fn quoted(&self, action: Action) -> String {
        let key = self.key(action);
        let name = action.spec().name;
        match key.is_empty() {
            true => format!("`{}{name}`", self.key(Action::Palette)),
            false if key.starts_with('`') && key.len() > 1 => key,
            false => format!("`{key}`"),
        }
    }

    /// The same, with the view it works in where that is one: `` `S` in Act ``.
    pub fn quoted_with_view(&self, action: Action) -> String {
        let quoted = self.quoted(action);
        match action.spec().scope {
            Scope::In(view) if !self.is_typed => format!("{quoted} in {}", view.name()),
            _ => quoted,
        }
    }

    /// Whether a key, pressed in a view, means this action.
    pub fn means(&self, view: View, key: KeyEvent, action: Action) -> bool {
        self.look_up(view, None, key) == Lookup::Action(action)
    }

    /// All keys of an action, as they are shown to people.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        self.strokes_of(action).iter().map(|stroke| self.name_of(stroke)).collect()
    }

    fn strokes_of(&self, action: Action) -> &[String] {
        self.keys.iter().find(|(known, _)| *known == action).map_or(&[], |(_, keys)| keys.as_slice())
    }

    fn name_of(&self, stroke: &str) -> String {
        let name = shown(stroke);
        match self.in_words {
            true => ARROWS.iter().fold(name, |name, (arrow, word)| name.replace(arrow, word)),
            false => name,
        }
    }
}

impl Stroke {
    /// Terminals differ in whether they report shift with a capital letter; it is in the letter already.
    fn of(key: KeyEvent) -> Self {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match key.code {
            KeyCode::Char(c) => {
                modifiers -= KeyModifiers::SHIFT;
                let lower = modifiers.contains(KeyModifiers::CONTROL);
                KeyCode::Char(if lower { c.to_ascii_lowercase() } else { c })
            }
            KeyCode::BackTab => {
                modifiers -= KeyModifiers::SHIFT;
                KeyCode::BackTab
            }
            code => code,
        };
        Self { code, modifiers }
    }
}

fn parse(text: &str) -> Option<Strokes> {
    let mut words = text.split_whitespace();
    let first = parse_stroke(words.next()?)?;
    let second = match words.next() {
        Some(word) => Some(parse_stroke(word)?),
        None => None,
    };
    if words.next().is_some() { None } else { Some((first, second)) }
}

fn parse_stroke(text: &str) -> Option<Stroke> {
    let mut modifiers = KeyModifiers::NONE;
    let mut rest = text;
    while let Some((word, after)) = rest.split_once('-').filter(|(word, after)| !word.is_empty() && !after.is_empty()) {
        modifiers |= match word.to_ascii_lowercase().as_str() {
            "ctrl" => KeyModifiers::CONTROL,
            "alt" => KeyModifiers::ALT,
            "shift" => KeyModifiers::SHIFT,
            _ => return None,
        };
        rest = after;
    }
    let mut letters = rest.chars();
    let code = match (letters.next(), letters.next()) {
        (Some(c), None) => KeyCode::Char(c),
        _ => named(&rest.to_ascii_lowercase())?,
    };
    let code = if code == KeyCode::Tab && modifiers.contains(KeyModifiers::SHIFT) { KeyCode::BackTab } else { code };
    Some(Stroke::of(KeyEvent::new(code, modifiers)))
}

fn named(name: &str) -> Option<KeyCode> {
    Some(match name {
        "enter" | "return" => KeyCode::Enter,
        "esc" | "escape" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "delete" | "del" => KeyCode::Delete,
        "insert" => KeyCode::Insert,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" | "pgup" => KeyCode::PageUp,
        "pagedown" | "pgdn" => KeyCode::PageDown,
        _ => KeyCode::F(name.strip_prefix('f')?.parse().ok().filter(|n| (1..=24).contains(n))?),
    })
}

/// What is typed for an action; `None` for what only a screen has.
pub(in crate::app) fn typed_name(action: Action) -> Option<&'static str> {
    match action {
        Action::Coach => Some("do"),
        Action::Open => None,
        action if MOVES.contains(&action) => None,
        action => Some(action.spec().name),
    }
}

/// The arrows, and their names in words.
const ARROWS: [(&str, &str); 4] = [("←", "Left"), ("→", "Right"), ("↑", "Up"), ("↓", "Down")];

/// `ctrl-r` is written `Ctrl-R`, `pageup` `PgUp`, `up` `↑`.
fn shown(key: &str) -> String {
    let one = |stroke: &str| {
        let (modifiers, key) = match stroke.rfind('-').filter(|at| *at > 0) {
            Some(at) => stroke.split_at(at + 1),
            None => ("", stroke),
        };
        let key = match key {
            "up" => "↑".to_owned(),
            "down" => "↓".to_owned(),
            "left" => "←".to_owned(),
            "right" => "→".to_owned(),
            "pageup" => "PgUp".to_owned(),
            "pagedown" => "PgDn".to_owned(),
            key if key.chars().count() == 1 && modifiers.contains("ctrl") => key.to_uppercase(),
            key if key.chars().count() == 1 => key.to_owned(),
            key => capital(key),
        };
        let modifiers: String = modifiers.split_inclusive('-').map(capital).collect();
        modifiers + &key
    };
    key.split_whitespace().map(one).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_in_words() {
        let map = Keymap::new(&BTreeMap::new()).expect("a keymap");
        assert_eq!((map.key(Action::Left), map.key(Action::TimeBack)), ("←".into(), "Shift-←".into()));
        let map = map.in_words();
        assert_eq!((map.key(Action::Left), map.key(Action::TimeBack)), ("Left".into(), "Shift-Left".into()));
        assert_eq!(map.key(Action::Coach), ">");
    }

    #[test]
    fn in_sentences_keys_are_those_that_are_bound() {
        let bound = [("symptom", vec!["F3".to_owned()]), ("stanched", vec!["ctrl-s".to_owned()]), ("note", vec![])];
        let changes = bound.into_iter().map(|(name, keys)| (name.to_owned(), keys)).collect();
        let map = Keymap::new(&changes).expect("a keymap");
        assert_eq!(map.quoted(Action::TakeSymptom), "`F3`");
        assert_eq!(map.quoted_with_view(Action::Stanched), "`Ctrl-S` in Act");
        assert_eq!(map.quoted(Action::Note), "`:note`");
        let typed = map.typed();
        assert_eq!(typed.quoted(Action::TakeSymptom), "`symptom`");
        assert_eq!(typed.quoted_with_view(Action::Stanched), "`stanched`");
    }

    #[test]
    fn where_lines_are_read_an_action_is_called_by_its_name() {
        let map = Keymap::new(&BTreeMap::new()).expect("a keymap").typed();
        let shown = [Action::Stanched, Action::Coach, Action::Open].map(|action| map.key(action));
        assert_eq!(shown, ["`stanched`", "`do`", "Enter"]);
        assert_eq!(map.keys_of(Action::Stanched), ["S"], "it can be typed all the same");
    }

    fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[track_caller]
    fn check(view: View, key: KeyEvent, expected: Lookup) {
        let map = Keymap::new(&BTreeMap::new()).expect("the table has no conflicts");
        assert_eq!(map.look_up(view, None, key), expected);
    }

    #[test]
    fn the_key_of_a_cell_is_the_sign_it_puts_there() {
        use crate::incident::Cell;
        let map = Keymap::new(&BTreeMap::new()).expect("the table has no conflicts");
        for (action, cell) in [
            (Action::CellMust, Cell::Must),
            (Action::CellLikely, Cell::Likely),
            (Action::CellNeutral, Cell::Neutral),
            (Action::CellUnlikely, Cell::Unlikely),
            (Action::CellCannot, Cell::Cannot),
        ] {
            assert_eq!(map.key(action), cell.sign().to_string());
        }
    }

    #[test]
    fn the_table_is_bound() {
        let plain = |c| press(KeyCode::Char(c), KeyModifiers::NONE);
        check(View::Watch, plain('n'), Lookup::Action(Action::Note));
        check(View::Board, press(KeyCode::Char('X'), KeyModifiers::SHIFT), Lookup::Action(Action::CellCannot));
        check(View::Board, plain('-'), Lookup::Action(Action::CellUnlikely));
        check(View::Watch, plain('X'), Lookup::Unbound);
        check(View::Log, press(KeyCode::BackTab, KeyModifiers::SHIFT), Lookup::Action(Action::PreviousPane));
        check(View::Board, press(KeyCode::Up, KeyModifiers::ALT), Lookup::Action(Action::RankUp));
        check(View::Watch, press(KeyCode::Char('x'), KeyModifiers::ALT), Lookup::Unbound);
        check(View::Watch, press(KeyCode::Char('C'), KeyModifiers::CONTROL), Lookup::Action(Action::QuitNow));
    }

    #[test]
    fn two_strokes() {
        let map = Keymap::new(&BTreeMap::new()).expect("no conflicts");
        let g = press(KeyCode::Char('g'), KeyModifiers::NONE);
        let Lookup::Prefix(first) = map.look_up(View::Log, None, g) else { panic!("a prefix") };
        assert_eq!(map.look_up(View::Log, Some(first), g), Lookup::Action(Action::First));
    }

    #[test]
    fn the_configuration_changes_keys_and_is_told_when_it_can_not() {
        let with = |name: &str, keys: &[&str]| {
            Keymap::new(&BTreeMap::from([(name.to_owned(), keys.iter().map(|k| (*k).to_owned()).collect())]))
        };
        let map = with("note", &["F2"]).expect("a keymap");
        assert_eq!(map.key(Action::Note), "F2");
        let f2 = press(KeyCode::F(2), KeyModifiers::NONE);
        assert_eq!(map.look_up(View::Watch, None, f2), Lookup::Action(Action::Note));
        assert_eq!(map.look_up(View::Watch, None, press(KeyCode::Char('n'), KeyModifiers::NONE)), Lookup::Unbound);
        assert!(matches!(with("note", &["q"]), Err(KeymapError::Conflict { .. })));
        assert!(matches!(with("note", &["hyper-n"]), Err(KeymapError::NoSuchKey { .. })));
        assert!(matches!(with("notes", &["n"]), Err(KeymapError::NoSuchAction(_))));
    }
}
