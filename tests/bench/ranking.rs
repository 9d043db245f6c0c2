//! How long judging takes on boards of the greatest size anyone should meet: 50 hypotheses and 500 observations, and the
//! hardest boards known for the smallest sets.
//!
//! Prints a table: the median and the slowest of many runs beside what is aimed at. Boards come from a seeded generator,
//! so every machine judges the same ones. Words on the command line choose rows: `cargo bench --bench ranking -- covers`.
#![expect(clippy::disallowed_methods, reason = "it measures, and reads back what it wrote")]

use std::{
    fs,
    hint::black_box,
    time::{Duration, Instant},
};

use stanch::{
    incident::{
        Board, Cell, Draft, Entry, Event, Id, Incident, Observation, ObservationState, Prior,
        board::file::BoardFile,
        judgement::Question,
        next_check::next_checks,
        ranking::{disagreements, rank, reasons},
        set_cover::{EXACT_UP_TO, covers, unexplained},
    },
    journal::Home,
};

/// How long one row of the table may take to measure.
const PATIENCE: Duration = Duration::from_millis(800);
/// Most runs of one row.
const MOST_RUNS: usize = 2000;

fn main() {
    // Cargo adds a flag of its own.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut table = Table { words, missed: 0 };
    println!("{:<58} {:>6} {:>10} {:>10} {:>10}", "", "runs", "median", "slowest", "aim");
    large(&mut table);
    smallest_sets(&mut table);
    journals(&mut table);
    if table.missed > 0 {
        println!("{} missed by the median", table.missed);
    }
}

struct Table {
    words: Vec<String>,
    missed: usize,
}

impl Table {
    /// Measures `run` on what `prepare` made; neither that nor letting go of what came of it counts.
    fn row<T, R>(&mut self, name: &str, aim_ms: f64, mut prepare: impl FnMut() -> T, mut run: impl FnMut(T) -> R) {
        if !self.words.is_empty() && !self.words.iter().any(|word| name.contains(word.as_str())) {
            return;
        }
        black_box(run(prepare()));
        let (begun, mut times) = (Instant::now(), Vec::new());
        while times.len() < MOST_RUNS && (times.len() < 3 || begun.elapsed() < PATIENCE) {
            let input = prepare();
            let begun = Instant::now();
            let output = black_box(run(input));
            times.push(begun.elapsed());
            drop(output);
        }
        times.sort();
        let (median, slowest) = (times[times.len() / 2], times[times.len() - 1]);
        let is_missed = median.as_secs_f64() * 1e3 > aim_ms;
        self.missed += usize::from(is_missed);
        let aim = if aim_ms.is_finite() { format!("{aim_ms} ms") } else { "–".to_owned() };
        let missed = if is_missed { "  missed" } else { "" };
        println!("{name:<58} {:>6} {:>10} {:>10} {aim:>10}{missed}", times.len(), ms(median), ms(slowest));
    }
}

fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// Numbers that look random and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A board of this size with the state of each column and each cell as told.
fn board(
    rows: usize,
    columns: usize,
    state: impl Fn(usize) -> &'static str,
    mut cell: impl FnMut(usize, usize) -> Cell,
) -> Board {
    let mut text = String::new();
    for column in 0..columns {
        text += &format!("[[observation]]\nid = \"s{column}\"\ntext = \"sign {column}\"\n");
        text += &format!("state = \"{}\"\norigin = \"o{}\"\n", state(column), column / 2);
    }
    for row in 0..rows {
        text += &format!("[[hypothesis]]\nid = \"h{row}\"\ntext = \"cause {row}\"\n");
    }
    let mut board = BoardFile::parse(&text, "bench").unwrap_or_default().board;
    assert_eq!((board.hypotheses.len(), board.observations.len()), (rows, columns));
    let names: Vec<_> = board.hypotheses.iter().map(|row| row.id).collect();
    let columns: Vec<_> = board.observations.iter().map(|column| column.id).collect();
    for (place, &column) in columns.iter().enumerate() {
        for (at, &row) in names.iter().enumerate() {
            board.set_cell(row, column, cell(at, place), "bench");
        }
    }
    board
}

