//! Which dashboards there are besides those of the configuration: files of its folder, and what its Grafanas have.

use std::{ffi::OsStr, path::Path};

use crate::{
    app::world::dashboards::DashboardRow,
    base::text,
    config::{Config, DashboardAt, DashboardEntry},
    source::{self, DashboardHit, Registry, SearchFor},
};

/// Most files of a folder that are listed.
const MAX_FILES: usize = 1000;

/// The dashboards that could be opened, and what could not be read, in a line.
pub async fn list(registry: &Registry, config: &Config) -> (Vec<DashboardRow>, Option<String>) {
    let (mut rows, mut troubles) = (Vec::new(), Vec::new());
    if let Some(folder) = config.dashboard_folder.clone() {
        match tokio::task::spawn_blocking(move || files_of(&folder)).await {
            Ok(Ok(files)) => rows.extend(files),
            Ok(Err(why)) => troubles.push(why),
            Err(_) => troubles.push("the folder of dashboards could not be read".into()),
        }
    }
    let grafanas: Vec<_> = config.sources_by_id().filter(|(_, source)| source.kind.has_dashboards()).collect();
    let is_only = grafanas.len() == 1;
    for (id, source) in grafanas {
        match source::search_dashboards(registry, id, &SearchFor::default()).await {
            Ok(hits) => rows.extend(hits.into_iter().map(|hit| of_grafana(hit, &source.name, is_only))),
            Err(fault) => troubles.push(format!("{}: {fault}", source.name)),
        }
    }
    let trouble = (!troubles.is_empty()).then(|| text::line(&troubles.join("; ")).into_owned());
    (rows, trouble)
}

fn of_grafana(hit: DashboardHit, source: &str, is_only: bool) -> DashboardRow {
    let at = DashboardAt::Grafana { uid: hit.uid, base: None };
    let name = if is_only { String::new() } else { source.to_owned() };
    let about: Vec<String> = [name, hit.folder].into_iter().chain(hit.tags).filter(|word| !word.is_empty()).collect();
    DashboardRow {
        entry: DashboardEntry { at, source: Some(source.to_owned()), ..DashboardEntry::default() },
        title: hit.title,
        about: about.join(" · "),
        is_starred: hit.is_starred,
        place: None,
    }
}

fn files_of(folder: &Path) -> Result<Vec<DashboardRow>, String> {
    let shown = folder.display();
    let cannot = |error: std::io::Error| format!("cannot read the folder {shown}: {error}");
    let entries = std::fs::read_dir(folder).map_err(cannot)?;
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension() == Some(OsStr::new("json")));
    files.sort();
    let row = |file: std::path::PathBuf| {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let title = text::clipped(&text::line(&name), 200).into_owned();
        let entry = DashboardEntry::of_file(file);
        DashboardRow { entry, title, about: "file".into(), is_starred: false, place: None }
    };
    Ok(files.into_iter().take(MAX_FILES).map(row).collect())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test makes its own files")]

    use super::*;

    #[tokio::test]
    async fn a_folder_is_listed_by_name_and_one_that_is_not_there_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.json", "a.json", "notes.txt"] {
            std::fs::write(folder.path().join(name), "{}").expect("written");
        }
        let config = Config { dashboard_folder: Some(folder.path().into()), ..Config::default() };
        let (rows, trouble) = list(&Registry::of(&config), &config).await;
        let titles: Vec<&str> = rows.iter().map(|row| row.title.as_str()).collect();
        assert_eq!((titles, trouble), (vec!["a", "b"], None));
        let config = Config { dashboard_folder: Some(folder.path().join("gone")), ..Config::default() };
        let (rows, trouble) = list(&Registry::of(&config), &config).await;
        assert!(rows.is_empty() && trouble.expect("a word").starts_with("cannot read the folder"));
    }
}
