//! `runbooks = ["runbooks", { path = "wiki", url = "https://wiki.example/ops" }]`: folders of Markdown.

use super::{Place, unfilled, value};
use crate::{base::toml::Fields, config::RunbookFolder};

const SUCH_AS: &str = "folders such as [\"runbooks\", { path = \"wiki\", url = \"https://wiki.example/ops\" }]";

/// The folders, in the order of the file.
pub(super) fn folders(top: &mut Fields<'_>, place: &Place<'_>) -> Vec<RunbookFolder> {
    let mut folders = Vec::new();
    for item in top.texts_or_tables("runbooks", SUCH_AS, "a folder of runbooks") {
        match item {
            Ok(text) => {
                let path = place.path(text.get_ref());
                unfilled::check_path(top, "runbooks", &text, &path);
                folders.push(RunbookFolder { path, url: None });
            }
            Err(mut fields) => {
                let path = super::path(&mut fields, place, "path");
                if path.is_none() && !fields.has("path") {
                    fields.missing("path", "the folder its files are in");
                }
                let url = fields.parsed("url", |text| match value::url(text) {
                    Ok(_) => Ok(text.to_owned()),
                    Err(value::UrlError::Form(expected)) => Err(expected),
                    Err(value::UrlError::Credentials) => Err("an address without a name and password"),
                });
                fields.finish(&[]);
                let url = url.map(toml::Spanned::into_inner);
                folders.extend(path.map(|path| RunbookFolder { path, url }));
            }
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::load;

    #[test]
    fn folders_start_at_the_file() {
        let read = |text: &str| load::parse(text, Path::new("/etc/stanch.toml")).map(|(config, _)| config.runbooks);
        let folder = |path: &str, url: Option<&str>| RunbookFolder { path: path.into(), url: url.map(str::to_owned) };
        let two = "runbooks = [\"ops\", { path = \"/wiki\", url = \"https://wiki.example/ops\" }]";
        assert_eq!(
            read(two).expect("read"),
            [folder("/etc/ops", None), folder("/wiki", Some("https://wiki.example/ops"))]
        );
        assert_eq!(read("runbooks = \"ops\"").expect("read"), [folder("/etc/ops", None)]);
        assert_eq!(read("").expect("read"), []);
    }

    #[test]
    fn what_is_no_folder_is_told_with_its_place() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let errors = load::parse(text, Path::new("s.toml")).expect_err("an error").0;
            let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
            assert!(told.len() == 1 && told[0].starts_with("s.toml:1:") && told[0].contains(expected), "{told:?}");
        }
        check("runbooks = 3", "expected folders such as");
        check("runbooks = [true]", "expected folders such as");
        check("runbooks = [{ url = \"https://x.y\" }]", "path");
        check("runbooks = [{ path = \"a\", url = \"x.y\" }]", "expected an address such as");
        check("runbook = [\"a\"]", "did you mean `runbooks`?");
        check("runbooks = [\"$HOME/a\"]", "`$HOME` is not filled in here");
    }
}
