//! How a journal lies on disk, and what reading one leaves alone.

use super::*;

#[test]
fn a_journal_is_private_and_begins_with_its_format() {
    let (data, journal) = new("checkout: 5xx!");
    assert_eq!(journal.id(), "2026-11-22-0312-checkout-5xx");
    assert_eq!(journal.path(), data.path().join("incidents/2026-11-22-0312-checkout-5xx/journal.jsonl"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&journal.path()), 0o600);
    assert_eq!(mode(journal.path().parent().unwrap()), 0o700);

    let text = fs::read_to_string(journal.path()).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with(r#"{"format":"1.0","incident":"2026-11-22-0312-checkout-5xx","#), "{text}");
    let (body, crc) = lines[1].rsplit_once(r#","crc":""#).unwrap();
    assert_eq!(crc, format!("{:08x}\"}}", crc32c::crc32c(body.as_bytes())));
    let line: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(line["seq"], 1);
    assert_eq!(line["at"], "2026-11-22T03:12:00.000Z");
    assert_eq!(line["by"], AUTHOR);
    assert_eq!(line["event"]["kind"], "incident_opened");
    assert_eq!(line["event"]["title"], "checkout: 5xx!");
    assert_eq!(uuid::Uuid::parse_str(line["id"].as_str().unwrap()).unwrap().get_version_num(), 7);
}

#[test]
fn taken_names_get_a_number() {
    let data = tempfile::tempdir().unwrap();
    let home = Home::at(data.path());
    let ids: Vec<_> = (0..3).map(|_| home.create("x", false, AUTHOR, start()).unwrap().id().to_owned()).collect();
    assert_eq!(ids, ["2026-11-22-0312-x", "2026-11-22-0312-x-2", "2026-11-22-0312-x-3"]);
}

#[test]
fn reading_writes_nothing() {
    let (data, mut journal) = new("x");
    journal.append(AUTHOR, &[note("one")], start()).unwrap();
    cut(&journal.path(), 3);
    fs::remove_file(journal.path().with_file_name("lock")).unwrap();
    let before = files(journal.path().parent().unwrap());
    let home = Home::at(data.path());
    assert_eq!(home.read(journal.id()).unwrap().entries.len(), 1);
    assert_eq!(home.open(journal.id()).unwrap().entries().len(), 1);
    assert_eq!(home.incidents().unwrap()[0].entries, 1);
    assert_eq!(files(journal.path().parent().unwrap()), before);
}

#[test]
fn an_id_never_leads_out_of_the_folder() {
    let (data, journal) = new("x");
    let home = Home::at(data.path().join("incidents"));
    fs::create_dir(data.path().join("incidents/incidents")).unwrap();
    for id in ["", ".", "..", "../2026-11-22-0312-x", "/etc", "nothing"] {
        assert!(matches!(home.open(id), Err(JournalError::NotFound { .. })), "{id:?} of {}", journal.id());
    }
}
