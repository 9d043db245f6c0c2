//! The five views.

/// What the screen shows between header and coach line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// Panes: what hurts.
    #[default]
    Watch,
    /// Hypotheses and what they explain.
    Board,
    /// Changes and mitigations.
    Act,
    /// Timeline and notes.
    Log,
    /// Whys, review, actions.
    Learn,
}

impl View {
    /// All of them, in the order of their keys.
    pub const ALL: [Self; 5] = [Self::Watch, Self::Board, Self::Act, Self::Log, Self::Learn];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Watch => "Watch",
            Self::Board => "Board",
            Self::Act => "Act",
            Self::Log => "Log",
            Self::Learn => "Learn",
        }
    }
}
