//! What turns again and again is told by its first turns and its last one, and by what hurt longest and worst; the rest is
//! counted.

use std::collections::{BTreeSet, HashMap};

use super::{ClassedLine, LineClass};
use crate::{base::human_time::seconds_between, incident::timeline::time::clock};

/// More turns of one alert group, vital or source than this are folded.
const TURNS: usize = 6;

/// Folds what turns again and again.
pub(super) fn flapping(told: Vec<ClassedLine>) -> Vec<ClassedLine> {
    let mut places = HashMap::<&str, Vec<usize>>::new();
    for (at, told) in told.iter().enumerate().filter(|(_, told)| turns(told)) {
        places.entry(&told.key).or_default().push(at);
    }
    let often = places.into_values().filter(|places| places.len() > TURNS);
    let folded: BTreeSet<usize> = often.flat_map(|places| left_out(&told, &places)).collect();
    let mut out = Vec::<ClassedLine>::new();
    let mut runs = HashMap::<String, Run>::new(); // of each key the one that goes on
    for (at, mut told) in told.into_iter().enumerate() {
        if !folded.contains(&at) {
            if turns(&told) {
                runs.remove(&told.key);
            }
            out.push(told);
            continue;
        }
        let run = runs.entry(told.key.clone()).or_insert(Run { line: out.len(), count: 0 });
        run.count += 1;
        let what = format!("{} turned {} more times until {}", told.subject, run.count, clock(told.line.at));
        if run.count == 1 {
            told.line.important = false;
            told.class = LineClass::Alone;
            out.push(told);
        }
        out[run.line].line.what = what;
    }
    out
}

/// Turns that are told in one line.
struct Run {
    /// The place of that line.
    line: usize,
    count: usize,
}

fn turns(told: &ClassedLine) -> bool {
    !told.key.is_empty() && told.class != LineClass::Change
}

/// Of all places of one key those that are folded. One alone would say no less than the line it is folded into.
fn left_out(told: &[ClassedLine], places: &[usize]) -> Vec<usize> {
    let last = places.len() - 1;
    let begins = |nth: &usize| told[places[*nth]].starts != Some(false);
    let lasts = |nth: usize| match told[places[nth]].starts {
        Some(true) if nth < last => seconds_between(told[places[nth]].line.at, told[places[nth + 1]].line.at),
        _ => 0,
    };
    let weighs = |nth: usize| told[places[nth]].weight;
    // Of those that are equal the first.
    let longest = (0..last).rev().filter(begins).max_by_key(|nth| lasts(*nth));
    let worst = (0..last).rev().filter(begins).max_by(|a, b| weighs(*a).total_cmp(&weighs(*b)));
    let pair = |nth: usize| if told[places[nth]].starts == Some(true) { nth..=nth + 1 } else { nth..=nth };
    let kept: BTreeSet<usize> =
        (0..TURNS - 2).chain([last]).chain([longest, worst].into_iter().flatten().flat_map(pair)).collect();
    let kept: Vec<usize> = kept.into_iter().collect();
    let between = kept.windows(2).map(|pair| pair[0] + 1..pair[1]).filter(|run| run.len() > 1);
    between.flatten().map(|nth| places[nth]).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::incident::timeline::digest::DigestLine;

    /// Turns as minute, whether something begins, and how bad it is.
    #[track_caller]
    fn check(turns: &[(i64, bool, f64)], expected: &[&str]) {
        let line = |&(minute, starts, weight): &(i64, bool, f64)| ClassedLine {
            line: DigestLine {
                at: Timestamp::from_second(minute * 60).expect("a time"),
                by: None,
                what: if starts { "out" } else { "back" }.into(),
                important: true,
            },
            class: LineClass::Vital,
            subject: "lag".into(),
            key: "vital lag".into(),
            stays_in_one_go: false,
            starts: Some(starts),
            weight,
        };
        let told = flapping(turns.iter().map(line).collect());
        let lines: Vec<_> = told.iter().map(|told| format!("{} {}", clock(told.line.at), told.line.what)).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_hurt_longest_and_worst_stands() {
        let mut turns = Vec::<(i64, bool, f64)>::new();
        for nth in 0..12 {
            // One lasts for three hours, another is the worst.
            let lasts = if nth == 4 { 180 } else { 1 };
            let from = turns.last().map_or(0, |(minute, ..)| minute + 5);
            turns.extend([(from, true, if nth == 8 { 9.0 } else { 1.0 }), (from + lasts, false, 0.0)]);
        }
        let expected = [
            "00:00 out",
            "00:01 back",
            "00:06 out",
            "00:07 back",
            "00:12 lag turned 4 more times until 00:19",
            "00:24 out",
            "03:24 back",
            "03:29 lag turned 6 more times until 03:42",
            "03:47 out",
            "03:48 back",
            "03:53 lag turned 5 more times until 04:05",
            "04:06 back",
        ];
        check(&turns, &expected);
        check(&turns[..6], &["00:00 out", "00:01 back", "00:06 out", "00:07 back", "00:12 out", "00:13 back"]);
    }
}
