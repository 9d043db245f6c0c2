//! How long judging takes on boards of the greatest size anyone should meet: 50 hypotheses and 500 observations.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use stanch::incident::{
    Board, Cell, Entry, Event, Id, Incident, Observation, ObservationState, Prior,
    board::file::BoardFile,
    cover::{EXACT_UP_TO, covers, unexplained},
    judgement::Question,
    next_check::next_checks,
    ranking::{disagreements, rank, reasons},
};

/// Numbers that look random and are the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

/// A board of this size: two thirds of the columns settled, a third of the cells blank or neutral, origins of two.
fn board(rows: usize, columns: usize, expecting: u64) -> Board {
    let mut text = String::new();
    for column in 0..columns {
        let state = ["present", "absent", "untested"][column % 3];
        text += &format!("[[observation]]\nid = \"s{column}\"\ntext = \"sign {column}\"\nstate = \"{state}\"\n");
        text += &format!("origin = \"o{}\"\n", column / 2);
    }
    for row in 0..rows {
        text += &format!("[[hypothesis]]\nid = \"h{row}\"\ntext = \"cause {row}\"\n");
    }
    let mut board = BoardFile::parse(&text, "bench").unwrap_or_default().board;
    let mut dice = Dice(7);
    let names: Vec<_> = board.hypotheses.iter().map(|row| row.id).collect();
    let columns: Vec<_> = board.observations.iter().map(|column| column.id).collect();
    for &row in &names {
        for &column in &columns {
            let cell = match dice.below(100) {
                n if n < expecting => [Cell::Must, Cell::Likely][(n % 2) as usize],
                n => [Cell::Neutral, Cell::Unlikely, Cell::Cannot, Cell::Unassessed][(n % 4) as usize],
            };
            board.set_cell(row, column, cell, "bench");
        }
    }
    board
}

/// A log in which each cell of a board this large is set one by one, after all columns are there and half are settled.
fn log(rows: usize, columns: usize) -> Vec<Entry> {
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
    let entry =
        |(n, (id, event))| Entry { seq: n as u64 + 1, id, at: Default::default(), by: "alice@host".into(), event };
    events.into_iter().enumerate().map(entry).collect()
}

fn judge(c: &mut Criterion) {
    let log = log(50, 500);
    assert_eq!(Incident::replay(log.clone()).board.hypotheses.len(), 50);
    c.bench_function("replay 50x500, each cell set", |b| {
        b.iter_batched(|| log.clone(), Incident::replay, BatchSize::LargeInput);
    });
    let incident = Incident::replay(log);
    c.bench_function("question 50x500", |b| b.iter(|| Question::of(&incident)));
    c.bench_function("judgement 50x500", |b| {
        b.iter_batched(|| Question::of(&incident), Question::judge, BatchSize::LargeInput);
    });

    let mut large = board(50, 500, 20);
    assert_eq!((large.hypotheses.len(), large.observations.len()), (50, 500));
    c.bench_function("rank 50x500 after one change", |b| {
        b.iter(|| {
            let first: &mut Observation = &mut large.observations[0];
            first.state = match first.state {
                ObservationState::Present => ObservationState::Absent,
                _ => ObservationState::Present,
            };
            rank(&large)
        });
    });
    let ranking = rank(&large);
    c.bench_function("next checks 50x500", |b| b.iter(|| next_checks(&large, &ranking)));
    c.bench_function("covers 50x500, greedy", |b| b.iter(|| covers(&large, &ranking)));
    c.bench_function("unexplained 50x500", |b| b.iter(|| unexplained(&large)));
    c.bench_function("reasons of one row 50x500", |b| b.iter(|| reasons(&large, ranking.rows[0].id)));
    large.hand_order = large.hypotheses.iter().map(|row| row.id).collect();
    c.bench_function("disagreements 50x500", |b| b.iter(|| disagreements(&ranking, &large)));
    for expecting in [8, 15, 30, 50] {
        let most = board(EXACT_UP_TO, 500, expecting);
        let ranking = rank(&most);
        c.bench_function(&format!("covers 20x500, exact, {expecting} % expected"), |b| {
            b.iter(|| covers(&most, &ranking))
        });
    }
    let usual = board(8, 24, 20);
    c.bench_function("rank 8x24", |b| b.iter(|| rank(&usual)));
}

criterion_group!(benches, judge);
criterion_main!(benches);
