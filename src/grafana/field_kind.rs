//! What the cells of a column are.

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// Milliseconds since the Unix epoch, as numbers.
    Time,
    /// Numbers.
    Number,
    /// Texts.
    #[default]
    Text,
    /// Yes or no.
    Boolean,
    /// A small frame in each cell, for a sparkline.
    Frame,
    /// Anything else.
    Other,
}
