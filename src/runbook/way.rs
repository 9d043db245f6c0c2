//! The ways in which an alert finds a runbook.

/// How a runbook was found, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    /// By labels that do not say which alert.
    Labels,
    /// By a pattern for its name.
    Pattern,
    /// The text names the alert as one it is for.
    Named,
    /// A heading is called as the alert.
    Heading,
    /// So is the file, but for words such as `runbook`.
    BareName,
    Title,
    FileName,
    /// The front matter names the alert.
    FrontMatter,
    /// The address asks for a page of this name.
    Asked,
    /// The address ends in its name.
    Page,
    /// The address ends in its name, and those of folders above; or it names a heading there is.
    Exactly,
}
