//! Journals, drafts, processes and damage for these tests.

use super::*;

/// Not a test: what [`child`] runs in a process of its own.
#[test]
#[ignore = "run by the tests that need several processes"]
fn write_as_a_child() {
    let set = |name: &str| std::env::var(name).ok();
    let Some((data, id, name, count)) = set("CHILD_DATA")
        .zip(set("CHILD_ID"))
        .zip(set("CHILD_NAME").zip(set("CHILD_COUNT")))
        .map(|((data, id), (name, count))| (data, id, name, count.parse::<usize>().unwrap()))
    else {
        return;
    };
    let mut journal = home(Path::new(&data)).open(&id).unwrap();
    for n in 0..count {
        for text in texts(&journal.append(&name, &[note(&format!("{name} {n}"))], start()).unwrap().entries) {
            println!("shown: {text}.");
        }
    }
}

/// A process that writes so many notes.
pub fn child(data: &Path, id: &str, name: &str, count: usize) -> Child {
    command(&mut Command::new(test_binary()), data, id, name, count).spawn().unwrap()
}

pub fn command<'a>(command: &'a mut Command, data: &Path, id: &str, name: &str, count: usize) -> &'a mut Command {
    command
        .args(["--exact", "fixture::write_as_a_child", "--ignored"])
        .envs([("CHILD_ID", id), ("CHILD_NAME", name), ("CHILD_COUNT", &count.to_string())])
        .env("CHILD_DATA", data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
}

pub fn test_binary() -> PathBuf {
    std::env::current_exe().unwrap()
}

#[track_caller]
pub fn check_shared(data: &Path, id: &str, names: &[&str], count: usize) {
    let contents = Home::at(data).read(id).unwrap();
    assert_eq!(contents.warnings, []);
    assert_eq!(contents.entries.len(), names.len() * count + 1);
    assert!(contents.entries.iter().map(|e| e.seq).eq(1..=contents.entries.len() as u64));
    for name in names {
        let theirs: Vec<_> = contents.entries.iter().filter(|e| e.by == *name).filter_map(text).collect();
        let expected: Vec<_> = (0..count).map(|n| format!("{name} {n}")).collect();
        assert_eq!(theirs, expected, "all of them, once, in their order");
    }
}

pub fn new(title: &str) -> (TempDir, Journal) {
    let data = tempfile::tempdir().unwrap();
    let journal = home(data.path()).create(title, false, AUTHOR, start()).unwrap();
    (data, journal)
}

/// With second journals of its own.
pub fn home(data: &Path) -> Home {
    Home::at(data).with_second_in(data.join("run"))
}

pub fn start() -> Timestamp {
    "2026-11-22T03:12:00Z".parse().unwrap()
}

pub fn draft(event: Event) -> Draft {
    Draft { id: journal::ids().next(start()), event }
}

pub fn note(text: &str) -> Draft {
    draft(Event::Noted { text: text.to_owned(), when: None })
}

pub fn fired(key: &str) -> Draft {
    draft(Event::AlertTurned {
        key: key.to_owned(),
        source: "prom".into(),
        group: "g".into(),
        title: "CheckoutErrorRate".into(),
        severity: Severity::Critical,
        turn: AlertTurn::Fired,
        firing: 8,
        when: start(),
        first: false,
        links: Default::default(),
    })
}

pub fn text(entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Noted { text, .. } => Some(text.clone()),
        _ => None,
    }
}

pub fn texts(entries: &[Entry]) -> Vec<String> {
    entries.iter().filter_map(text).collect()
}

/// A store, and what it has said and nobody has looked at.
pub struct Told {
    pub worker: Worker,
    woken: Receiver<()>,
    news: VecDeque<News>,
}

pub fn spawn(journal: Journal) -> Told {
    let (sender, woken) = mpsc::channel();
    let access = Access::Write { author: AUTHOR.to_owned() };
    let worker = Worker::spawn(journal, access, move || _ = sender.send(()));
    Told { worker, woken, news: VecDeque::new() }
}

impl Told {
    pub fn submit(&mut self, drafts: Vec<Draft>) {
        self.worker.submit(drafts);
    }

    #[track_caller]
    pub fn next(&mut self) -> News {
        loop {
            if let Some(news) = self.news.pop_front() {
                return news;
            }
            self.woken.recv_timeout(Duration::from_secs(10)).expect("news");
            self.news.extend(self.worker.poll());
        }
    }

    #[track_caller]
    pub fn next_appended(&mut self) -> Vec<Entry> {
        loop {
            match self.next() {
                News::Appended { entries, .. } => return entries,
                News::Durable(_) | News::Stalled(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    #[track_caller]
    pub fn next_spilled(&mut self) -> Option<Spilled> {
        loop {
            match self.next() {
                News::Spilled(spilled) => return spilled,
                News::Durable(_) | News::Warned(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Closes the store; what it had still to say.
    pub fn close(mut self) -> Vec<News> {
        self.worker.close(Duration::from_secs(30));
        self.news.extend(self.worker.poll());
        self.news.into()
    }
}

#[track_caller]
pub fn wait_until(done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "it does not happen");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Makes the folder hold this journal and nothing else.
pub fn reset(path: &Path, bytes: &[u8]) {
    for entry in fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap().path();
        if entry != path {
            fs::remove_file(entry).unwrap();
        }
    }
    fs::write(path, bytes).unwrap();
}

pub fn append_raw(path: &Path, text: &str) {
    append_raw_bytes(path, text.as_bytes());
}

pub fn append_raw_bytes(path: &Path, bytes: &[u8]) {
    OpenOptions::new().append(true).open(path).unwrap().write_all(bytes).unwrap();
}

pub fn cut(path: &Path, bytes: u64) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(file.metadata().unwrap().len() - bytes).unwrap();
}

pub fn files(folder: &Path) -> Vec<(PathBuf, u64, i64)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.clone(), File::open(&path).unwrap().metadata().unwrap().len(), path.metadata().unwrap().mtime_nsec())
        })
        .collect();
    files.sort();
    files
}

/// Takes in what a log has handed out.
pub fn see(live: &mut Vec<Entry>, tail: Tail) {
    if tail.rebased {
        live.clear();
    }
    live.extend(tail.entries);
}
