//! One program, one round: what it takes to start, to do nothing, to answer keys, and to end.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::support::{
    figures::{mib, millis},
    panes,
    process::{self, Meter},
    session::{Session, command},
};

/// How long anything may take.
const AT_MOST: Duration = Duration::from_secs(20);
/// After this time a program has settled: what is kept for the first frames is let go.
const WARM_UP: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Program {
    Bare,
    Naive,
    Ideal,
    Stanch,
}

/// What is measured of a program, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    FirstPaint,
    AllFilled,
    Quit,
    Key,
    KeyCpu,
    KeyBytes,
    IdleCpu,
    Wakeups,
    Frames,
    Rss,
    FloodKey,
    FloodCpu,
    FloodPeak,
}

/// What came of it.
pub type Figures = Vec<(Figure, f64)>;

/// How much is measured.
pub struct Plan {
    /// Where the Prometheus is.
    pub url: String,
    /// How often each program is only started and ended, in each round.
    pub starts: usize,
    pub idle: Duration,
    pub keys: usize,
}

impl Program {
    pub const ALL: [Self; 4] = [Self::Bare, Self::Naive, Self::Ideal, Self::Stanch];

    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Naive => "naive",
            Self::Ideal => "ideal",
            Self::Stanch => "stanch",
        }
    }

    fn start(self, plan: &Plan, folder: &Path, flood: bool) -> Session {
        if self == Self::Stanch {
            let file = folder.join("stanch.toml");
            match flood {
                // A query that looks ahead is asked for the whole window every time.
                true => panes::configure(&file, &plan.url, Duration::from_secs(1), |n| format!("flood{n:02} @ end()")),
                false => panes::configure(&file, &plan.url, Duration::from_secs(5), |n| format!("m{n:02}")),
            }
            let program = Path::new(env!("CARGO_BIN_EXE_stanch"));
            let args = ["--config", "stanch.toml", "--data", "data", "--incident", "new"];
            return Session::start(command(program, &args, folder));
        }
        Session::start(command(&this_program(), &["program", self.name(), &plan.url], folder))
    }

    /// All known words of its first frame are there.
    fn is_painted(self, screen: &vt100::Screen) -> bool {
        match self {
            Self::Bare => {
                let rows: Vec<String> = screen.rows(0, 200).collect();
                rows[0].contains("keys")
                    && rows[rows.len() - 2].contains("All of")
                    && rows[rows.len() - 1].contains('┘')
            }
            _ => panes::titles(screen).is_some(),
        }
    }
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("this program")
}

/// Starts it a few times, and once to stay.
pub fn round(program: Program, plan: &Plan) -> Figures {
    let mut figures = Figures::new();
    for _ in 0..plan.starts {
        let folder = tempfile::tempdir().expect("a folder");
        let mut session = begin(program, plan, folder.path(), false, &mut figures);
        session.wait(Duration::from_millis(200));
        end(program, &mut session, &mut figures);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = begin(program, plan, folder.path(), false, &mut figures);
    session.wait(WARM_UP);
    let idle = idle(&mut session, plan.idle, &mut figures);
    let (took, cpu) = keys(program, &mut session, plan.keys);
    figures.push((Figure::Rss, mib(process::size(session.pid).rss)));
    let replies = took.len() as f64;
    let bytes = took.iter().map(|reply| reply.1 as f64);
    figures.push((Figure::KeyBytes, crate::support::figures::median(&bytes.collect::<Vec<_>>())));
    figures.extend(took.into_iter().map(|reply| (Figure::Key, reply.0)));
    let net = cpu.0.as_secs_f64() - idle / 100.0 * cpu.1.as_secs_f64();
    figures.push((Figure::KeyCpu, net * 1e6 / replies));
    end(program, &mut session, &mut figures);
    figures
}

/// Keys while every pane of the cockpit gets three quarters of a megabyte each second.
pub fn flood(plan: &Plan) -> Figures {
    let program = Program::Stanch;
    let folder = tempfile::tempdir().expect("a folder");
    let mut ignored = Figures::new();
    let mut session = begin(program, plan, folder.path(), true, &mut ignored);
    session.wait(WARM_UP);
    let mut meter = Meter::start(session.pid);
    let (took, _) = keys(program, &mut session, plan.keys);
    let mut figures: Figures = took.into_iter().map(|reply| (Figure::FloodKey, reply.0)).collect();
    figures.push((Figure::FloodCpu, meter.cpu_percent()));
    figures.push((Figure::FloodPeak, mib(process::size(session.pid).peak)));
    end(program, &mut session, &mut ignored);
    figures
}

fn begin(program: Program, plan: &Plan, folder: &Path, flood: bool, figures: &mut Figures) -> Session {
    let mut session = program.start(plan, folder, flood);
    let Some(painted) = session.until(AT_MOST, |screen| program.is_painted(screen)) else {
        panic!("{} paints nothing:\n{}", program.name(), session.feed().contents());
    };
    figures.push((Figure::FirstPaint, millis(painted)));
    if program != Program::Bare {
        let Some(filled) = session.until(AT_MOST, panes::all_filled) else {
            panic!("{} does not fill its panes:\n{}", program.name(), session.feed().contents());
        };
        figures.push((Figure::AllFilled, millis(filled)));
    }
    session
}

fn end(program: Program, session: &mut Session, figures: &mut Figures) {
    match session.quit(b"q", AT_MOST) {
        Some(time) => figures.push((Figure::Quit, millis(time))),
        None => panic!("{} does not end:\n{}", program.name(), session.feed().contents()),
    }
}

/// Nobody types. Gives the processor time, in per cent.
fn idle(session: &mut Session, time: Duration, figures: &mut Figures) -> f64 {
    session.forget();
    let since = std::time::Instant::now();
    let mut meter = Meter::start(session.pid);
    while meter.elapsed() < time {
        session.wait(Duration::from_secs(1).min(time - meter.elapsed()));
        meter.look();
    }
    let (cpu, seconds) = (meter.cpu_percent(), meter.elapsed().as_secs_f64());
    figures.push((Figure::IdleCpu, cpu));
    figures.push((Figure::Wakeups, meter.wakeups_a_second()));
    figures.push((Figure::Frames, session.frames_since(since) as f64 / seconds));
    session.forget();
    cpu
}

/// Time in milliseconds and bytes of each key, and the processor time of all of it with how long it took.
fn keys(program: Program, session: &mut Session, count: usize) -> (Vec<(f64, usize)>, (Duration, Duration)) {
    let titles = panes::titles(session.feed()).unwrap_or_default();
    let mark = |screen: &vt100::Screen| match program {
        Program::Bare => (screen.rows(0, 200).next(), Vec::new()),
        _ => (None, panes::focus(screen, &titles)),
    };
    // The same moments for every program.
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut meter = Meter::start(session.pid);
    let mut took = Vec::new();
    for _ in 0..count {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        session.settle(Duration::from_millis(8), Duration::from_millis(400));
        session.wait(Duration::from_millis(30 + (random >> 33) % 100));
        let Some(reply) = session.key(b"\t", Duration::from_secs(5), mark) else {
            panic!("{} does not answer a key:\n{}", program.name(), session.feed().contents());
        };
        took.push((millis(reply.took), reply.bytes));
        meter.look();
    }
    (took, (meter.cpu(), meter.elapsed()))
}
