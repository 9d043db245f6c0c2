//! What kind of exercise an incident is. That it is one stands in its first entry; the kind is told by how the title began
//! there, since journals hold no more than that, and is decided nowhere else.

use super::{Event, Incident};

/// A kind of exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exercise {
    /// The simulated shop.
    Demo,
    /// Any other.
    Drill,
}

impl Exercise {
    const ALL: [Self; 2] = [Self::Demo, Self::Drill];

    /// The beginning of the title of one.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Demo => "Demo: ",
            Self::Drill => "Drill: ",
        }
    }

    /// The title of one that is about `what`.
    pub fn titled(self, what: &str) -> String {
        format!("{}{what}", self.prefix())
    }

    /// A title without the word for an exercise of any kind.
    pub fn untitled(title: &str) -> &str {
        Self::ALL.iter().find_map(|kind| title.strip_prefix(kind.prefix())).unwrap_or(title)
    }
}

impl Incident {
    /// The kind of exercise it was opened as, whatever it is called since; `None` for an outage.
    pub fn exercise(&self) -> Option<Exercise> {
        let opened = self.entries().first().map(|entry| &entry.event);
        let is_demo = matches!(
            opened,
            Some(Event::IncidentOpened { title, drill: true }) if title.starts_with(Exercise::Demo.prefix())
        );
        self.summary.drill.then_some(if is_demo { Exercise::Demo } else { Exercise::Drill })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::{Entry, Id};

    #[track_caller]
    fn check(title: &str, drill: bool, expected: Option<Exercise>) {
        let entry =
            |seq, event| Entry { seq, id: Id::small(seq.into()), at: Timestamp::UNIX_EPOCH, by: "a".into(), event };
        let opened = entry(1, Event::IncidentOpened { title: title.into(), drill });
        let retitled = entry(2, Event::Retitled { title: "pool of checkout".into() });
        assert_eq!(Incident::replay(vec![opened, retitled]).exercise(), expected, "{title}");
    }

    #[test]
    fn the_kind_is_told_by_the_title_it_was_opened_with() {
        check(&Exercise::Demo.titled("the shop"), true, Some(Exercise::Demo));
        check("lost region", true, Some(Exercise::Drill));
        check("Demo: customers cannot see it", false, None);
    }

    #[test]
    fn titles_without_the_word() {
        assert_eq!(["Demo: a", "Drill: a", "Drill:a"].map(Exercise::untitled), ["a", "a", "Drill:a"]);
    }
}