/// A third each present, absent and untested.
fn mixed(column: usize) -> &'static str {
    ["present", "absent", "untested"][column % 3]
}

/// Each cell expects its sign with this chance in a hundred, else it says anything else.
fn chance(seed: u64, percent: u64) -> impl FnMut(usize, usize) -> Cell {
    let mut dice = Dice(seed);
    move |_, _| match dice.below(100) {
        n if n < percent => [Cell::Must, Cell::Likely][(n % 2) as usize],
        n => [Cell::Neutral, Cell::Unlikely, Cell::Cannot, Cell::Unassessed][(n % 4) as usize],
    }
}

/// Each sign is expected by just `most` of the rows, or fewer: where a search has the most to try.
fn few(seed: u64, rows: usize, most: usize) -> impl FnMut(usize, usize) -> Cell {
    let mut dice = Dice(seed);
    let mut chosen = (usize::MAX, Vec::new());
    move |row, column| {
        if chosen.0 != column {
            chosen = (column, (0..most).map(|_| dice.below(rows as u64) as usize).collect());
        }
        if chosen.1.contains(&row) { Cell::Must } else { Cell::Neutral }
    }
}

/// Rows in pairs that say the same, each pair alone with its signs: as many smallest sets as there can be.
fn twins(rows: usize) -> impl FnMut(usize, usize) -> Cell {
    move |row, column| if row / 2 == column % (rows / 2) { Cell::Must } else { Cell::Unlikely }
}

fn large(table: &mut Table) {
    let mut large = board(50, 500, mixed, chance(7, 20));
    let mut change = || {
        let first: &mut Observation = &mut large.observations[0];
        first.state = match first.state {
            ObservationState::Present => ObservationState::Absent,
            _ => ObservationState::Present,
        };
        large.clone()
    };
    table.row("ranking 50x500 after one change", 0.5, &mut change, |board| (rank(&board), board));
    let ranking = rank(&large);
    table.row("next checks 50x500", 50.0, || (), |()| next_checks(&large, &ranking));
    table.row("covers 50x500, greedy", 50.0, || (), |()| covers(&large, &ranking));
    let untested = board(50, 500, |column| if column < 30 { "present" } else { "untested" }, chance(7, 20));
    let first = rank(&untested);
    table.row("next checks 50x500, 470 untested", 50.0, || (), |()| next_checks(&untested, &first));
    table.row("unexplained 50x500", 50.0, || (), |()| unexplained(&large));
    table.row("reasons of one row 50x500", 0.5, || (), |()| reasons(&large, ranking.rows[0].id));
    large.hand_order = large.hypotheses.iter().map(|row| row.id).collect();
    table.row("disagreements 50x500", 0.5, || (), |()| disagreements(&ranking, &large));
    let usual = board(8, 24, mixed, chance(7, 20));
    table.row("ranking 8x24", 0.5, || (), |()| rank(&usual));
}

fn smallest_sets(table: &mut Table) {
    let present = |_| "present";
    let mut exact = |name: &str, board: Board| {
        let ranking = rank(&board);
        let sets = covers(&board, &ranking);
        assert!(sets.exact && !sets.sets.is_empty(), "{name}");
        let count = format!("{}{} of {}", sets.sets.len(), if sets.truncated { "+" } else { "" }, sets.sets[0].len());
        let name = format!("covers 20x500 exact, {name} ({count})");
        table.row(&name, 20.0, || (), |()| covers(&board, &ranking));
    };
    let rows = EXACT_UP_TO;
    exact("sparse: 8 % expected", board(rows, 500, present, chance(7, 8)));
    exact("15 % expected", board(rows, 500, present, chance(7, 15)));
    exact("30 % expected", board(rows, 500, present, chance(7, 30)));
    exact("dense: 50 % expected", board(rows, 500, present, chance(7, 50)));
    exact("very dense: 80 %", board(rows, 500, present, chance(7, 80)));
    exact("twins", board(rows, 500, present, twins(rows)));
    for most in [2, 3, 4, 5, 6, 8] {
        exact(&format!("{most} rows a sign"), board(rows, 500, present, few(7, rows, most)));
    }
    // Of many boards of the hardest kinds the slowest.
    for most in [5, 6, 7] {
        let boards = (0..20).map(|seed| board(rows, 500, present, few(seed, rows, most)));
        let time = |board: &Board| {
            let (ranking, begun) = (rank(board), Instant::now());
            black_box(covers(board, &ranking));
            begun.elapsed()
        };
        let slowest = boards.max_by_key(time).unwrap_or_default();
        exact(&format!("{most} rows a sign, worst of 20"), slowest);
    }
}

