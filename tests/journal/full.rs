//! A disk that is full, and has room again.

use super::*;

#[test]
fn a_full_disk_leaves_whole_lines_only_and_the_rest_goes_to_the_second_journal() {
    let (data, journal) = new("x");
    // The shell limits the size of files to 2 or 4 KiB, by its unit; past it a write is short, then fails.
    let script = "trap '' XFSZ; ulimit -f 4; exec \"$0\" \"$@\"";
    let mut writer =
        command(Command::new("sh").args(["-c", script]).arg(test_binary()), data.path(), journal.id(), "full", 100)
            .spawn()
            .unwrap();
    assert!(!writer.wait().unwrap().success(), "both are full at some time");
    let bytes = fs::read(journal.path()).unwrap();
    assert!(bytes.ends_with(b"\n") && bytes.len() > 1500, "{} bytes", bytes.len());
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();

    let home = home(data.path());
    let contents = home.read(journal.id()).unwrap();
    assert!(matches!(&contents.warnings[..], [Warning::InSpill { .. }]), "{:?}", contents.warnings);
    let notes = texts(&contents.entries);
    assert!(notes.len() > lines + 3, "more than the journal holds: {}", notes.len());
    assert!(notes.iter().cloned().eq((0..notes.len()).map(|n| format!("full {n}"))), "in their order: {notes:?}");

    // There is room again.
    let mut journal = home.open(journal.id()).unwrap();
    assert_eq!(texts(journal.entries()), notes);
    journal.append(AUTHOR, &[note("room")], start()).unwrap();
    journal.sync().unwrap();
    let contents = home.read(journal.id()).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(texts(&contents.entries), [notes, vec!["room".to_owned()]].concat());
    assert_eq!(spill::files(data.path()), Vec::<PathBuf>::new());
}
