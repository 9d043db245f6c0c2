//! All runbooks there are, and what each is found by.

use std::{collections::HashMap, fmt, sync::Arc};

use super::{
    Remark, Runbook,
    front_matter::{Meant, Selector},
    name,
    way::Way,
};

/// A folder of runbooks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Its path, as it is configured.
    pub path: String,
    /// The address its files are known under, if the configuration says so.
    pub address: Option<String>,
}

/// All runbooks, in order of their files.
#[derive(Default)]
pub struct Library {
    /// Where they are.
    pub folders: Vec<Folder>,
    /// Each of them.
    pub books: Vec<Arc<Runbook>>,
    /// What was wrong on the way to them, with the path it is about.
    pub trouble: Vec<(String, Remark)>,
    /// What an alert may be called, and which runbooks, and headings of them, are for one of that name.
    pub(super) by_alert: HashMap<String, Vec<Found>>,
    /// What a page may be called.
    pub(super) by_page: HashMap<String, Vec<usize>>,
    /// Where each is below its folder, by the keys of the names on the way.
    pub(super) by_path: HashMap<(usize, Vec<String>), Vec<usize>>,
    /// Those that say by labels which alerts they are for.
    pub(super) by_labels: Vec<usize>,
}

/// A runbook, or a part of one, that is for alerts of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub book: usize,
    /// The place of a heading in [`Runbook::headings`].
    pub heading: Option<usize>,
    pub way: Way,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library")
            .field("folders", &self.folders)
            .field("books", &self.books.len())
            .finish_non_exhaustive()
    }
}

impl Library {
    /// Puts runbooks in order, so that an alert finds its own at once.
    pub fn new(folders: Vec<Folder>, mut books: Vec<Arc<Runbook>>, trouble: Vec<(String, Remark)>) -> Self {
        books.sort_by(|a, b| (a.folder, &a.relative).cmp(&(b.folder, &b.relative)));
        let mut library = Self { folders, trouble, ..Self::default() };
        for (at, book) in books.iter().enumerate() {
            library.add(at, book);
            library.by_path.entry((book.folder, name::path(&book.relative, &[]))).or_default().push(at);
        }
        library.books = books;
        library
    }

    fn add(&mut self, at: usize, book: &Runbook) {
        let mut alert = |key: &str, heading: Option<usize>, way: Way| {
            if !key.is_empty() {
                self.by_alert.entry(key.to_owned()).or_default().push(Found { book: at, heading, way });
            }
        };
        let selectors = book.front.alerts.iter();
        for Selector { meant, .. } in selectors {
            if let Meant::Name(key) = meant {
                alert(key, None, Way::FrontMatter);
            }
        }
        alert(&book.name.whole, None, Way::FileName);
        if book.name.bare != book.name.whole {
            alert(&book.name.bare, None, Way::BareName);
        }
        let title = name::keys(&book.title);
        alert(&title.whole, None, Way::Title);
        if title.bare != title.whole {
            alert(&title.bare, None, Way::Title);
        }
        for (nth, heading) in book.headings.iter().enumerate() {
            for keys in &heading.names {
                let way = if heading.level == 1 { Way::Title } else { Way::Heading };
                alert(&keys.whole, Some(nth), way);
                if keys.bare != keys.whole {
                    alert(&keys.bare, Some(nth), way);
                }
            }
            for named in &heading.alerts {
                alert(named, Some(nth), Way::Named);
            }
        }
        for key in [&book.name.whole, &book.name.bare] {
            let pages = self.by_page.entry(key.clone()).or_default();
            if !key.is_empty() && pages.last() != Some(&at) {
                pages.push(at);
            }
        }
        let by_labels = |selector: &Selector| matches!(selector.meant, Meant::Labels(_));
        if book.front.alerts.iter().any(by_labels) || (book.front.alerts.is_empty() && !book.front.only.is_empty()) {
            self.by_labels.push(at);
        }
        self.add_addresses(at, book);
    }

    /// Pages it was known under go by their last name, too.
    fn add_addresses(&mut self, at: usize, book: &Runbook) {
        for address in &book.front.addresses {
            let address = super::address::Address::read(address, &crate::signal::Labels::default());
            if let Some(key) = address.segments.last() {
                let pages = self.by_page.entry(key.clone()).or_default();
                if !pages.contains(&at) {
                    pages.push(at);
                }
            }
        }
    }

    /// The place of the runbook with this path.
    pub fn place(&self, file: &str) -> Option<usize> {
        self.books.iter().position(|book| book.file == file)
    }

    /// All that is wrong, each with its file.
    pub fn remarks(&self) -> impl Iterator<Item = String> {
        let of_books = self.books.iter().flat_map(|book| book.remarks.iter().map(|remark| remark.told(&book.file)));
        self.trouble.iter().map(|(path, remark)| remark.told(path)).chain(of_books)
    }
}