/// Events in which each cell of a board this large is set one by one, after all columns are there.
fn events(rows: usize, columns: usize) -> Vec<(Id, Event)> {
    let (row, column) = (|n: usize| Id::small(1_000_000 + n as u128), |n: usize| Id::small(1 + n as u128));
    let state = |n| [ObservationState::Present, ObservationState::Absent, ObservationState::Untested][n % 3];
    let added = |n| Event::ObservationAdded {
        text: format!("sign {n}"),
        state: state(n),
        origin: Some(format!("o{}", n / 2)),
        when: None,
        evidence: None,
        check: Default::default(),
    };
    let hypothesis =
        |n| Event::HypothesisAdded { text: format!("cause {n}"), prior: Prior::Usual, changed: false, from: "".into() };
    let mut dice = Dice(7);
    let mut cell = |n: usize| {
        let signs = [Cell::Must, Cell::Likely, Cell::Neutral, Cell::Neutral, Cell::Unlikely, Cell::Cannot];
        let cell = signs[dice.below(6) as usize];
        Event::CellSet { hypothesis: row(n % rows), observation: column(n / rows), cell }
    };
    let mut events: Vec<_> = (0..columns).map(|n| (column(n), added(n))).collect();
    events.extend((0..rows).map(|n| (row(n), hypothesis(n))));
    events.extend((0..rows * columns).map(|n| (Id::small(2_000_000 + n as u128), cell(n))));
    events
}

fn journals(table: &mut Table) {
    let events = events(50, 500);
    let entry = |(n, (id, event)): (usize, &(Id, Event))| {
        let event = event.clone();
        Entry { seq: n as u64 + 1, id: *id, at: Default::default(), by: "alice@host".into(), event }
    };
    let log: Vec<Entry> = events.iter().enumerate().map(entry).collect();
    let incident = Incident::replay(log.clone());
    assert_eq!(incident.board.hypotheses.len(), 50);
    let aimless = f64::INFINITY;
    table.row("replay 50x500, 25,550 entries", aimless, || log.clone(), Incident::replay);
    table.row("judgement 50x500, off the keys", 50.0, || Question::of(&incident), |asked| asked.judge());
    table.row("question 50x500, before it", 0.5, || (), |()| Question::of(&incident));
    on_disk(table, &events);
}

/// The same from the disk, as `stanch rank ID` reads it.
fn on_disk(table: &mut Table, events: &[(Id, Event)]) {
    let Ok(folder) = tempfile::tempdir() else { return println!("no folder for a journal") };
    let home = Home::at(folder.path());
    let written = home.create("bench", false, "alice@host", Default::default()).and_then(|mut journal| {
        for part in events.chunks(500) {
            let drafts: Vec<_> = part.iter().map(|(id, event)| Draft { id: *id, event: event.clone() }).collect();
            journal.append("alice@host", &drafts, Default::default())?;
        }
        Ok((journal.id().to_owned(), fs::metadata(journal.path()).map_or(0, |file| file.len())))
    });
    let Ok((id, bytes)) = written else { return println!("the journal was not written") };
    let name = format!("journal of it from disk, {:.1} MB, and its ranking", bytes as f64 / 1e6);
    let whole = || home.read(&id).map(|contents| rank(&Incident::replay(contents.entries).board));
    assert_eq!(whole().map(|ranking| ranking.rows.len()).ok(), Some(51));
    table.row(&name, f64::INFINITY, || (), |()| whole().ok());
}
